"""No console outlives its terminal, or a signal to end, at whatever moment it comes."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from time import monotonic

import pytest

from tests.console.terminal.hangups import (
    ENDED_WITHIN_S,
    LostConsole,
    console_at_a_random_moment,
    console_over_ssh,
)
from tests.console.terminal.on_a_terminal import on_a_terminal, read_until, read_until_quiet
from tests.network.peers.ssh_server import SshServer

_ENV = {"TERM": "xterm-256color", "LANG": "C.UTF-8", "COLUMNS": "80", "LINES": "24"}
_PATIENCE_S = 20.0

_SIGNALS = (signal.SIGHUP, signal.SIGTERM, signal.SIGINT)
ENDS: dict[str, Callable[[LostConsole], object]] = {
    "terminal": LostConsole.close,
    **{each.name: partial(LostConsole.signal, number=each) for each in _SIGNALS},
}


def outlives(console: LostConsole, within_s: float) -> bool:
    """Return whether any process of the console is there after this time."""
    deadline = monotonic() + within_s
    while console.left:
        if monotonic() > deadline:
            return True
        console.read_for(0.02)
    return False


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("end", ENDS)
def test_a_console_ends_with_its_terminal(profiles: Path, end: str, seed: int) -> None:
    with console_at_a_random_moment(profiles, seed) as console:
        ENDS[end](console)
        assert not outlives(console, _PATIENCE_S)


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(200))
@pytest.mark.parametrize("end", ENDS)
def test_no_process_outlives_its_terminal_by_2_s(profiles: Path, end: str, seed: int) -> None:
    with console_at_a_random_moment(profiles, seed) as console:
        ENDS[end](console)
        assert not outlives(console, ENDED_WITHIN_S)


@pytest.fixture(scope="module")
def ssh_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SshServer]:
    """A server to log in to."""
    with SshServer.running(tmp_path_factory.mktemp("sshd")) as server:
        yield server


def test_a_console_ends_with_its_ssh_connection(profiles: Path, ssh_server: SshServer) -> None:
    with console_over_ssh(profiles, ssh_server, 0) as console:
        ssh_server.lose_connections()
        assert not outlives(console, _PATIENCE_S)


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(200))
def test_no_process_outlives_its_ssh_connection_by_2_s(
    profiles: Path, ssh_server: SshServer, seed: int
) -> None:
    with console_over_ssh(profiles, ssh_server, seed) as console:
        ssh_server.lose_connections()
        assert not outlives(console, ENDED_WITHIN_S)


def threads_of(pid: int) -> int:
    """Return how many threads a process has."""
    return len(os.listdir(f"/proc/{pid}/task"))


def test_a_console_that_is_continued_reads_its_terminal_only_once(profiles: Path) -> None:
    with on_a_terminal(profiles, _ENV) as (terminal, process):
        read_until(terminal, b"Quit")
        read_until_quiet(terminal)
        before = threads_of(process.pid)
        for number in (signal.SIGCONT, signal.SIGSTOP, signal.SIGCONT):
            process.send_signal(number)
        assert "Main PACS" in read_until(terminal, b"Quit").decode()
        read_until_quiet(terminal)
        assert threads_of(process.pid) == before
        os.write(terminal, b"q")
        assert process.wait(timeout=_PATIENCE_S) == 0
