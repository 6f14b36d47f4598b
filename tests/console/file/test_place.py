"""Where in the file a target is."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dcmecho.console.file.place import FilePlace, place_of
from dcmecho.profiles.book.load import load

ONE = 'name = "CT 2"\nhost = "h"\nport = 104\ncalled_ae = "CT2"\n'
TABLES = f"[defaults]\n\n[[target]]\n{ONE}\n# the second\n[[target]]\n{ONE}"
BROKEN = f"[[target]]\n{ONE}notes = 1\n"
INLINE = (
    'target = [\n  { name = "CT 1", host = "h", port = 1, called_ae = "A" },\n'
    '  { name = "CT 2", host = "h", port = 2, called_ae = "A" },\n]\n'
)


@pytest.mark.parametrize(
    ("text", "occurrence", "line"),
    [(TABLES, 0, 3), (TABLES, 1, 10), (BROKEN, 0, 6), (INLINE, 0, 3)],
    ids=["first", "second of the name", "error", "inline"],
)
def test_a_target_is_where_it_begins_or_at_its_first_error(
    tmp_path: Path, text: str, occurrence: int, line: int
) -> None:
    path = tmp_path / "profiles.toml"
    path.write_text(text)
    book = load(path)
    profile = [each for each in book.profiles if each.name == "CT 2"][occurrence]
    # The second of a name is an error, told at the line of its name.
    assert place_of(book, profile) == FilePlace(path, line + (occurrence > 0))


@pytest.mark.parametrize(("text", "line"), [("", 1), ("[[target]]\nport =\n", 2)], ids=str)
def test_without_a_target_it_is_the_first_error(tmp_path: Path, text: str, line: int) -> None:
    path = tmp_path / "profiles.toml"
    path.write_text(text)
    assert place_of(load(path), None) == FilePlace(path, line)


def test_of_a_read_only_file_it_is_where_the_user_can_change_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "own"))
    monkeypatch.setattr(os, "access", lambda path, _: Path(path).name != "shared.toml")
    shared, personal = tmp_path / "shared.toml", tmp_path / "own/dcmecho/profiles.toml"
    personal.parent.mkdir(parents=True)
    shared.write_text(f"[[target]]\n{ONE}\n[[target]]\n{ONE.replace('CT 2', 'CT 1')}")
    personal.write_text('\n\n[[target]]\nname = "CT 2"\nport = 105\n\n[[target]]\nname = "MR"\n')
    book = load(shared)
    places = {each.name: place_of(book, each) for each in book.profiles}
    assert places["CT 2"] == FilePlace(personal, 3)
    assert places["CT 1"] == FilePlace(shared, 7)
    assert places["MR"].path == personal
