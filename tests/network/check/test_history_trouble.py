"""Whatever is wrong with the history: one line says so, and the check is what it is without one."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from dcmecho.exit_codes import ExitCode, NagiosCode
from dcmecho.journal.connection import opened
from dcmecho.journal.place import Place
from dcmecho.journal.schema import VERSION
from tests.network.peers.real_peers import require_program
from tests.people import Person, Ran, open_folder, owned, people

_CLOSED = ("127.0.0.1", "1")
"""Nothing listens on port 1 (tcpmux)."""

_NEVER = "    last ok  never yet\n\n"
"""Of a journal that is not there yet."""

_TIMES = re.compile(r"\d\d:\d\d:\d\d|\d+(\.\d+)? (ms|s)\b|[0-9a-f]{6,}|\d+-\d+-\d+")

_FULL = (
    'mount -t tmpfs -o size=1m,mode=1777 none "$0" &&'
    ' { cat /dev/zero >"$0/room" ; } 2>&- ; exec "$@"'
)
_FULL_LATER = (
    'mount -t tmpfs -o size=1m,mode=1777 none "$0" && cp -a "$0.before" "$0/history.db" &&'
    ' { cat /dev/zero >"$0/room" ; } 2>&- ; exec "$@"'
)


@pytest.fixture
def person() -> Person:
    return people(1)[0]


@pytest.fixture
def folder(person: Person) -> Iterator[Path]:
    with open_folder() as found:
        yield owned(found, person.uid, 0o700)


def check(person: Person, *options: str | Path) -> Ran:
    return person.dcmecho(*_CLOSED, *options)


def assert_told(person: Person, path: Path, words: str, spoil: Callable[[], object]) -> None:
    """Check in all ways a command can be given; ``spoil`` is called before each."""
    spoil()
    plain, ran = check(person, "--no-history"), check(person, "--history", path)
    assert ran.code == plain.code == ExitCode.TCP
    assert _TIMES.sub("", ran.out.replace(_NEVER, "")) == _TIMES.sub("", plain.out)
    (said,) = ran.err.splitlines()
    assert said.startswith(f"dcmecho: history {path}: ")
    assert words in said
    spoil()
    quiet = check(person, "--history", path, "-q")
    assert (quiet.code, quiet.out, quiet.err) == (ExitCode.TCP, "", "")
    spoil()
    monitored = check(person, "--history", path, "--format", "nagios")
    assert (monitored.code, monitored.err) == (NagiosCode.CRITICAL, "")
    assert "history" not in monitored.out
    spoil()
    data = check(person, "--history", path, "--json")
    assert (data.code, len(data.err.splitlines())) == (ExitCode.TCP, 1)


def made(path: Path, person: Person) -> Path:
    """Make a journal that a person has used."""
    assert check(person, "--history", path).code == ExitCode.TCP
    return path


def nothing() -> None:
    """Spoil nothing further."""


def test_a_full_disk(person: Person, folder: Path) -> None:
    disk = folder / "disk"
    disk.mkdir()
    within = (require_program("unshare", "util-linux"), "-m", "sh", "-c", _FULL, str(disk))
    on_it = replace(person, within=within)
    assert_told(on_it, disk / "history.db", "the disk is full", nothing)


def test_a_disk_that_becomes_full(person: Person, folder: Path) -> None:
    disk = folder / "disk"
    disk.mkdir()
    made(folder / "disk.before", person)
    with closing(sqlite3.connect(folder / "disk.before")) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    within = (require_program("unshare", "util-linux"), "-m", "sh", "-c", _FULL_LATER, str(disk))
    on_it = replace(person, within=within)
    assert_told(on_it, disk / "history.db", "disk", nothing)


def test_a_read_only_folder(person: Person, folder: Path) -> None:
    path = folder / "state" / "history.db"
    path.parent.mkdir()
    owned(path.parent, person.uid, 0o500)
    assert_told(person, path, "it cannot be made: Permission denied", nothing)


def test_a_read_only_folder_with_a_history(person: Person, folder: Path) -> None:
    path = folder / "history.db"
    made(path, person)
    for beside in ("-wal", "-shm"):
        folder.joinpath(f"history.db{beside}").unlink(missing_ok=True)
    owned(folder, person.uid, 0o500)
    assert_told(person, path, "you are not allowed to write to it", nothing)


def test_a_file_of_somebody_else(person: Person, folder: Path) -> None:
    path = made(folder / "history.db", person)
    owned(path, 0, 0o600, 0)
    assert_told(person, path, "cannot be opened", nothing)


def test_a_damaged_file(person: Person, folder: Path) -> None:
    path = folder / "history.db"

    def damage() -> None:
        path.write_bytes(b"\xff" * 20_000)
        owned(path, person.uid, 0o600)

    assert_told(person, path, "it was damaged; it is kept as history.db.damaged-", damage)
    assert check(person, "--history", path).err == ""


@pytest.mark.parametrize("which", ["-wal", "-shm"])
def test_a_damaged_file_beside_it_ends_nothing(person: Person, folder: Path, which: str) -> None:
    path = made(folder / "history.db", person)
    beside = folder / f"history.db{which}"
    for content in (b"", b"\xff" * 70_000, b"x" * 100):
        beside.write_bytes(content)
        owned(beside, person.uid, 0o600)
        ran = check(person, "--history", path)
        assert (ran.code, ran.err) == (ExitCode.TCP, "")


def test_one_of_a_newer_version(person: Person, folder: Path) -> None:
    path = made(folder / "history.db", person)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {VERSION + 1}")
    owned(path, person.uid, 0o600)
    assert_told(person, path, "a newer dcmecho has made it", nothing)


@contextmanager
def _held(path: Path) -> Iterator[None]:
    with opened(Place(path)) as connection:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("BEGIN EXCLUSIVE")
        yield


def test_one_that_another_process_holds(person: Person, folder: Path) -> None:
    path = made(folder / "history.db", person)
    with _held(path):
        assert_told(person, path, "another process is writing to it", nothing)
    assert check(person, "--history", path).err == ""
