"""Several users, each with a umask, change one file: what was acknowledged is in it."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from dcmecho.profiles.book.load import load
from tests.people import Person, ended, enter, line_from, open_folder, owned, people, unused_group
from tests.unit.profiles.texts import PLAIN

_EACH = 40

_ADDS = """
import sys
from pathlib import Path
from dcmecho.diagnosis.target.fields import Field
from dcmecho.profiles.book.model import ProfileError
from dcmecho.profiles.edit.edit import add_target

print("ready", flush=True)
sys.stdin.readline()
for number in range(int(sys.argv[3])):
    name = f"{sys.argv[2]} {number}"
    values = {Field.NAME: name, Field.HOST: "h", Field.PORT: 104, Field.CALLED_AE: "AE"}
    try:
        add_target(Path(sys.argv[1]), values)
    except ProfileError as error:
        print(error, file=sys.stderr, flush=True)
    else:
        print(name, flush=True)
"""
"""Adds targets, and prints the name of each that was saved."""


@pytest.fixture
def shared() -> Iterator[Path]:
    """A file that a group shares, in a folder of that group."""
    with open_folder() as folder:
        owned(folder, 0, 0o2775, unused_group())
        path = folder / "profiles.toml"
        path.write_text(PLAIN)
        yield owned(path, 0, 0o664, unused_group())


@pytest.fixture
def two() -> list[Person]:
    """Two users of the group, one of whom keeps files private."""
    open_one, private = people(2, unused_group())
    return [open_one, replace(private, umask=0o077)]


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.slow
def test_all_that_users_with_other_umasks_were_told_is_saved_is_in_the_file(
    shared: Path, two: list[Person]
) -> None:
    savers = [
        person.python(_ADDS, shared, name, str(_EACH))
        for person, name in zip(two, ("Open", "Private"), strict=True)
    ]
    assert [line_from(saver) for saver in savers] == ["ready\n", "ready\n"]
    for saver in savers:
        enter(saver)
    done = [ended(saver) for saver in savers]
    told = {name for each in done for name in each.out.splitlines()}
    assert told - {each.name for each in load(shared).profiles} == set()
    assert [each.err for each in done] == ["", ""]
    assert len(told) == 2 * _EACH
    assert {each.name for each in shared.parent.iterdir()} == {"profiles.toml", "profiles.toml~"}
    assert (_mode(shared), shared.stat().st_gid) == (0o664, unused_group())


_HOLDS = """
import sys
from pathlib import Path
from dcmecho.profiles.file.lock import locked

with locked(Path(sys.argv[1])) as is_held:
    print(is_held, flush=True)
    sys.stdin.readline()
"""

_SAVES_IMPATIENTLY = f"""
from functools import partial
from dcmecho.profiles.file import rewriting
rewriting.locked = partial(rewriting.locked, timeout_s=0.0)
{_ADDS}
"""

_SAYS_WHEN_IT_WAITS = f"""
from dcmecho.profiles.file import rewriting
locked = rewriting.locked

def waiting(path):
    print("waits", flush=True)
    return locked(path)

rewriting.locked = waiting
{_ADDS}
"""


def test_the_lock_has_the_mode_and_the_group_of_the_file(shared: Path, two: list[Person]) -> None:
    lock = shared.parent / ".profiles.toml.lock"
    holder = two[1].python(_HOLDS, shared)
    assert line_from(holder) == "True\n"
    assert (_mode(lock), lock.stat().st_gid) == (0o664, unused_group())
    ended(holder, "\n")
    assert not lock.exists()


def test_a_lock_that_another_user_keeps_closed_stops_the_save_and_says_whose_it_is(
    shared: Path, two: list[Person]
) -> None:
    lock = shared.parent / ".profiles.toml.lock"
    lock.touch()
    owned(lock, two[0].uid, 0o600)
    said = ended(two[1].python(_SAVES_IMPATIENTLY, shared, "New", "1"), "\n")
    assert said.out == "ready\n"
    assert f"{lock} belongs to user {two[0].uid}, and you are not allowed to open it" in said.err
    assert shared.read_text() == PLAIN
    assert lock.exists()


def test_the_temporary_files_of_another_user_stay(shared: Path, two: list[Person]) -> None:
    theirs, own = (shared.parent / f".profiles.toml.0000000{number}" for number in (1, 2))
    for path, person in ((theirs, two[0]), (own, two[1])):
        path.touch()
        owned(path, person.uid, 0o666)
    assert ended(two[1].python(_ADDS, shared, "New", "1"), "\n").out == "ready\nNew 0\n"
    assert theirs.exists()
    assert not own.exists()


def test_a_file_that_somebody_else_made_in_the_meantime_is_not_taken_over(
    shared: Path, two: list[Person]
) -> None:
    """It was not there when the save began, so nobody could look whose it is."""
    shared.unlink()
    holder = two[0].python(_HOLDS, shared)
    assert line_from(holder) == "True\n"
    saver = two[1].python(_SAYS_WHEN_IT_WAITS, shared, "New", "1")
    enter(saver)
    assert (line_from(saver), line_from(saver)) == ("ready\n", "waits\n")
    shared.write_text(PLAIN)
    owned(shared, two[0].uid, 0o644)
    ended(holder, "\n")
    said = ended(saver)
    assert "New 0" not in said.out
    assert "is read-only for you" in said.err
    assert shared.read_text() == PLAIN


def test_a_save_in_a_folder_that_cannot_be_listed(shared: Path, two: list[Person]) -> None:
    owned(shared.parent, 0, 0o733)
    owned(shared, two[0].uid, 0o600)
    said = ended(two[0].python(_ADDS, shared, "New", "1"), "\n")
    assert said.out == "ready\nNew 0\n"
    assert os.access(shared, os.R_OK)


def test_a_link_that_another_user_can_have_planted_is_not_written_through(
    shared: Path, two: list[Person]
) -> None:
    """A file that is not there yet would be made: a key file of ssh, a script that is run."""
    with open_folder() as home:
        owned(home, two[1].uid, 0o755)
        real = home / "none.toml"
        shared.unlink()
        shared.symlink_to(real)
        os.lchown(shared, two[0].uid, unused_group())
        said = ended(two[1].python(_ADDS, shared, "New", "1"), "\n")
        assert not real.exists()
    told = f"{shared} is a link, and the group {unused_group()} can write to its folder"
    assert f"cannot be written: {told}. Name the file that it leads to" in said.err
    assert said.out == "ready\n"
