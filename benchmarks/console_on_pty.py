"""A console on a pseudo-terminal, with a count of every byte it writes."""

from __future__ import annotations

import fcntl
import os
import pty
import signal
import struct
import subprocess
import termios
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

COLUMNS, ROWS = 120, 36
_END_TIMEOUT_S = 10.0


def read_as_terminal(terminal: int) -> bytes:
    """Return what the console wrote, and answer its question where the cursor is.

    Raises ``OSError`` if the console has gone.
    """
    chunk = os.read(terminal, 65536)
    if b"\x1b[6n" in chunk:
        os.write(terminal, b"\x1b[1;5R")
    return chunk


class Screen:
    """The benchmark's end of the terminal: it sends keys, and records output with times."""

    def __init__(self, terminal: int, pid: int) -> None:
        self._terminal = terminal
        self.pid = pid
        self._changed = threading.Condition()
        self._written = bytearray()
        self._written_at_s = time.monotonic()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        while True:
            try:
                chunk = read_as_terminal(self._terminal)
            except OSError:
                return
            with self._changed:
                self._written += chunk
                self._written_at_s = time.monotonic()
                self._changed.notify_all()

    @property
    def byte_count(self) -> int:
        """Return the number of bytes written so far."""
        with self._changed:
            return len(self._written)

    def press(self, keys: bytes) -> int:
        """Press keys. Returns the byte count before them, for :meth:`wait_for`."""
        before = self.byte_count
        os.write(self._terminal, keys)
        return before

    def wait_for(self, text: str, since: int = 0, timeout_s: float = 30.0) -> float:
        """Wait until ``text`` is written after ``since`` bytes; return the monotonic time, s.

        Raises ``TimeoutError``.
        """
        wanted = text.encode()
        with self._changed:
            if not self._changed.wait_for(lambda: wanted in self._written[since:], timeout_s):
                raise TimeoutError(f"{text!r} did not come")
            return self._written_at_s

    def settle(self, quiet_s: float = 1.0, timeout_s: float = 60.0) -> None:
        """Wait until nothing is written for ``quiet_s``. Raises ``TimeoutError``."""
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            before = self.byte_count
            time.sleep(quiet_s)
            if self.byte_count == before:
                return
        raise TimeoutError("the console does not come to rest")

    def bytes_within(self, seconds: float) -> int:
        """Return the bytes written from now on, during this time."""
        before = self.byte_count
        time.sleep(seconds)
        return self.byte_count - before

    @property
    def resident_mib(self) -> float:
        """Return the memory that the console uses now."""
        with open(f"/proc/{self.pid}/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) / 1024


@contextmanager
def console(command: Sequence[str], environment: Mapping[str, str]) -> Iterator[Screen]:
    """Run ``command`` on a terminal of 120x36 until the block ends."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    with subprocess.Popen(
        command,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, "TERM": "xterm-256color", "LANG": "C.UTF-8", **environment},
        start_new_session=True,
    ) as process:
        os.close(theirs)
        try:
            yield Screen(ours, process.pid)
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(_END_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                process.kill()
            os.close(ours)
