"""Ctrl-C ends a run that waits for the network: at once, with a report, without a traceback."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from dcmecho.diagnosis.stage import StageId
from dcmecho.diagnosis.verdict import VerdictStatus
from dcmecho.exit_codes import ExitCode
from tests.scenarios.addresses import ARCHIVE_IPV4, NAME_SERVER, PORT
from tests.scenarios.command_line import ELSEWHERE, dcmecho, said
from tests.scenarios.namespaces import Site
from tests.scenarios.network import DROPS_DATA

ENDS_WITHIN_S = 2.0
"""The promised time to end, whatever the run is waiting for."""

_START_DEADLINE_S = 20.0
_POLL_S = 0.01


@dataclass(frozen=True)
class OpenSocket:
    """A row of /proc/net/tcp or /proc/net/udp."""

    remote_port: int
    state: str
    unsent_bytes: int
    """Handed to the kernel and not acknowledged."""


def sockets(pid: int, protocol: str) -> Iterator[OpenSocket]:
    """Return every socket of a process; its namespace can still have those of an earlier one."""
    own = set(open_files(pid))
    for row in Path(f"/proc/{pid}/net/{protocol}").read_text().splitlines()[1:]:
        _, _, remote, state, queues, _, _, _, _, inode, *_ = row.split()
        if f"socket:[{inode}]" not in own:
            continue
        yield OpenSocket(int(remote[-4:], 16), state, int(queues.partition(":")[0], 16))


def open_files(pid: int) -> Iterator[str]:
    """Return what the descriptors of a process refer to; some open and close meanwhile."""
    for descriptor in os.listdir(f"/proc/{pid}/fd"):
        with suppress(OSError):
            yield os.readlink(f"/proc/{pid}/fd/{descriptor}")


def asks_for_the_name(pid: int) -> bool:
    return any(sock.remote_port == 53 for sock in sockets(pid, "udp"))


def knocks(pid: int) -> bool:
    syn_sent = "02"
    return any(s.remote_port == PORT and s.state == syn_sent for s in sockets(pid, "tcp"))


def has_asked_for_the_association(pid: int) -> bool:
    return any(s.remote_port == PORT and s.unsent_bytes > 0 for s in sockets(pid, "tcp"))


@dataclass(frozen=True)
class Wait:
    """Something that a run waits for in vain."""

    stage: StageId
    host: str
    archive_firewall: str
    has_begun: Callable[[int], bool]
    """Called with the process id of the run."""


WAITS = (
    Wait(StageId.RESOLVE, "pacs.hospital.test", "udp dport 53 drop", asks_for_the_name),
    Wait(StageId.CONNECT, ARCHIVE_IPV4, "tcp dport 104 drop", knocks),
    Wait(StageId.ASSOCIATE, ARCHIVE_IPV4, DROPS_DATA, has_asked_for_the_association),
)


@pytest.mark.parametrize("wait", WAITS, ids=lambda wait: wait.stage)
def test_ctrl_c_ends_the_wait(site: Site, wait: Wait) -> None:
    site.workstation.asks(NAME_SERVER)
    command = site.workstation.command(*dcmecho("-to", "30", "-ta", "30", wait.host, str(PORT)))
    with (
        site.archive.firewall(inbound=[wait.archive_firewall]),
        subprocess.Popen(
            # A shell can start background programs with SIGINT ignored.
            ["env", "--default-signal=INT", *command],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ELSEWHERE,
        ) as process,
    ):
        try:
            wait_until(lambda: wait.has_begun(process.pid), process)
            process.send_signal(signal.SIGINT)
            stdout, stderr = process.communicate(timeout=ENDS_WITHIN_S)
        finally:
            process.kill()

    ended = said(process.returncode, stdout, stderr)
    assert ended.exit_code is ExitCode.INTERRUPTED
    assert (ended.status, ended.stage) == (VerdictStatus.CANCELLED, wait.stage)
    assert ended.causes == ()
    assert ended.stderr == ""


def wait_until(begun: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + _START_DEADLINE_S
    while not begun():
        assert process.poll() is None, f"it ended by itself: {process.communicate()}"
        assert time.monotonic() < deadline, "it does not begin to wait"
        time.sleep(_POLL_S)
