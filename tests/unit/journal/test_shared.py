"""One file and many processes: waited for once, set aside once, readable by all of its group."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from dcmecho.diagnosis.target.target import Target
from dcmecho.journal import journal as journals
from dcmecho.journal.connection import WAIT_S, connected, opened, telling
from dcmecho.journal.entry import Entry, one_run
from dcmecho.journal.errors import JournalError
from dcmecho.journal.journal import Journal
from dcmecho.journal.kinds import Kind, Way
from dcmecho.journal.listing import erase, forget, kept
from dcmecho.journal.place import Place
from dcmecho.journal.tidying import tidy
from tests.people import ended, line_from, open_folder, owned, people, unused_group
from tests.unit.journal.journals import BOOK, at, data_of, fails, journal_in, keep, rows, works
from tests.unit.report.reports import TARGET

KEEPS_ONE = """
import json, sys
from pathlib import Path
from dcmecho.diagnosis.target.target import Target
from dcmecho.journal.entry import Entry, one_run
from dcmecho.journal.journal import Journal
from dcmecho.journal.kinds import NO_BOOK, Kind, Way
from dcmecho.journal.place import Place

body, target = json.loads(sys.argv[2]), Target("h", 104, "PACS", "ME")
journal = Journal(Place(Path(sys.argv[1])), Way.CHECK, print)
entry = Entry(target, NO_BOOK, Kind.DIAGNOSIS, Way.CHECK, body, one_run(body))
print(journal.keep([entry]), flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "history.db"


def entry(minutes: float, target: Target = TARGET) -> Entry:
    body = data_of(works(minutes, target))
    return Entry(target, BOOK, Kind.DIAGNOSIS, Way.CHECK, body, one_run(body))


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Let nobody else read or write it."""
    with closing(connected(path)) as connection:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("BEGIN EXCLUSIVE")
        yield


def test_many_histories_and_a_write_wait_for_one_lock_once(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(Place(path)):
        pass
    waited: list[float] = []

    def noted(path: Path, wait_s: float) -> sqlite3.Connection:
        waited.append(wait_s)
        return connected(path, wait_s)

    monkeypatch.setattr(journals, "connected", noted)
    told: list[str] = []
    journal = Journal(Place(path), Way.CHECK, told.append)
    with locked(path):
        for minutes in range(20):
            assert journal.history(TARGET, data_of(fails(minutes))) is None
        assert not journal.keep([entry(0)])
    assert waited[0] == WAIT_S
    assert all(each <= 0 for each in waited[1:])
    assert len(told) == 1
    assert journal.keep([entry(0)])
    assert journal.history(TARGET, data_of(fails(1))) is not None


def test_what_is_written_is_kept_though_tidying_finds_another_writer(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*given: Any) -> bool:
        with closing(sqlite3.connect(path, 0, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            return tidy(*given)

    monkeypatch.setattr(journals, "tidy", busy)
    told: list[str] = []
    assert Journal(Place(path), Way.CHECK, told.append).keep([entry(0)])
    assert told == []


def test_a_new_one_is_not_set_aside_for_the_damage_of_the_former(path: Path) -> None:
    path.write_bytes(b"no database at all" * 100)
    former = path.stat()
    path.rename(path.with_name("damaged by somebody else"))
    with opened(Place(path)):
        pass
    damage = sqlite3.DatabaseError("file is not a database")
    damage.sqlite_errorcode = sqlite3.SQLITE_NOTADB
    by_another = pytest.raises(JournalError, match="another process has set it aside")
    with by_another, telling(path, former):
        raise damage
    assert path.exists()


def test_one_that_somebody_deletes_begins_anew(path: Path) -> None:
    told: list[str] = []
    journal = Journal(Place(path), Way.CONSOLE, told.append)
    assert journal.keep([entry(0)])
    path.unlink()
    assert journal.keep([entry(1)])
    assert told == []
    with journal_in(path.parent) as connection:
        assert rows(connection, "span") == 1


def test_what_lies_beside_a_deleted_one_does_not_come_back(path: Path) -> None:
    journal = Journal(Place(path), Way.CHECK, pytest.fail)
    assert journal.keep(entry(minutes) for minutes in range(100))
    path.unlink()
    assert path.with_name("history.db-wal").stat().st_size > 0
    with journal_in(path.parent) as connection:
        assert rows(connection, "span") == 0
        keep(connection, works(0))
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_a_database_of_another_program_is_left_alone(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE theirs (x)")
    with pytest.raises(JournalError, match="it is no history of dcmecho"), opened(Place(path)):
        pass
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_two_users_share_one_whatever_their_umask_and_folder() -> None:
    group = unused_group()
    with open_folder() as folder:
        owned(folder, 0, 0o770, group)
        path = folder / "history.db"
        with opened(Place(path)):
            pass
        owned(path, 0, 0o660, group)
        first, second = (replace(each, umask=0o077) for each in people(2, shared_group=group))
        body = json.dumps(data_of(works()))
        one = first.python(KEEPS_ONE, path, body)
        assert line_from(one) == "True\n"
        other = ended(second.python(KEEPS_ONE, path, body))
        assert ended(one).code == 0
    assert (other.out, other.err) == ("True\n", "")


def test_what_is_forgotten_is_in_no_byte_of_the_files(path: Path) -> None:
    secret = Target("secret.example", 104, "SECRET_AE", "SECRET_ME", name="Secret")
    with journal_in(path.parent) as connection:
        for minutes in range(0, 400, 2):
            keep(connection, works(minutes, secret), fails(minutes + 1))
        tidy(connection, at(0) + timedelta(days=91), 10)
        keep(connection, works(500, replace(secret, name="Secret 2")))
        ids = [id for (id,) in connection.execute("SELECT id FROM target WHERE name LIKE 'Sec%'")]
        assert forget(connection, ids) > 0
        assert erase(connection)
        assert rows(connection, "span") > 0
        found = b"".join(each.read_bytes() for each in path.parent.iterdir()).lower()
    assert b"secret" not in found
    assert TARGET.name.lower().encode() in found


def test_it_is_told_if_a_reader_holds_what_is_forgotten(path: Path) -> None:
    with journal_in(path.parent) as connection, journal_in(path.parent) as reader:
        keep(connection, *(works(minutes) for minutes in range(10)))
        runs = kept(reader)
        next(runs)
        connection.execute("PRAGMA busy_timeout = 0")
        forget(connection, None)
        assert not erase(connection)
        assert len(list(runs)) == 9
        assert erase(connection)
