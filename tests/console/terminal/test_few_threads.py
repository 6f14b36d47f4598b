"""A console with few threads, descriptors or little memory: it goes on, or says what it lacks."""

from __future__ import annotations

import os
import random
import re
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from subprocess import Popen, run

import pytest

from dcmecho.exit_codes import ExitCode
from tests.console.driving import PROFILES
from tests.console.terminal.on_a_terminal import (
    PATHS,
    QUIET_S,
    read_until,
    read_until_quiet,
    started_on_a_terminal,
    written,
)
from tests.network.check.counting_peer import counting_peer
from tests.network.peers.real_peers import require_program
from tests.people import open_folder, owned, people

ENV = {**PATHS, "TERM": "xterm-256color", "LANG": "C.UTF-8"}


HEALTHY = """\
[[target]]
name = "T{number}"
host = "127.0.4.{number}"
port = {port}
called_ae = "PACS"
"""
TARGETS = 12


@contextmanager
def console_with(limit: str, profiles: str = PROFILES) -> Iterator[tuple[int, Popen[bytes]]]:
    """Open the console as a user with a limit, as prlimit(1) takes it."""
    who = random.choice(people(4000))
    with open_folder() as folder:
        home = owned(folder, who.uid, 0o755)
        (home / "profiles.toml").write_text(profiles, encoding="utf-8")
        file = owned(home / "profiles.toml", who.uid, 0o644)
        limited = (require_program("prlimit", "util-linux"), limit)
        user = ("setpriv", f"--reuid={who.uid}", f"--regid={who.uid}", "--clear-groups")
        command = (*limited, *user, sys.executable, "-m", "dcmecho", "--profiles", str(file))
        with started_on_a_terminal(command, Path("/"), {**ENV, "HOME": str(home)}) as started:
            yield started


_FIRST_SCREEN = """
import asyncio, sys
from pathlib import Path
from dcmecho.console.app import ConsoleApp

async def main():
    async with ConsoleApp(Path(sys.argv[1])).run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        print(any(name.startswith("rich._unicode_data.unicode") for name in sys.modules))

asyncio.run(main())
"""


def test_the_widths_of_signs_are_read_before_a_check_can_take_every_descriptor(
    tmp_path: Path,
) -> None:
    profiles = tmp_path / "profiles.toml"
    profiles.write_text(PROFILES, encoding="utf-8")
    command = [sys.executable, "-c", _FIRST_SCREEN, str(profiles)]
    env = {**ENV, "HOME": str(tmp_path)}
    assert run(command, env=env, check=True, capture_output=True, text=True).stdout == "True\n"


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_one_that_cannot_open_says_why(threads: int) -> None:
    with console_with(f"--nproc={threads}") as (terminal, process):
        assert "Traceback" not in str(read_until(terminal, b"can't start new thread\r\n"))
        assert process.wait(timeout=20) == ExitCode.INTERNAL


@pytest.mark.parametrize("threads", [4, 5])
def test_one_that_cannot_check_goes_on(threads: int) -> None:
    with console_with(f"--nproc={threads}") as (terminal, process):
        read_until(terminal, b"Quit")
        os.write(terminal, b"a")
        read_until(terminal, b"can't start new thread")
        os.write(terminal, b"\x1b[Bw")
        assert not re.search(r"\d failing", read_until_quiet(terminal))
        assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0


@pytest.mark.parametrize(
    "limit",
    [
        "--nofile=12",
        *(
            pytest.param(each, marks=pytest.mark.nightly)
            for each in (
                *(f"--nofile={count}" for count in (6, 7, 8, 9, 10, 16, 24, 40)),
                *(f"--as={megabytes}000000" for megabytes in (60, 100, 140, 180, 240, 400)),
            )
        ),
    ],
)
def test_one_with_few_descriptors_or_little_memory_blames_no_peer(limit: str) -> None:
    with counting_peer() as (peer, _):
        text = "".join(HEALTHY.format(number=n, port=peer.port) for n in range(1, TARGETS + 1))
        with console_with(limit, text) as (terminal, process):
            shown = _until_quiet_or_ended(terminal)
            if process.poll() is None:
                os.write(terminal, b"a")
                shown += _until_quiet_or_ended(terminal)
                process.send_signal(signal.SIGTERM)
            process.wait(timeout=20)
            assert "Traceback" not in shown
            assert not re.search(r"\d failing", shown)


def _until_quiet_or_ended(terminal: int) -> str:
    seen = b""
    with suppress(OSError):  # The last program on it has ended (pty(7)).
        while more := written(terminal, QUIET_S):
            seen += more
    return seen.decode(errors="replace")
