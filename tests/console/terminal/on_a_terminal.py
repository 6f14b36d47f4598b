"""The console in a process of its own, on a real terminal: what it really writes."""

from __future__ import annotations

import os
import pty
import select
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from subprocess import Popen
from time import monotonic

OPEN = "import sys; from dcmecho.console.app import run_console as r; from pathlib import Path; "
OPEN += "sys.exit(r(Path(sys.argv[1])))"
"""A program that opens the console on the file that it is given."""
DEMO = "import sys; from dcmecho.cli.main import run; sys.exit(run(['demo']))"
"""A program that opens the console on the practice peers."""
PATHS = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
_PATIENCE_S = 30.0
ASKS_FOR_COLUMN = b"\x1b[6n"
COLUMN_REPORT = b"\x1b[1;5R"
"""What a terminal answers after four signs of one cell each."""

QUIET_S, KEY_QUIET_S = 1.5, 0.3
"""A console that has answered writes no more; a key need not wait that long for the next one."""


@contextmanager
def on_a_terminal(
    profiles: Path, env: dict[str, str], program: str = OPEN
) -> Iterator[tuple[int, Popen[bytes]]]:
    """Open the console; gives our end of its terminal, and the process."""
    command = [sys.executable, "-c", program, str(profiles)]
    with started_on_a_terminal(command, profiles.parent, {**PATHS, **env}) as started:
        yield started


@contextmanager
def started_on_a_terminal(
    command: Sequence[str], home: Path, env: dict[str, str]
) -> Iterator[tuple[int, Popen[bytes]]]:
    """Start a program; gives our end of its terminal, and the process."""
    main, side = pty.openpty()
    process = Popen(
        command,
        stdin=side,
        stdout=side,
        stderr=side,
        env={"HOME": str(home), **env},
        cwd=home,
        start_new_session=True,
    )
    os.close(side)
    try:
        yield main, process
    finally:
        process.kill()
        process.wait()
        os.close(main)


def written(terminal: int, within_s: float, *, answers: bool = True) -> bytes:
    """Return what comes within this time, empty for nothing; the terminal ``answers`` questions."""
    ready, _, _ = select.select([terminal], [], [], within_s)
    if not ready:
        return b""
    data = os.read(terminal, 65536)
    if answers and ASKS_FOR_COLUMN in data:
        os.write(terminal, COLUMN_REPORT)
    return data


def read_until(terminal: int, wanted: bytes, *, answers: bool = True) -> bytes:
    """Read until this was written. Fails where it does not come."""
    seen = b""
    while wanted not in seen:
        more = written(terminal, _PATIENCE_S, answers=answers)
        assert more, f"{wanted!r} did not come: {seen!r}"
        seen += more
    return seen


def read_until_quiet(terminal: int, quiet_s: float = QUIET_S) -> str:
    """Read until nothing more comes for ``quiet_s``. Fails where it never ends.

    A character of which an earlier reading took the first bytes comes as a replacement.
    """
    seen, deadline = b"", monotonic() + _PATIENCE_S
    while more := written(terminal, quiet_s):
        seen += more
        assert monotonic() < deadline, f"it does not stop writing: {seen[-300:]!r}"
    return seen.decode(errors="replace")
