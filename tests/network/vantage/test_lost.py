"""Whichever side is lost in the middle: no hang, nothing left, nothing blamed on the peer."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from dcmecho.diagnosis.cause import Confidence
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.verdict import VerdictStatus
from dcmecho.dicom.runs.workers import start
from tests.network.peers.ssh_server import SshServer
from tests.network.vantage.asking import slots_from
from tests.network.vantage.ways import LOST, vantage

_PATIENCE_S = 20.0
_ENDS_WITHIN_S = 2.0
"""As DESIGN has it for every end."""
_ABORT = b"\x07"


class SilentPeer:
    """Accepts one connection, answers nothing, and keeps what comes until it ends."""

    def __init__(self, listening: socket.socket) -> None:
        self._listening = listening
        self.port = int(listening.getsockname()[1])
        self.has_request = threading.Event()
        self.ended = threading.Event()
        self.received = b""

    def serve(self) -> None:
        with suppress(OSError):
            caller, _ = self._listening.accept()
            with caller:
                while data := caller.recv(65536):
                    self.received += data
                    self.has_request.set()
        self.ended.set()


@contextmanager
def silent_peer() -> Iterator[SilentPeer]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(_PATIENCE_S)
        peer = SilentPeer(listening)
        threading.Thread(target=peer.serve, daemon=True).start()
        yield peer


@contextmanager
def unused_listener() -> Iterator[int]:
    """A port that accepts, where nobody answers."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield int(listening.getsockname()[1])


def test_a_lost_line_is_told_as_that(ssh_server: SshServer, tmp_path: Path) -> None:
    point = vantage(ssh_server, tmp_path)
    with silent_peer() as peer, slots_from(point) as slots:
        target = Target("127.0.0.1", peer.port, "PACS", "ME", vantage=point.name)
        run = start(target, lambda _event: None, slots=slots)
        assert peer.has_request.wait(_PATIENCE_S)
        lost_at = time.monotonic()
        ssh_server.lose_connections()
        report = run.join(_PATIENCE_S)
        took_s = time.monotonic() - lost_at
        assert peer.ended.wait(_PATIENCE_S)

    assert report is not None
    assert report.verdict.status is VerdictStatus.ERROR
    assert [(cause.id, cause.confidence) for cause in report.causes] == [
        (LOST.cause, Confidence.PROVEN)
    ]
    assert took_s < _ENDS_WITHIN_S
    assert peer.received.endswith(bytes.fromhex("07000000000400000000")), "no A-ABORT came"


def test_a_later_run_opens_the_line_again(ssh_server: SshServer, tmp_path: Path) -> None:
    point = vantage(ssh_server, tmp_path)
    with slots_from(point) as slots, unused_listener() as port:
        target = Target("127.0.0.1", port, "PACS", "ME", vantage=point.name, acse_timeout_s=0.1)

        def status() -> VerdictStatus:
            report = start(target, lambda _event: None, slots=slots).join(_PATIENCE_S)
            assert report is not None
            return report.verdict.status

        assert status() is VerdictStatus.FAILED
        ssh_server.lose_connections()
        # One that begins in the moment of the loss is told that the line was lost.
        until(lambda: status() is VerdictStatus.FAILED)


def test_a_cancelled_run_aborts_at_the_peer(ssh_server: SshServer, tmp_path: Path) -> None:
    point = vantage(ssh_server, tmp_path)
    with silent_peer() as peer, slots_from(point) as slots:
        target = Target("127.0.0.1", peer.port, "PACS", "ME", vantage=point.name)
        run = start(target, lambda _event: None, slots=slots)
        assert peer.has_request.wait(_PATIENCE_S)
        run.cancel()
        report = run.join(_ENDS_WITHIN_S)
        assert peer.ended.wait(_ENDS_WITHIN_S)

    assert report is not None
    assert report.verdict.status is VerdictStatus.CANCELLED
    assert peer.received.endswith(bytes.fromhex("07000000000400000000"))


@pytest.mark.parametrize(
    "how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT], ids=lambda s: s.name
)
def test_nothing_is_left_when_dcmecho_ends(
    how: signal.Signals, ssh_server: SshServer, tmp_path: Path
) -> None:
    point = vantage(ssh_server, tmp_path)
    profiles = tmp_path / "profiles.toml"
    config = f'ssh_config = "{point.ssh_config}"'
    profiles.write_text(f'[vantage.gateway]\nssh = "{point.ssh}"\n{config}\n')
    command = [sys.executable, "-m", "dcmecho", "-q", "--profiles", str(profiles)]
    with silent_peer() as peer:
        command += ["--from", point.name, "--no-history", "127.0.0.1", str(peer.port)]
        with subprocess.Popen(command) as process:
            assert peer.has_request.wait(_PATIENCE_S)
            process.send_signal(how)
            assert peer.ended.wait(_ENDS_WITHIN_S)
            process.wait(_ENDS_WITHIN_S)

    assert peer.received.endswith(bytes.fromhex("07000000000400000000"))
    until(lambda: not _far_sockets(ssh_server.pid))


def _far_sockets(server: int) -> list[int]:
    found = []
    for process in Path("/proc").iterdir():
        with suppress(OSError):
            if process.name.isdigit() and b"zlib.decompress" in (process / "cmdline").read_bytes():
                found.append(int(process.name))
    return [pid for pid in found if server in _ancestors(pid)]


def _ancestors(pid: int) -> list[int]:
    found: list[int] = []
    with suppress(OSError, ValueError):
        while pid > 1:
            pid = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
            found.append(pid)
    return found


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)
