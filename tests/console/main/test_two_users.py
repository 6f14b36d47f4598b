"""Two users change one file in every way at once: all that they were told is saved is in it."""

from __future__ import annotations

import random
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Timer

import pytest

from dcmecho.profiles.book.load import load
from tests.console.driving import PROFILES
from tests.people import Person, line_from, open_folder, owned, people, unused_group

_FAST = 60
"""Saves in a row, so that those of two users meet."""
_ROOT = Path(__file__).parents[3]

_CONSOLE = """
import asyncio
import sys
from pathlib import Path
from dcmecho.console.widgets.notice import Notice
from tests.console.driving import opened
from tests.console.playback import PlayedEngine

def refused(console):
    return "Not saved" in console.app.screen.query_one(Notice).text

def is_saved(console, name):
    newest = console.main.session.file.history.newest
    return newest is not None and newest.key == name

async def add(console, name):
    await console.press("n")
    await console.until(lambda: console.main.editing.editor)
    await console.type(name)
    await console.press("tab", "tab")
    await console.type("h")
    await console.press("tab", "tab")
    await console.type("AE")
    while not is_saved(console, name):
        await console.press("enter")
        await console.until(lambda: is_saved(console, name) or refused(console))
    print(name, flush=True)

async def main():
    async with opened(Path(sys.argv[1]), PlayedEngine()) as console:
        for number in range(int(sys.argv[3])):
            await add(console, f"{sys.argv[2]}{number}")

asyncio.run(main())
"""

_SAVES = """
import sys
from pathlib import Path
from dcmecho.diagnosis.target.fields import Field
from dcmecho.profiles.book.model import ProfileError
from dcmecho.profiles.edit.edit import add_target

for number in range(int(sys.argv[3]), int(sys.argv[4])):
    name = f"{sys.argv[2]}{number}"
    values = {Field.NAME: name, Field.HOST: "h", Field.PORT: 104, Field.CALLED_AE: "AE"}
    while True:
        try:
            add_target(Path(sys.argv[1]), values)
            break
        except ProfileError as error:
            if "Try again" not in str(error):
                raise
    print(name, flush=True)
"""


def _lines(program: subprocess.Popen[str]) -> set[str]:
    """Wait until a program ends, without an error; return the lines that it wrote."""
    with program:
        assert program.stdout is not None
        told = {line.strip() for line in program.stdout}
        assert program.stderr is not None
        said = program.stderr.read()
    assert program.returncode == 0, said
    return told


def _by_console(person: Person, path: Path, name: str, times: int) -> set[str]:
    """Add targets in the form; return the names that the console said are saved."""
    return _lines(person.python(_CONSOLE, path, name, str(times)))


def _by_import(person: Person, path: Path, name: str, times: int) -> set[str]:
    """Import a target with each command; return the names of those that it said were written."""
    told = set()
    for number in range(times):
        given = f"{name}{number}@h{number}:104\n"
        said = person.dcmecho("import", "-", "--yes", "--profiles", path, given=given)
        if "1 new and 0 changed targets written" in said.err:
            told.add(f"{name}{number}")
    return told


def _by_saving(person: Person, path: Path, name: str, times: int) -> set[str]:
    """Save as fast as the disk allows; return the names that were told."""
    return _lines(person.python(_SAVES, path, name, "0", str(times)))


def _killed(person: Person, path: Path, name: str, times: int) -> set[str]:
    """Save until killed, again and again; return the names that were told before that."""
    told: set[str] = set()
    number, chance = 0, random.Random(times)
    while number < times:
        with person.python(_SAVES, path, name, str(number), str(times)) as saver:
            told.add(line_from(saver).strip())
            death = Timer(chance.uniform(0, 0.1), saver.kill)
            death.start()
            assert saver.stdout is not None
            told |= {line.strip() for line in saver.stdout}
            death.join()
        # The one that it was at when it was killed can be in the file and not have been told.
        number = max(int(each.removeprefix(name)) for each in told) + 1
        number += f"{name}{number}" in _names(path)
    return told


def _names(path: Path) -> set[str]:
    return {profile.name for profile in load(path).profiles}


@pytest.fixture
def shared() -> Iterator[Path]:
    """A file that a group shares."""
    with open_folder() as folder:
        owned(folder, 0, 0o2775, unused_group())
        path = folder / "profiles.toml"
        path.write_text(PROFILES)
        yield owned(path, 0, 0o664, unused_group())


def _all_at_once(path: Path, umasks: tuple[int, int], times: int) -> None:
    env = {"PYTHONPATH": f"{_ROOT}:{_ROOT / 'tui'}"}
    one, two = (
        replace(person, umask=umask, env=env)
        for person, umask in zip(people(2, unused_group()), umasks, strict=True)
    )
    ways = (
        partial(_by_console, one, path, "CON", times),
        partial(_by_import, one, path, "IMP", times),
        partial(_by_import, two, path, "CMD", times),
        partial(_by_saving, one, path, "FAST", max(times, _FAST)),
        partial(_killed, two, path, "KILL", max(times, _FAST)),
    )
    with ThreadPoolExecutor(len(ways)) as threads:
        running = [threads.submit(way) for way in ways]
        told = set[str]().union(*(each.result() for each in running))
    # The one that was killed can have been the last, and have left its lock to the next save.
    told |= _by_saving(one, path, "LAST", 1)
    assert told - _names(path) == set()
    assert len(told) >= times * 3
    assert path.read_text().startswith(PROFILES)
    leftovers = {each.name for each in path.parent.iterdir()} - {path.name, f"{path.name}~"}
    assert all(name.startswith(".profiles.toml.") and "lock" not in name for name in leftovers)


UMASKS = ((0o022, 0o077), (0o077, 0o027), (0o027, 0o022))


@pytest.mark.timeout(300)
def test_what_two_users_were_told_is_saved_is_in_the_file(shared: Path) -> None:
    _all_at_once(shared, UMASKS[0], 3)


@pytest.mark.nightly
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("umasks", UMASKS, ids=lambda pair: f"{pair[0]:03o}-{pair[1]:03o}")
def test_what_two_users_were_told_is_saved_is_in_the_file_after_200_saves_each(
    shared: Path, umasks: tuple[int, int]
) -> None:
    _all_at_once(shared, umasks, 200)
