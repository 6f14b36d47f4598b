"""Runs the command that prints the passphrase of a private key."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable

_TIMEOUT_S = 10
_POLL_S = 0.02
_TO_END_S = 1.0
_MOST_BYTES = 4096
"""OpenSSL takes a passphrase of up to 1,023 bytes."""


class PassphraseCommandError(Exception):
    """The command gave no passphrase; the text says why. It never quotes the command's output."""


def passphrase_of(command: str, cancelled: Callable[[], bool]) -> bytes:
    """Run a shell command and return what it prints, without line endings at the end.

    It runs in a session of its own, without a terminal, and all that it started ends with it. What
    it has printed counts when it ends, even if a child that got away keeps its output open. Raises
    ``PassphraseCommandError``.
    """
    try:
        running = subprocess.Popen(
            command,
            shell=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        raise PassphraseCommandError(f"the command did not start: {error.strerror}") from error
    try:
        printed = _printed(running, cancelled)
    finally:
        code = _end(running)
    if code != 0:
        raise PassphraseCommandError(f"the command failed (exit code {code})")
    return printed.rstrip(b"\r\n")


def _printed(running: subprocess.Popen[bytes], cancelled: Callable[[], bool]) -> bytes:
    assert running.stdout is not None
    output = running.stdout.fileno()
    os.set_blocking(output, False)
    deadline_s = time.monotonic() + _TIMEOUT_S
    printed = b""
    while True:
        # Looked at before its output is read, so that nothing it printed last is missed.
        has_ended = _has_ended(running)
        printed += _available(output, _MOST_BYTES + 1 - len(printed))
        if len(printed) > _MOST_BYTES:
            message = f"the command printed more than {_MOST_BYTES} bytes, which is no passphrase"
            raise PassphraseCommandError(message)
        if has_ended:
            return printed
        if cancelled() or time.monotonic() > deadline_s:
            raise PassphraseCommandError(f"the command did not end within {_TIMEOUT_S} s")
        time.sleep(_POLL_S)


def _has_ended(running: subprocess.Popen[bytes]) -> bool:
    """Look without waiting, and leave the process there, which keeps its group's number taken."""
    flags = os.WEXITED | os.WNOHANG | os.WNOWAIT
    return os.waitid(os.P_PID, running.pid, flags) is not None


def _available(output: int, most: int) -> bytes:
    found = b""
    with contextlib.suppress(BlockingIOError):
        while len(found) < most and (more := os.read(output, most - len(found))):
            found += more
    return found


def _end(running: subprocess.Popen[bytes]) -> int | None:
    """End all that the command started; return its exit code if it has ended."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(running.pid, signal.SIGKILL)
    # A process that waits for a network disk ends when that answers, and nobody waits for it here.
    with contextlib.suppress(subprocess.TimeoutExpired):
        running.wait(_TO_END_S)
    if running.stdout is not None:
        running.stdout.close()
    return running.returncode
