"""Locks that all processes of this machine see: flock(2) on empty files that every user can open.

Only the lock counts. A file without a lock means nothing, and the kernel ends the locks of a
process that dies.
"""

from __future__ import annotations

import errno
import fcntl
import os
import stat
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Condition
from typing import NamedTuple

from dcmecho.diagnosis.network.connection import Address

SHARED_FOLDER = "/run/lock/dcmecho"
"""On a file system that is empty after each start of the machine (FHS 3.18)."""

_POLL_S = 0.05
"""A blocked flock(2) could not be cancelled."""

_SHORTAGES = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOMEM})
_IN_USE = frozenset({errno.EWOULDBLOCK, errno.EACCES})
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
_FILE = os.O_NOFOLLOW | os.O_NONBLOCK
_ATTEMPTS = 10
"""Enough for files and folders that appear or go away between two system calls."""


def lock_name(peer: Address) -> str:
    """Return the name of a peer's lock; equal for equal addresses."""
    return f"{peer.ip}%{peer.scope_id}:{peer.port}" if peer.scope_id else f"{peer.ip}:{peer.port}"


class _Opened(NamedTuple):
    descriptor: int
    unseen: str


class MachineLock:
    """The lock of one name. Raises ``OSError`` if this machine lacks descriptors or memory."""

    def __init__(self, name: str, woken: Condition) -> None:
        self._name = name
        self._woken = woken
        self._descriptor = -1
        self.unseen = ""
        """Who can hold the same lock without being noticed, and why; usually nobody."""

    def take(self) -> bool:
        """Take the lock if nobody has it. Does not wait."""
        return self._lock(fcntl.LOCK_EX)

    def is_free(self) -> bool:
        """Report whether nobody has the lock. Others can look at the same time."""
        is_free = self._lock(fcntl.LOCK_SH)
        if is_free:
            self.release()
        return is_free

    def _lock(self, how: int) -> bool:
        for _ in range(_ATTEMPTS):
            if self._descriptor < 0:
                self._descriptor, self.unseen = _open(self._name)
            if self._descriptor < 0:
                return True
            try:
                fcntl.flock(self._descriptor, how | fcntl.LOCK_NB)
            except OSError as error:
                if error.errno in _IN_USE:
                    return False
                self.unseen = _nobody_seen(error)
                return True
            if os.fstat(self._descriptor).st_nlink:
                return True
            # Somebody removed the file, so the next process locks another one.
            self.release()
        return False

    def wait(self, given_up: Callable[[], bool], timeout_s: float) -> bool:
        """Wait for the lock, unless ``given_up``, checked when ``woken`` is notified.

        Returns whether the lock is held.
        """
        deadline = time.monotonic() + timeout_s
        while not self.take():
            left_s = deadline - time.monotonic()
            if given_up() or left_s <= 0:
                return False
            with self._woken:
                self._woken.wait_for(given_up, min(_POLL_S, left_s))
        return True

    def holder(self) -> str:
        """Return the process that has the lock, in words."""
        return _holder(self._descriptor) or "another process of this machine"

    def release(self) -> None:
        """Give the lock back. Safe to call twice."""
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)


def _open(name: str) -> _Opened:
    """Open the file that all users share, or else one of this user."""
    try:
        return _Opened(_open_shared(name), "")
    except OSError as error:
        if error.errno in _SHORTAGES:
            raise
        unshared = error
    try:
        return _Opened(_open_own(name), _others_unseen(unshared))
    except OSError as error:
        if error.errno in _SHORTAGES:
            raise
        return _Opened(-1, _nobody_seen(error))


def _open_shared(name: str) -> int:
    # Usually it is there; then this is the only system call.
    with suppress(FileNotFoundError):
        return _regular(os.open(f"{SHARED_FOLDER}/{name}", os.O_RDONLY | _FILE))
    for _ in range(_ATTEMPTS):
        try:
            folder = os.open(SHARED_FOLDER, _FOLDER)
        except FileNotFoundError:
            _make_shared_folder()
            continue
        try:
            return _create_in(folder, name)
        except FileExistsError:
            return _regular(os.open(name, os.O_RDONLY | _FILE, dir_fd=folder))
        except FileNotFoundError:
            continue
        finally:
            os.close(folder)
    raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))


def _make_shared_folder() -> None:
    """Make it in one step, because it is of no use to others before it has its mode."""
    made = f"{SHARED_FOLDER}.{os.urandom(8).hex()}"
    os.mkdir(made)
    try:
        os.chmod(made, 0o1777)
        os.rename(made, SHARED_FOLDER)
    except OSError:
        os.rmdir(made)
        if not os.path.lexists(SHARED_FOLDER):
            raise


def _create_in(folder: int, name: str) -> int:
    """Create the file with its mode in one step, whatever the umask is."""
    if os.fstat(folder).st_mode & 0o1777 != 0o1777:
        raise PermissionError(errno.EACCES, "its mode is not 1777")
    made = f".{os.urandom(8).hex()}"
    descriptor = os.open(made, os.O_RDONLY | os.O_CREAT | os.O_EXCL, 0o644, dir_fd=folder)
    try:
        os.fchmod(descriptor, 0o644)
        os.link(made, name, src_dir_fd=folder, dst_dir_fd=folder, follow_symlinks=False)
    except OSError:
        os.close(descriptor)
        raise
    finally:
        os.unlink(made, dir_fd=folder)
    return descriptor


def _open_own(name: str) -> int:
    state = os.environ.get("XDG_STATE_HOME") or os.path.expanduser("~/.local/state")
    folder = os.path.join(state, "dcmecho", "locks")
    os.makedirs(folder, mode=0o700, exist_ok=True)
    # For writing: over NFS an exclusive lock needs that (flock(2)).
    flags = os.O_RDWR | os.O_CREAT | _FILE
    return _regular(os.open(os.path.join(folder, name), flags, 0o600))


def _regular(descriptor: int) -> int:
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return descriptor
    os.close(descriptor)
    raise OSError(errno.EINVAL, "a lock is not a regular file")


def _others_unseen(error: OSError) -> str:
    return f"other users were not seen, because {SHARED_FOLDER} cannot be used ({error.strerror})"


def _nobody_seen(error: OSError) -> str:
    return f"other processes were not seen, because no lock can be taken ({error.strerror})"


def _holder(descriptor: int) -> str:
    """Look for the lock in /proc/locks (proc(5))."""
    with suppress(OSError, ValueError):
        status = os.fstat(descriptor)
        major, minor = os.major(status.st_dev), os.minor(status.st_dev)
        file = f"{major:02x}:{minor:02x}:{status.st_ino}"
        for line in Path("/proc/locks").read_text().splitlines():
            _, kind, _, _, pid, locked, *_ = line.split()
            if kind == "FLOCK" and locked == file:
                return f"process {pid} of {_user_of(int(pid))}"
    return ""


def _user_of(pid: int) -> str:
    import pwd

    uid = os.stat(f"/proc/{pid}").st_uid
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"
