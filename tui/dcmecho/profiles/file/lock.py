"""The advisory lock that lets several consoles change one file, one after the other.

The lock is on a separate file next to the real one, ``.profiles.toml.lock``, because the real one
is replaced. The holder removes it; a lock file left by a killed program is not locked.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import getpass
import os
import random
import socket
import time
from collections.abc import Iterator
from pathlib import Path

from dcmecho.diagnosis.sanitize import printable
from dcmecho.profiles.book.locate import real_place
from dcmecho.profiles.book.model import ProfileError

LOCK_TIMEOUT_S = 2.0
"""How long to wait, in s, for another save, which takes milliseconds."""

_PAUSE_S = 0.002
_LONGEST_NOTE_BYTES = 200
_BUSY = (errno.EAGAIN, errno.EACCES)


@contextlib.contextmanager
def locked(path: Path, timeout_s: float = LOCK_TIMEOUT_S) -> Iterator[bool]:
    """Keep others from changing ``path``, or the file it links to, creating missing folders.

    Yields whether the lock is held. If no lock is possible (a network share without locks, a lock
    file that this user cannot open), the change goes on without one: a save is still atomic, and
    merges the changes it finds. Raises ``ProfileError`` if another program holds the lock for
    longer than ``timeout_s``.
    """
    place = real_place(path)
    lock = place.with_name(f".{place.name}.lock")
    descriptor = _taken(path, lock, time.monotonic() + timeout_s)
    try:
        yield descriptor is not None
    finally:
        if descriptor is not None:
            _release(lock, descriptor)


def _taken(path: Path, lock: Path, deadline_s: float) -> int | None:
    while True:
        descriptor = _opened(lock)
        if descriptor is None:
            return None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = _note(descriptor)
            os.close(descriptor)
            if error.errno not in _BUSY:
                return None
            if time.monotonic() > deadline_s:
                message = f"is being saved by {holder}, and that save does not finish. Try again"
                raise ProfileError(f"{path}: {message}") from error
            time.sleep(random.uniform(0, _PAUSE_S))
            continue
        if _is_current(lock, descriptor):
            _leave_note(descriptor)
            return descriptor
        os.close(descriptor)


def _opened(lock: Path) -> int | None:
    flags = os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
    with contextlib.suppress(OSError):
        lock.parent.mkdir(parents=True, exist_ok=True)
        return os.open(lock, flags | os.O_RDWR | os.O_CREAT, 0o666)
    with contextlib.suppress(OSError):
        return os.open(lock, flags | os.O_RDONLY)
    return None


def _is_current(lock: Path, descriptor: int) -> bool:
    """Report whether the lock is on the current lock file, not on one already removed."""
    try:
        return os.path.samestat(os.fstat(descriptor), lock.lstat())
    except OSError:
        return False


def _leave_note(descriptor: int) -> None:
    try:
        user = getpass.getuser()
    except (OSError, KeyError):
        user = str(os.getuid())
    note = f"{user} (process {os.getpid()} on {socket.gethostname()})"
    with contextlib.suppress(OSError):
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, note.encode("utf-8", "replace")[:_LONGEST_NOTE_BYTES], 0)


def _note(descriptor: int) -> str:
    with contextlib.suppress(OSError):
        note = os.pread(descriptor, _LONGEST_NOTE_BYTES, 0).decode("utf-8", "replace")
        if note:
            return printable(note)
    return "another program"


def _release(lock: Path, descriptor: int) -> None:
    with contextlib.suppress(OSError):
        lock.unlink()
    os.close(descriptor)
