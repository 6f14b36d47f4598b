"""Programs that ask a peer, as people run them: a table to read and to extend."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from dcmecho.diagnosis.target.target import Target
from tests.network.peers.real_peers import require_program
from tests.scenarios.command_line import ELSEWHERE

_DEADLINE_S = 15.0
"""Who has not ended by then is interrupted, as by a person at a terminal."""

Command = Callable[[Target], Sequence[str]]


@dataclass(frozen=True)
class Caller:
    """A program, and how it asks a target with C-ECHO."""

    name: str
    command: Command
    speaks_tls: bool = False

    def ask(self, target: Target) -> bytes:
        """Return what it writes, until it ends or does not."""
        with subprocess.Popen(
            self.command(target), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=ELSEWHERE
        ) as running:
            try:
                return running.communicate(timeout=_DEADLINE_S)[0]
            except subprocess.TimeoutExpired:
                running.kill()
                return running.communicate()[0]


def _dcmtk(*how: str) -> Command:
    def command(target: Target) -> Sequence[str]:
        program = require_program("echoscu", "dcmtk")
        return [program, *how, *_timeouts(target, "-to"), *_tls(target), *_whom(target)]

    return command


def _pynetdicom(*how: str) -> Command:
    def command(target: Target) -> Sequence[str]:
        program = [sys.executable, "-m", "pynetdicom", "echoscu", *how]
        return [*program, *_timeouts(target, "-tn"), *_whom(target)]

    return command


def _dcmecho(*how: str) -> Command:
    def command(target: Target) -> Sequence[str]:
        program = [sys.executable, "-m", "dcmecho", *how]
        return [*program, *_timeouts(target, "-to"), *_tls(target), *_whom(target)]

    return command


def _timeouts(target: Target, connecting: str) -> Sequence[str]:
    seconds = f"{target.acse_timeout_s:.0f}"
    return [word for option in (connecting, "-ta", "-td") for word in (option, seconds)]


def _tls(target: Target) -> Sequence[str]:
    tls = target.tls
    if tls is None:
        return []
    own = ["+tls", tls.key_file, tls.cert_file] if tls.cert_file else ["+tla"]
    trusted = [word for file in tls.ca_files for word in ("+cf", file)]
    return [*own, *trusted, *([] if tls.verify else ["-ic"])]


def _whom(target: Target) -> Sequence[str]:
    titles = ["-aet", target.calling_ae, "-aec", target.called_ae]
    return [*titles, target.host, str(target.port)]


ECHOSCU = Caller("echoscu -v", _dcmtk("-v"), speaks_tls=True)
ECHOSCU_DEBUG = Caller("echoscu -d", _dcmtk("-d"), speaks_tls=True)
PYNETDICOM = Caller("pynetdicom echoscu -v", _pynetdicom("-v"))
PYNETDICOM_DEBUG = Caller("pynetdicom echoscu -d", _pynetdicom("-d"))
DCMECHO = Caller("dcmecho -v", _dcmecho("-v"), speaks_tls=True)
DCMECHO_DEBUG = Caller("dcmecho -d", _dcmecho("-d"), speaks_tls=True)

CALLERS = (ECHOSCU, ECHOSCU_DEBUG, PYNETDICOM, PYNETDICOM_DEBUG, DCMECHO, DCMECHO_DEBUG)
PYNETDICOM_TLS = Caller(
    "pynetdicom over TLS",
    lambda target: [
        sys.executable,
        str(Path(__file__).with_name("pynetdicom_over_tls.py")),
        *("-ta", f"{target.acse_timeout_s:.0f}"),
        *_tls(target),
        *_whom(target),
    ],
    speaks_tls=True,
)
"""Not among the callers of plain peers."""
