"""TLS messages after the handshake do not block a run: ``openssl s_server``, driven.

It sends HelloRequest (TLS 1.2: negotiate anew) and KeyUpdate (TLS 1.3) when it is told to.
"""

from __future__ import annotations

import os
import select
import signal
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from dcmecho.diagnosis.cause import CauseId
from dcmecho.diagnosis.stage import StageId
from dcmecho.diagnosis.target.tls import TlsEnding
from dcmecho.dicom.wire.tls.channel import TlsChannel
from dcmecho.dicom.wire.tls.handshake import shake_hands
from dcmecho.dicom.wire.tls.messages import HandshakeRecorder
from dcmecho.exit_codes import ExitCode, exit_code
from tests.network.diagnose.diagnosing import diagnose, listed, proven
from tests.network.peers.real_peers import require_program, running
from tests.network.tls.certificates import HOST, Certificates
from tests.network.tls.scenario import ask, tls_target

_PATIENCE_S = 20.0
NEGOTIATE_ANEW, NEW_KEYS = b"R\n", b"K\n"


@dataclass(frozen=True)
class Driven:
    """A server that obeys the commands written to ``commands``."""

    port: int
    commands: Path

    def do(self, command: bytes) -> None:
        with self.commands.open("ab", buffering=0) as pipe:
            pipe.write(command)

    def repeat(self, command: bytes) -> None:
        """Write a command repeatedly until the server has ended."""
        with suppress(OSError), self.commands.open("ab", buffering=0) as pipe:
            while True:
                pipe.write(command * 1000)


@contextmanager
def s_server(certificates: Certificates, folder: Path, *options: str) -> Iterator[Driven]:
    program = require_program("openssl", "openssl")
    server = certificates.server
    commands = folder / "commands"
    # A growing file would end early, so the commands come through a pipe that stays open.
    os.mkfifo(commands)

    def command(port: int) -> list[str]:
        files = f"-cert {server.cert_file} -cert_chain {server.cert_file} -key {server.key_file}"
        started = f"exec {program} s_server -4 -port {port} {files} {' '.join(options)}"
        return ["sh", "-c", f"{started} <> '{commands}' >/dev/null"]

    with running(command, folder) as peer:
        yield Driven(peer.port, commands)


class Counting(TlsChannel):
    """Counts the attempts to send."""

    tries = 0

    @property
    def is_spoken_to(self) -> bool:
        """True when something has arrived that is not read yet."""
        return bool(select.select([self._socket], [], [], _PATIENCE_S)[0])

    def _send_some(self, data: memoryview) -> int:
        self.tries += 1
        return super()._send_some(data)


@contextmanager
def connected(certificates: Certificates, port: int) -> Iterator[Counting]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(certificates.ca_file)
    recorder = HandshakeRecorder()
    recorder.attach(context)
    with ExitStack() as stack:
        plain = stack.enter_context(socket.create_connection((HOST, port), _PATIENCE_S))
        secured = context.wrap_socket(
            plain,
            server_hostname=HOST,
            do_handshake_on_connect=False,
            suppress_ragged_eofs=False,
        )
        stack.enter_context(secured)
        done = shake_hands(secured, recorder, _PATIENCE_S, lambda: 0.0)
        assert done.ending is TlsEnding.DONE, done.message
        channel = Counting(secured, recorder)
        channel.begin()
        yield channel


def pid_listening_at(port: int) -> int:
    """Return the process that listens on this port."""
    found = subprocess.run(
        ["ss", "-Hltnp", f"sport = :{port}"], capture_output=True, text=True, check=True
    )
    return int(found.stdout.partition("pid=")[2].partition(",")[0])


@contextmanager
def stopped(port: int) -> Iterator[None]:
    """Suspend the server, so it neither reads nor sends."""
    pid = pid_listening_at(port)
    os.kill(pid, signal.SIGSTOP)
    yield
    os.kill(pid, signal.SIGCONT)


def test_a_blocked_send_ends_although_the_server_renegotiates(
    certificates: Certificates, tmp_path: Path
) -> None:
    with (
        s_server(certificates, tmp_path, "-tls1_2") as server,
        connected(certificates, server.port) as channel,
    ):
        server.do(NEGOTIATE_ANEW)
        assert channel.is_spoken_to, "no HelloRequest came"
        with stopped(server.port):
            channel.bound(1.0)
            assert not channel.readable(0.0), "it is taken, and the new handshake begins"
            with pytest.raises(TimeoutError):
                channel.send(bytes(1 << 24), lambda: False)
        assert channel.tries < 100, "it waits for the peer, and does not spin"


def test_a_send_goes_on_once_the_new_handshake_is_done(
    certificates: Certificates, tmp_path: Path
) -> None:
    with (
        s_server(certificates, tmp_path, "-tls1_2") as server,
        connected(certificates, server.port) as channel,
    ):
        server.do(NEGOTIATE_ANEW)
        assert channel.is_spoken_to, "no HelloRequest came"
        channel.bound(_PATIENCE_S)
        channel.send(bytes(1 << 20), lambda: False)


@pytest.mark.parametrize(
    ("version", "command"),
    [("-tls1_3", NEW_KEYS), ("-tls1_3", b"k\n")],
    ids=["keys, ours too", "keys"],
)
def test_endless_tls_messages_block_nothing(
    certificates: Certificates, tmp_path: Path, version: str, command: bytes
) -> None:
    """OpenSSL reads on behind each of them within one call, where no time-out of ours is looked at.

    The server reads its commands once somebody has connected.
    """
    with s_server(certificates, tmp_path, version) as server:
        threading.Thread(target=server.repeat, args=(command,), daemon=True).start()
        report = diagnose(tls_target(server.port, ask()(certificates), patience_s=5.0))
    assert (report.verdict.stage, exit_code(report)) == (StageId.ASSOCIATE, ExitCode.NOT_DICOM)
    assert "endless TLS messages" in report.verdict.title
    assert CauseId.PEER_MALFORMED in listed(report)
    assert not proven(report)
