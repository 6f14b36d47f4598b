"""The advisory lock that lets several consoles change one file, one after the other.

It is taken on a file of its own beside the real one, ``.profiles.toml.lock``, because the real one
is replaced. Its holder takes it away again; one that a killed program left is locked by nobody.
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
"""How long another's save is waited for; one takes milliseconds."""

_PAUSE_S = 0.002
_LONGEST_NOTE_BYTES = 200
_BUSY = (errno.EAGAIN, errno.EACCES)


@contextlib.contextmanager
def locked(path: Path, timeout_s: float = LOCK_TIMEOUT_S) -> Iterator[bool]:
    """Keep others from changing ``path``, or what it links to, creating missing folders.

    Yields whether the lock is held. Where none can be had (a network share without locks, a lock
    file that this user may not open) the change goes on without: a save is still whole, and merges
    what it finds. Raises ``ProfileError`` where another holds the lock for longer than
    ``timeout_s``.
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
                message = f"is being saved by {holder}, who does not finish: try again"
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
    """Tell whether the lock is on the file that others see, not one taken away meanwhile."""
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
