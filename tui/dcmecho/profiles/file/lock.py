"""The advisory lock that lets several consoles change one file, one after the other.

The lock is on a separate file next to the real one, ``.profiles.toml.lock``, because the real one
is replaced. It may be used by those who may use the real one, whatever the umask of its maker. The
holder removes it; a lock file left by a killed program is not locked.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import getpass
import os
import random
import socket
import stat
import time
from collections.abc import Iterator
from pathlib import Path

from dcmecho.diagnosis.sanitize import PeerText
from dcmecho.owners import user_name
from dcmecho.profiles.book.locate import real_place
from dcmecho.profiles.book.model import ProfileError
from dcmecho.profiles.file.likeness import create_like, make_folder, temporary

LOCK_TIMEOUT_S = 2.0
"""How long to wait, in s, for another save, which takes milliseconds."""

_PAUSE_S = 0.002
_LONGEST_NOTE_BYTES = 200
_WITHOUT_LOCKS = (errno.ENOLCK, errno.ENOTSUP)
"""The file system has no locks (flock(2))."""


class _Busy(Exception):
    """The lock cannot be taken now, but perhaps soon; the text says why."""


@contextlib.contextmanager
def locked(path: Path, timeout_s: float = LOCK_TIMEOUT_S) -> Iterator[bool]:
    """Keep others from changing ``path``, or the file it links to, creating missing folders.

    Yields whether the lock is held. It is not on a file system without locks, where the change goes
    on: a save is still atomic, and merges the changes it finds. Raises ``ProfileError`` if another
    program holds the lock for longer than ``timeout_s``, or if it cannot be taken at all.
    """
    place = real_place(path)
    lock = place.with_name(f".{place.name}.lock")
    descriptor = _taken(path, lock, place, time.monotonic() + timeout_s)
    try:
        yield descriptor is not None
    finally:
        if descriptor is not None:
            _release(lock, descriptor)


def _taken(path: Path, lock: Path, place: Path, deadline_s: float) -> int | None:
    while True:
        try:
            make_folder(lock.parent)
            return _attempt(lock, place)
        except _Busy as busy:
            if time.monotonic() > deadline_s:
                raise ProfileError(f"{path}: {busy}") from busy
        except OSError as error:
            if error.errno in _WITHOUT_LOCKS:
                return None
            raise ProfileError(f"{path}: cannot be locked: {_obstacle(lock, error)}") from error
        time.sleep(random.uniform(0, _PAUSE_S))


def _attempt(lock: Path, place: Path) -> int:
    """Return the descriptor of the lock file, locked. Raises ``_Busy`` or ``OSError``."""
    descriptor = _opened(lock, place)
    try:
        _lock(descriptor)
        if not _is_current(lock, descriptor):
            raise _Busy(_saving("another program"))
        _leave_note(descriptor)
    except (OSError, _Busy):
        os.close(descriptor)
        raise
    return descriptor


def _opened(lock: Path, place: Path) -> int:
    """Open the lock file, creating it if missing. Raises ``_Busy`` or ``OSError``."""
    try:
        return _existing(lock)
    except FileNotFoundError:
        return _made(lock, place)
    except PermissionError as error:
        # A save by someone else can be under way, and its lock file be gone soon.
        reason = f"{lock} belongs to {_owner(lock)}, and you are not allowed to open it"
        told = f"cannot be locked: {reason}"
        raise _Busy(f"{told}. Try again; if it stays, it must be deleted") from error


def _existing(lock: Path) -> int:
    flags = os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY
    try:
        descriptor = os.open(lock, flags | os.O_RDWR)
    except PermissionError:
        descriptor = os.open(lock, flags | os.O_RDONLY)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "is not a regular file")
    return descriptor


def _made(lock: Path, place: Path) -> int:
    """Create the lock file, with its mode from the first moment. Raises ``_Busy``, ``OSError``."""
    try:
        with temporary(place) as new:
            return _linked(new, lock, place)
    except (FileExistsError, FileNotFoundError) as error:
        raise _Busy(_saving("another program")) from error


def _linked(new: Path, lock: Path, place: Path) -> int:
    descriptor = create_like(place, new)
    try:
        os.link(new, lock)
    except OSError as error:
        os.close(descriptor)
        if isinstance(error, FileExistsError | FileNotFoundError):
            raise
        # There are no hard links here (link(2)).
        return create_like(place, lock)
    return descriptor


def _lock(descriptor: int) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError) as error:
        raise _Busy(_saving(_note(descriptor))) from error


def _is_current(lock: Path, descriptor: int) -> bool:
    """Report whether the lock is on the current lock file, not on one already removed."""
    try:
        return os.path.samestat(os.fstat(descriptor), lock.lstat())
    except OSError:
        return False


def _saving(holder: str) -> str:
    return f"is being saved by {holder}, and that save does not finish. Try again"


def _obstacle(lock: Path, error: OSError) -> str:
    if lock.is_symlink():
        return f"{lock} is a symbolic link. Delete it"
    return f"{lock}: {error.strerror or error}"


def _owner(lock: Path) -> str:
    try:
        return user_name(lock.lstat().st_uid)
    except OSError:
        return "someone else"


def _leave_note(descriptor: int) -> None:
    if os.fstat(descriptor).st_nlink > 1:
        # Under another name it can be a file of value.
        return
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
            return str(PeerText(note))
    return "another program"


def _release(lock: Path, descriptor: int) -> None:
    with contextlib.suppress(OSError):
        lock.unlink()
    os.close(descriptor)
