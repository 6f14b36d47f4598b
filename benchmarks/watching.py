"""The cost of watching: bytes written, processor time and memory, on a real terminal.

Run: ``python benchmarks/watching.py [TARGETS] [SECONDS]``. Opens the console at 120x36 in a pty,
with targets at TARGETS addresses of loopback that DCMTK's ``storescp`` serves. Watches them all,
waits until each was checked once, and measures from then on. Prints figures; no pass or fail.
"""

from __future__ import annotations

import fcntl
import os
import pty
import select
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_ROWS, _COLUMNS = 36, 120
_SETTLE_S = 0.3
_FIRST_ROUND_S = 33.0
"""Time until every target has its first sample: they are spread over the period of 30 s."""

_WATCH_ALL = """
import sys
from pathlib import Path
from dcmecho.console.app import ConsoleApp

async def watch_all(pilot):
    main = pilot.app.screen
    main.watching.watch(main.session.book.profiles)
    main.action_watch()

ConsoleApp(Path(sys.argv[1])).run(auto_pilot=watch_all)
"""


@dataclass(frozen=True)
class Cost:
    """The cost of one process: bytes written to its terminal, processor seconds, resident bytes."""

    written_bytes: int
    processor_s: float
    resident_bytes: int


def main() -> None:
    """Measure the round after the first one."""
    targets = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 60.0
    with tempfile.TemporaryDirectory() as folder, _archive(Path(folder)) as port:
        profiles = Path(folder) / "profiles.toml"
        profiles.write_text(
            "".join(
                f'[[target]]\nname = "Scanner {n}"\nhost = "127.0.{n // 250 + 1}.{n % 250 + 1}"\n'
                f'port = {port}\ncalled_ae = "CT{n}"\n\n'
                for n in range(targets)
            )
        )
        with _terminal(_WATCH_ALL, str(profiles)) as (pid, screen):
            opening = _read(screen, _FIRST_ROUND_S)
            before = _cost(pid, 0)
            cost = _cost(pid, _read(screen, seconds))
    sys.stdout.write(
        f"{targets} targets every 30 s at {_COLUMNS}x{_ROWS}:"
        f" {cost.written_bytes / seconds:.0f} bytes/s on the line"
        f" ({cost.written_bytes} in {seconds:g} s; {opening} until each was asked once),"
        f" {100 * (cost.processor_s - before.processor_s) / seconds:.1f} % of a processor,"
        f" {cost.resident_bytes / 2**20:.0f} MiB resident"
        f" ({(cost.resident_bytes - before.resident_bytes) / 1024:+.0f} KiB meanwhile)\n"
    )


@contextmanager
def _archive(folder: Path) -> Iterator[int]:
    """Run DCMTK's ``storescp``, not pynetdicom's, on every address of loopback."""
    others = [
        p for p in os.environ["PATH"].split(os.pathsep) if Path(p) != Path(sys.prefix) / "bin"
    ]
    program = shutil.which("storescp", path=os.pathsep.join(others))
    if program is None:
        sys.exit("storescp is not installed (Debian package dcmtk)")
    with socket.socket() as free:
        free.bind(("", 0))
        port: int = free.getsockname()[1]
    command = [program, "--fork", "--ignore", "--output-directory", str(folder), str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as archive:
        try:
            yield port
        finally:
            archive.terminate()


@contextmanager
def _terminal(program: str, argument: str) -> Iterator[tuple[int, int]]:
    """Run a program in its own terminal; return its process id and the terminal's other end."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", _ROWS, _COLUMNS, 0, 0))
    environment = os.environ | {"TERM": "xterm-256color", "LANG": "C.UTF-8"}
    environment |= {"COLUMNS": str(_COLUMNS), "LINES": str(_ROWS)}
    command = [sys.executable, "-c", program, argument]
    with subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment, start_new_session=True
    ) as process:
        os.close(theirs)
        try:
            yield process.pid, ours
        finally:
            process.terminate()
            _read(ours, _SETTLE_S)
            process.wait(10)
            os.close(ours)


def _read(terminal: int, seconds: float) -> int:
    """Read the output for this time; return the number of bytes."""
    deadline = time.monotonic() + seconds
    count = 0
    while (left_s := deadline - time.monotonic()) > 0:
        if select.select([terminal], [], [], left_s)[0]:
            try:
                count += len(os.read(terminal, 65536))
            except OSError:
                break
    return count


def _cost(pid: int, written_bytes: int) -> Cost:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    ticks = int(fields[11]) + int(fields[12])
    resident_pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return Cost(
        written_bytes,
        ticks / os.sysconf("SC_CLK_TCK"),
        resident_pages * os.sysconf("SC_PAGE_SIZE"),
    )


if __name__ == "__main__":
    main()
