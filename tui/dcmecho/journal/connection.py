"""Opens the journal: makes a missing one whole, and sets a damaged one aside."""

from __future__ import annotations

import fcntl
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from dcmecho.journal.errors import JournalError, is_damage, words_of
from dcmecho.journal.place import DAMAGED, Place, checked, mode_and_group
from dcmecho.journal.schema import APPLICATION_ID, TABLES, VERSION
from dcmecho.journal.times import for_a_name

WAIT_S = 0.05
"""How long a run waits for the journal at most: for another process, and for an answer."""

_BESIDE = ("-wal", "-shm")
"""The ends of the names of SQLite's files beside a journal (sqlite.org/wal.html)."""

_BY_ANOTHER = "it was damaged, and another process has set it aside"
_OPCODES_A_LOOK = 1000
"""How often the deadline of a read is looked at: a few µs apart."""


@contextmanager
def opened(
    place: Place, *, make: bool = True, wait_s: float = WAIT_S
) -> Iterator[sqlite3.Connection]:
    """Open the journal, and close it. Raises what :func:`ready` and :func:`telling` raise."""
    path = ready(place, make=make)
    with telling(path, path.stat()), closing(connected(path, wait_s)) as connection:
        yield connection


def ready(place: Place, *, make: bool) -> Path:
    """Return the real path of the journal. Raises ``JournalError``.

    ``make`` makes a missing one; otherwise it is a ``FileNotFoundError``.
    """
    path = checked(place)
    if not path.exists():
        if not make:
            raise FileNotFoundError(path)
        _make(path, place)
    return path


@contextmanager
def telling(path: Path, file: os.stat_result) -> Iterator[None]:
    """Turn errors of SQLite into ``JournalError``, and set a damaged journal aside.

    ``file`` is the opened one: another process may have set it aside and begun a new one.
    """
    try:
        yield
    except sqlite3.Error as error:
        if is_damage(error):
            raise JournalError(_set_aside(path, file)) from error
        raise JournalError(words_of(error)) from error


def connected(path: Path, wait_s: float = WAIT_S) -> sqlite3.Connection:
    """Open an existing journal, which waits for another process for ``wait_s`` at each statement.

    Raises ``sqlite3.Error`` or ``JournalError``.
    """
    uri = f"{path.as_uri()}?mode=rw"
    # One thread at a time: the last words of a watch come from another one.
    connection = sqlite3.connect(
        uri, wait_s, isolation_level=None, uri=True, check_same_thread=False
    )
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA secure_delete = ON")
        _check_version(connection)
        _share_group(path)
    except BaseException:
        connection.close()
        raise
    return connection


def _check_version(connection: sqlite3.Connection) -> None:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version == VERSION:
        return
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    if application != APPLICATION_ID:
        raise JournalError("it is no history of dcmecho")
    raise JournalError(f"a newer dcmecho has made it (version {version})")


def _share_group(path: Path) -> None:
    """Give SQLite's files beside a shared journal its group: they have that of their maker."""
    group = path.stat().st_gid
    for suffix in _BESIDE:
        with suppress(OSError):
            beside = f"{path}{suffix}"
            if os.stat(beside).st_gid != group:
                os.chown(beside, -1, group)


def wait_at_most(connection: sqlite3.Connection, wait_s: float) -> None:
    """Wait for another process for so long; 0 not to wait."""
    connection.execute(f"PRAGMA busy_timeout = {max(0, round(wait_s * 1000))}")


@contextmanager
def within(connection: sqlite3.Connection, wait_s: float = WAIT_S) -> Iterator[None]:
    """Interrupt the queries inside when the time is over (``sqlite3_progress_handler``)."""
    deadline = time.monotonic() + wait_s
    connection.set_progress_handler(lambda: time.monotonic() > deadline, _OPCODES_A_LOOK)
    try:
        yield
    finally:
        connection.set_progress_handler(None, 0)


@contextmanager
def writing(connection: sqlite3.Connection) -> Iterator[None]:
    """Make all changes inside, or none. Raises ``sqlite3.Error``."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _make(path: Path, place: Place) -> None:
    """Make it under another name first, so that nobody sees half of it. Raises ``JournalError``."""
    new = path.with_name(f".{path.name}.{os.urandom(8).hex()}")
    try:
        mode, group = mode_and_group(place)
        os.close(os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, mode))
        if group >= 0:
            os.chown(new, -1, group)
            os.chmod(new, mode)
        with closing(sqlite3.connect(new, isolation_level=None)) as connection:
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {VERSION}")
            connection.executescript(f"BEGIN;{TABLES}COMMIT;")
        _link(new, path)
    except OSError as error:
        raise JournalError(f"it cannot be made: {error.strerror or error}") from error
    except sqlite3.Error as error:
        raise JournalError(f"it cannot be made: {words_of(error)}") from error
    finally:
        for suffix in ("", *_BESIDE, "-journal"):
            Path(f"{new}{suffix}").unlink(missing_ok=True)


def _link(new: Path, path: Path) -> None:
    """Give a new journal its name, unless another process was first.

    What lies beside it belongs to one that somebody has deleted: SQLite would take it in.
    """
    left = [each for suffix in _BESIDE if (each := Path(f"{path}{suffix}")).exists()]
    if left and not path.exists():
        with _alone_in(path.parent):
            if not path.exists():
                for each in left:
                    each.unlink(missing_ok=True)
    with suppress(FileExistsError):
        os.link(new, path)


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Raises ``BlockingIOError`` if another process renames here now."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)


def _set_aside(path: Path, file: os.stat_result) -> str:
    """Give a damaged journal another name, once; return what to tell."""
    name = f"{path.name}{DAMAGED}{for_a_name(datetime.now(UTC))}"
    try:
        with _alone_in(path.parent):
            if not os.path.samestat(file, path.lstat()):
                return _BY_ANOTHER
            for suffix in (*_BESIDE, ""):
                with suppress(FileNotFoundError):
                    os.rename(f"{path}{suffix}", path.with_name(f"{name}{suffix}"))
    except (BlockingIOError, FileNotFoundError):
        return _BY_ANOTHER
    except OSError as error:
        return f"it is damaged, and cannot be set aside: {error.strerror or error}"
    return f"it was damaged; it is kept as {name}, and a new one begins with the next run"
