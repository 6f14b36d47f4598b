"""The file: made whole, for its owner, waited for briefly, and set aside when it is damaged."""

from __future__ import annotations

import os
import sqlite3
import stat
import threading
from contextlib import closing
from pathlib import Path

import pytest

from dcmecho.diagnosis.history.history import NOTHING
from dcmecho.journal import place as places
from dcmecho.journal.connection import opened, within
from dcmecho.journal.entry import Entry, one_run
from dcmecho.journal.errors import JournalError
from dcmecho.journal.journal import Journal
from dcmecho.journal.kinds import Kind, Way
from dcmecho.journal.place import Place, checked, own_place
from dcmecho.journal.schema import VERSION
from tests.people import ended, open_folder, owned, people
from tests.unit.journal.journals import BOOK, data_of, fails, journal_in, keep, rows, works
from tests.unit.report.reports import TARGET

MAKES_ONE = """
import sys
from pathlib import Path
from dcmecho.journal.connection import opened, within
from dcmecho.journal.entry import Entry, one_run
from dcmecho.journal.errors import JournalError
from dcmecho.journal.place import Place
try:
    with opened(Place(Path(sys.argv[1]))) as connection:
        connection.execute("INSERT INTO tidied VALUES (1, NULL)")
        print("written")
except JournalError as error:
    print(error)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "history.db"


def test_it_is_in_the_state_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert own_place() == Place(tmp_path / "dcmecho" / "history.db")


def test_who_has_no_home_keeps_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("XDG_STATE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path / "nobody"))
    assert own_place() is None


def test_only_its_owner_can_read_it(path: Path) -> None:
    with opened(Place(path)):
        pass
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_a_shared_one_has_mode_and_group_of_the_profile_file(path: Path, tmp_path: Path) -> None:
    profiles = tmp_path / "profiles.toml"
    profiles.touch()
    profiles.chmod(0o664)
    with opened(Place(path, profiles)):
        pass
    assert stat.S_IMODE(path.stat().st_mode) == 0o660
    assert path.stat().st_gid == profiles.stat().st_gid


def test_one_that_is_only_read_is_not_made(path: Path) -> None:
    with pytest.raises(FileNotFoundError), opened(Place(path), make=False):
        pass
    assert not path.exists()


@pytest.mark.parametrize("damage", [b"this is no database" * 300, b"SQLite format 3\0" + b"x" * 99])
def test_a_damaged_one_is_set_aside_and_a_new_one_begins(path: Path, damage: bytes) -> None:
    path.write_bytes(damage)
    with pytest.raises(JournalError, match=r"it was damaged; it is kept as history\.db\.damaged-"):
        opened(Place(path)).__enter__()
    (aside,) = path.parent.glob("history.db.damaged-*")
    assert aside.read_bytes() == damage
    with opened(Place(path)) as connection:
        assert rows(connection, "span") == 0


def test_damage_inside_is_found_too(tmp_path: Path, path: Path) -> None:
    with journal_in(tmp_path) as connection:
        keep(connection, *(works(minute) for minute in range(200)))
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)
    with pytest.raises(JournalError, match="it was damaged"), journal_in(tmp_path) as connection:
        keep(connection, works(300))
    assert len(list(path.parent.glob("history.db.damaged-*"))) == 1


def test_one_of_a_newer_version_is_left_alone(path: Path) -> None:
    with opened(Place(path)) as connection:
        connection.execute(f"PRAGMA user_version = {VERSION + 1}")
    content = path.read_bytes()
    with pytest.raises(JournalError, match="a newer dcmecho has made it"), opened(Place(path)):
        pass
    assert path.read_bytes() == content


def test_a_locked_one_is_not_waited_for(path: Path) -> None:
    told: list[str] = []
    with opened(Place(path)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        body = data_of(works(0))
        entry = Entry(TARGET, BOOK, Kind.DIAGNOSIS, Way.CHECK, body, one_run(body))
        assert not Journal(Place(path), Way.CHECK, told.append).keep([entry])
    assert "another process is writing to it" in told[0]


def test_a_read_that_takes_too_long_is_given_up(path: Path) -> None:
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT sum(i) FROM n"
    with (
        pytest.raises(JournalError, match="takes too long"),
        opened(Place(path)) as connection,
        within(connection),
    ):
        connection.execute(endless).fetchone()


def test_many_can_make_it_at_once(path: Path) -> None:
    barrier = threading.Barrier(8)
    failed: list[Exception] = []

    def make() -> None:
        barrier.wait()
        try:
            with opened(Place(path), wait_s=10) as connection:
                keep(connection, works(0))
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    with closing(sqlite3.connect(path)) as connection:
        assert rows(connection, "span") == 8
    assert [each.name for each in path.parent.iterdir() if each.name.startswith(".")] == []


@pytest.mark.parametrize("mode", [0o500, 0o700])
def test_a_folder_that_cannot_be_written_is_told(mode: int) -> None:
    (person,) = people(1)
    with open_folder() as folder:
        place = folder / "state"
        place.mkdir()
        owned(place, person.uid, mode)
        said = ended(person.python(MAKES_ONE, place / "history.db")).out
    wanted = "written" if mode & 0o200 else "it cannot be made: Permission denied"
    assert said.strip() == wanted


def test_a_file_that_cannot_be_written_is_told() -> None:
    (person,) = people(1)
    with open_folder() as folder:
        owned(folder, person.uid, 0o755)
        path = folder / "history.db"
        assert ended(person.python(MAKES_ONE, path)).out == "written\n"
        owned(path, 0, 0o644, 0)
        said = ended(person.python(MAKES_ONE, path)).out
    assert said.strip() == "you are not allowed to write to it"


def test_something_else_of_its_name_is_told(path: Path) -> None:
    path.mkdir()
    with pytest.raises(JournalError, match="not a regular file"):
        checked(Place(path))


def test_a_network_folder_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mounts = path.with_name("mountinfo")
    mounted = str(path.parent).replace(" ", "\\040")
    mounts.write_text(
        "22 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw\n"
        f"99 22 0:44 / {mounted} rw,relatime shared:1 - nfs4 server:/home rw\n"
    )
    monkeypatch.setattr(places, "_MOUNTS", str(mounts))
    with pytest.raises(JournalError, match=r"network file system \(nfs4\)"):
        checked(Place(path))


def test_trouble_is_told_once_and_ends_nothing(path: Path) -> None:
    path.write_bytes(b"no database at all" * 100)
    os.link(path, path.with_name("other"))
    told: list[str] = []
    journal = Journal(Place(path), Way.CHECK, told.append)
    assert journal.history(TARGET, data_of(fails(0))) is None
    assert journal.history(TARGET, data_of(fails(0))) == NOTHING
    assert len(told) == 1
    assert "it was damaged" in told[0]
