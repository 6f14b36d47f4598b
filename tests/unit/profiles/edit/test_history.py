"""Undo: the same bytes again, or around changes that others have made since."""

from collections.abc import Callable
from pathlib import Path

import pytest

from dcmecho.diagnosis.target.fields import Field
from dcmecho.profiles.book.change import FileChange
from dcmecho.profiles.book.load import load
from dcmecho.profiles.book.model import ProfileError
from dcmecho.profiles.edit.edit import add_target, clone_target, delete_target
from dcmecho.profiles.edit.history import undo
from tests.unit.profiles.saving import save_target
from tests.unit.profiles.texts import FILES, INDENTED, NEW, PLAIN, text_of, written

EDITS: dict[str, Callable[[Path], FileChange]] = {
    "save": lambda path: save_target(path, "CT 2", {Field.PORT: 4242, Field.CALLING_AE: "X"}),
    "inherit": lambda path: save_target(path, "Main PACS", {Field.HOST: None}),
    "rename": lambda path: save_target(path, "CT 2", {Field.NAME: "CT 3"}),
    "add": lambda path: add_target(path, NEW),
    "clone": lambda path: clone_target(path, "CT 2", {Field.NAME: "Copy"}),
    "delete-first": lambda path: delete_target(path, "Main PACS"),
    "delete-last": lambda path: delete_target(path, "CT 2"),
}


@pytest.mark.parametrize("text", FILES.values(), ids=FILES)
@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_an_undo_gives_the_same_bytes_and_its_undo_the_change(
    tmp_path: Path, text: str, edit: Callable[[Path], FileChange]
) -> None:
    path = written(tmp_path, text)
    change = edit(path)
    assert (change.path, change.before, change.after) == (path, text.encode(), path.read_bytes())
    back = undo(change)
    assert text_of(path) == text
    assert (back.before, back.after) == (change.after, change.before)
    undo(back)
    assert path.read_bytes() == change.after


def test_the_undo_of_the_first_target_leaves_an_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "profiles.toml"
    change = add_target(path, NEW)
    assert change.before is None
    undo(change)
    assert path.read_bytes() == b""


@pytest.mark.parametrize("text", FILES.values(), ids=FILES)
@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_an_undo_keeps_what_another_has_added(
    tmp_path: Path, text: str, edit: Callable[[Path], FileChange]
) -> None:
    path = written(tmp_path, text)
    change = edit(path)
    add_target(path, {**NEW, Field.NAME: "Theirs"})
    undo(change)
    book = load(path)
    assert [profile.name for profile in book.profiles] == ["Main PACS", "CT 2", "Theirs"]
    assert book.problems == ()
    kept = text_of(path)
    assert all(line in kept for line in text.splitlines())


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_an_undo_keeps_what_another_has_changed_by_hand(
    tmp_path: Path, edit: Callable[[Path], FileChange]
) -> None:
    path = written(tmp_path, PLAIN)
    change = edit(path)
    theirs = text_of(path).replace("connect_timeout_s = 5", "connect_timeout_s = 9")
    theirs = theirs.replace("# Imaging", "# By hand\n# Imaging") + "[group.Last]\nport = 7\n"
    path.write_text(theirs)
    undo(change)
    expected = PLAIN.replace("connect_timeout_s = 5", "connect_timeout_s = 9")
    expected = expected.replace("# Imaging", "# By hand\n# Imaging") + "[group.Last]\nport = 7\n"
    assert text_of(path).split() == expected.split()


def test_an_undo_keeps_another_key_of_the_same_target(tmp_path: Path) -> None:
    path = written(tmp_path, PLAIN)
    change = save_target(path, "CT 2", {Field.PORT: 4242, Field.CALLING_AE: "X"})
    save_target(path, "CT 2", {Field.HOST: "theirs.lan", Field.GROUP: "Radiology"})
    undo(change)
    target = load(path).targets[1]
    assert (target.port, target.calling_ae) == (104, "MY_WORKSTATION")
    assert (target.host, target.group) == ("theirs.lan", "Radiology")


def test_targets_above_that_came_or_went_do_not_matter(tmp_path: Path) -> None:
    path = written(tmp_path, PLAIN)
    change = save_target(path, "CT 2", {Field.PORT: 4242})
    delete_target(path, "Main PACS")
    path.write_text('[[target]]\nname = "First"\nport = 104\n\n' + text_of(path))
    undo(change)
    assert [profile.own[Field.PORT] for profile in load(path).profiles] == [104, 104]


@pytest.mark.parametrize(
    ("edit", "their", "told"),
    [
        (
            lambda path: save_target(path, "CT 2", {Field.PORT: 1}),
            lambda path: save_target(path, "CT 2", {Field.PORT: 2}),
            'the target "CT 2": port was changed since then',
        ),
        (
            lambda path: save_target(path, "CT 2", {Field.PORT: 1}),
            lambda path: save_target(path, "CT 2", {Field.NAME: "CT 3"}),
            'the target "CT 2" was renamed or deleted since then',
        ),
        (
            lambda path: save_target(path, "CT 2", {Field.PORT: 1}),
            lambda path: save_target(path, "CT 2", {Field.PORT: None}),
            'the target "CT 2": port was renamed or deleted since then',
        ),
        (
            lambda path: save_target(path, "CT 2", {Field.NAME: "CT 3"}),
            lambda path: add_target(path, {**NEW, Field.NAME: "CT 2"}),
            'another target was named "CT 2" since then',
        ),
        (
            lambda path: add_target(path, NEW),
            lambda path: save_target(path, "Echo cart", {Field.PORT: 2}),
            'the target "Echo cart" was changed since then',
        ),
        (
            lambda path: add_target(path, NEW),
            lambda path: path.write_text(text_of(path) + "[target.tls]\n"),
            'the target "Echo cart" was changed since then',
        ),
        (
            lambda path: delete_target(path, "CT 2"),
            lambda path: add_target(path, {**NEW, Field.NAME: "CT 2"}),
            'the target "CT 2" was changed since then',
        ),
        (
            lambda path: save_target(path, "CT 2", {Field.PORT: 1}),
            lambda path: path.unlink(),
            "the file has been deleted",
        ),
        (
            lambda path: save_target(path, "CT 2", {Field.PORT: 1}),
            lambda path: path.write_text("[[target]"),
            "1: column 9 is not TOML",
        ),
    ],
)
def test_what_stands_in_the_way_of_an_undo_is_named_and_stays(
    tmp_path: Path,
    edit: Callable[[Path], FileChange],
    their: Callable[[Path], object],
    told: str,
) -> None:
    path = written(tmp_path, INDENTED)
    change = edit(path)
    their(path)
    before = text_of(path) if path.exists() else None
    with pytest.raises(ProfileError) as refusal:
        undo(change)
    assert told in str(refusal.value)
    assert (text_of(path) if path.exists() else None) == before


def test_a_deleted_target_comes_back_below_what_its_neighbour_got_meanwhile(
    tmp_path: Path,
) -> None:
    path = written(tmp_path, INDENTED)
    change = delete_target(path, "CT 2")
    path.write_text(text_of(path) + '[target.tls]\nca_file = "/ca.pem"\n')
    undo(change)
    targets = load(path).targets
    assert [(target.name, target.tls is None) for target in targets] == [
        ("Main PACS", False),
        ("CT 2", True),
    ]
