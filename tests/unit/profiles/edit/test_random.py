"""Random files and edits: only the edited value changes, and no other byte."""

import codecs
import tempfile
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dcmecho.diagnosis.target.fields import Field
from dcmecho.profiles.book.change import FileChange
from dcmecho.profiles.book.model import ProfileError
from dcmecho.profiles.book.syntax import comments
from dcmecho.profiles.edit.edit import add_target, clone_target, delete_target
from dcmecho.profiles.edit.history import undo
from tests.unit.profiles.random_files import KEYS, LINES, RandomFile, random_files, values_of
from tests.unit.profiles.saving import save_target
from tests.unit.profiles.texts import NEW

pytestmark = pytest.mark.slow

quick = settings(max_examples=50)


@contextmanager
def on_disk(content: bytes) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "profiles.toml"
        path.write_bytes(content)
        yield path


@contextmanager
def unless_refused(file: RandomFile) -> Iterator[None]:
    """Apply a change; only files with an inline array are allowed to refuse it."""
    if not file.is_inline:
        yield
        return
    with suppress(ProfileError):
        yield


def parsed(content: bytes) -> dict[str, Any]:
    return tomllib.loads(content.removeprefix(codecs.BOM_UTF8).decode())


def own(content: bytes, name: str) -> dict[str, Any]:
    (table,) = (each for each in parsed(content)["target"] if each["name"] == name)
    return dict(table)


def edit(data: st.DataObject, names: Sequence[str], tag: str) -> Callable[[Path], FileChange]:
    """Draw one of the edits that a user can make."""
    way = data.draw(st.sampled_from(["save", "inherit", "rename", "add", "clone", "delete"]))
    if way == "add" or not names:
        return lambda path: add_target(path, {**NEW, Field.NAME: f"new {tag}"})
    name = data.draw(st.sampled_from(names))
    if way == "clone":
        return lambda path: clone_target(path, name, {Field.NAME: f"copy {tag}"})
    if way == "delete":
        return lambda path: delete_target(path, name)
    if way == "rename":
        return lambda path: save_target(path, name, {Field.NAME: f"renamed {tag}"})
    key = data.draw(KEYS)
    value = data.draw(values_of(key)) if way == "save" else None
    return lambda path: save_target(path, name, {key: value})


def by_name(content: bytes) -> dict[str, Any]:
    document = parsed(content)
    targets = document.pop("target", [])
    return {**document, "target": {each["name"]: each for each in targets}}


@quick
@given(random_files(), st.data())
def test_the_edited_value_is_all_that_differs(file: RandomFile, data: st.DataObject) -> None:
    place = data.draw(st.sampled_from(list(file.places)))
    name, key = place
    value = data.draw(values_of(key) if key is not Field.NAME else LINES.filter(str.strip))
    if value in file.names:
        return
    with on_disk(file.content) as path:
        if own(file.content, name)[key] == value:
            save_target(path, name, {key: value})
            assert path.read_bytes() == file.content
            return
        save_target(path, name, {key: value})
        changed = path.read_bytes()
    before, after = file.around(place)
    assert changed.startswith(before)
    assert changed.endswith(after)
    middle = changed[len(before) : len(changed) - len(after)].decode()
    assert tomllib.loads(f"x = {middle}") == {"x": value}


@quick
@given(random_files(), st.data())
def test_a_new_value_and_a_removed_one_change_no_other(
    file: RandomFile, data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(file.names))
    key = data.draw(KEYS)
    value = data.draw(st.none() | values_of(key))
    expected = parsed(file.content)
    (table,) = (each for each in expected["target"] if each["name"] == name)
    if value is None:
        table.pop(key, None)
    else:
        table[key] = value
    with on_disk(file.content) as path:
        save_target(path, name, {key: value})
        changed = path.read_bytes()
    assert parsed(changed) == expected
    assert Counter(comments(changed.decode())) == Counter(comments(file.content.decode()))


@quick
@given(random_files(), st.data())
def test_edits_and_their_undos_give_the_same_bytes(file: RandomFile, data: st.DataObject) -> None:
    changes = []
    with on_disk(file.content) as path:
        for number in range(3):
            before = path.read_bytes()
            with unless_refused(file):
                changes.append(edit(data, list(by_name(before)["target"]), str(number))(path))
            assert path.read_bytes() == (changes[-1].after if changes else before)
        for change in reversed(changes):
            assert path.read_bytes() == change.after
            undo(change)
        assert path.read_bytes() == file.content


@quick
@given(random_files(min_size=2), st.data())
def test_an_undo_after_anothers_edit_leaves_what_that_alone_would_have_made(
    file: RandomFile, data: st.DataObject
) -> None:
    assume(not file.is_inline)
    split = data.draw(st.integers(0, len(file.names)))
    our_edit = edit(data, file.names[:split], "ours")
    their_edit = edit(data, file.names[split:], "theirs")
    with on_disk(file.content) as path, on_disk(file.content) as their_path:
        ours = our_edit(path)
        their_edit(path)
        undo(ours)
        their_edit(their_path)
        assert by_name(path.read_bytes()) == by_name(their_path.read_bytes())


@quick
@given(random_files(), st.data())
def test_an_undo_after_anothers_edit_of_the_same_target_succeeds_or_changes_nothing(
    file: RandomFile, data: st.DataObject
) -> None:
    our_edit = edit(data, file.names[:1], "ours")
    with on_disk(file.content) as path, unless_refused(file):
        ours = our_edit(path)
        names = list(by_name(path.read_bytes())["target"])
        theirs = edit(data, names, "theirs")(path)
        try:
            back = undo(ours)
        except ProfileError:
            assert path.read_bytes() == theirs.after
        else:
            undo(back)
            assert by_name(path.read_bytes()) == by_name(theirs.after)
