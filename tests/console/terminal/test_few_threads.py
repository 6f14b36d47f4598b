"""A console of a user who can start few threads: it opens and goes on, or says what is missing."""

from __future__ import annotations

import os
import random
import re
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import Popen

import pytest

from dcmecho.exit_codes import ExitCode
from tests.console.driving import PROFILES
from tests.console.terminal.on_a_terminal import (
    PATHS,
    read_until,
    read_until_quiet,
    started_on_a_terminal,
)
from tests.network.peers.real_peers import require_program
from tests.people import open_folder, owned, people

ENV = {**PATHS, "TERM": "xterm-256color", "LANG": "C.UTF-8"}


@contextmanager
def console_with(threads: int) -> Iterator[tuple[int, Popen[bytes]]]:
    """Open the console as a user who can have so many processes and threads."""
    who = random.choice(people(4000))
    with open_folder() as folder:
        home = owned(folder, who.uid, 0o755)
        (home / "profiles.toml").write_text(PROFILES, encoding="utf-8")
        file = owned(home / "profiles.toml", who.uid, 0o644)
        limit = (require_program("prlimit", "util-linux"), f"--nproc={threads}:{threads}")
        user = ("setpriv", f"--reuid={who.uid}", f"--regid={who.uid}", "--clear-groups")
        command = (*limit, *user, sys.executable, "-m", "dcmecho", "--profiles", str(file))
        with started_on_a_terminal(command, Path("/"), {**ENV, "HOME": str(home)}) as started:
            yield started


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_one_that_cannot_open_says_why(threads: int) -> None:
    with console_with(threads) as (terminal, process):
        assert "Traceback" not in str(read_until(terminal, b"can't start new thread\r\n"))
        assert process.wait(timeout=20) == ExitCode.INTERNAL


@pytest.mark.parametrize("threads", [4, 5, 6])
def test_one_that_cannot_check_goes_on(threads: int) -> None:
    with console_with(threads) as (terminal, process):
        read_until(terminal, b"Quit")
        os.write(terminal, b"a")
        read_until(terminal, b"can't start new thread")
        os.write(terminal, b"\x1b[Bw")
        assert not re.search(r"\d failing", read_until_quiet(terminal))
        assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0
