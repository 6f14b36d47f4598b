"""What callers write about each practice peer is explained as a check of that peer would be."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence

import pytest

from dcmecho.diagnosis.cause import Confidence
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.texts.explaining import Explained, explain
from dcmecho.lab.peer import LabPeer
from dcmecho.lab.peers import PEERS
from dcmecho.lab.server import Lab
from tests.network.peers.real_peers import require_program

_PATIENCE_S = 60.0
_SMOKE = frozenset({"called-unknown", "http", "echo-closes", "closed-port"})
_HANGS = frozenset({"ftp", "half-pdu", "endless-pdu", "full-queue"})
"""echoscu or pynetdicom's does not end at these, whatever its timeouts: it writes nothing more."""
_UNTOLD = frozenset({"echo-other-message", "tls-drops-certificate"})
"""pynetdicom takes the first for a success; at the second these callers do not speak TLS."""
_FAILING = tuple(p for p in PEERS if p.causes and p.id not in _SMOKE | _HANGS | _UNTOLD)
Caller = Callable[[Target], Sequence[str]]


def _echoscu(target: Target) -> Sequence[str]:
    program = require_program("echoscu", "dcmtk")
    titles = ["-aet", target.calling_ae, "-aec", target.called_ae]
    return [program, "-v", "-to", "2", "-ta", "2", "-td", "2", *titles, *_place(target)]


def _pynetdicom(target: Target) -> Sequence[str]:
    titles = ["-aet", target.calling_ae, "-aec", target.called_ae]
    times = ["-ta", "2", "-td", "2", "-tn", "2"]
    return [sys.executable, "-m", "pynetdicom", "echoscu", "-v", *times, *titles, *_place(target)]


def _place(target: Target) -> Sequence[str]:
    return [target.host, str(target.port)]


def _written(command: Sequence[str]) -> bytes:
    done = subprocess.run(
        command, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=_PATIENCE_S
    )
    return done.stdout


def _explained(peer: LabPeer, caller: Caller) -> tuple[bytes, Explained]:
    with Lab((peer,)) as lab:
        (target,) = lab.targets()
        text = _written(caller(target))
    return text, explain([[text]])


def _agrees(peer: LabPeer, caller: Caller) -> None:
    text, found = _explained(peer, caller)
    ids = {cause.id for failure in found.failures for cause in failure.causes}
    proven = {
        cause.id
        for failure in found.failures
        for cause in failure.causes
        if cause.confidence is Confidence.PROVEN
    }
    assert found.is_dicom, text
    assert ids & set(peer.causes), text
    assert proven <= set(peer.causes), text


@pytest.mark.parametrize("caller", [_echoscu, _pynetdicom])
@pytest.mark.parametrize("peer", [p for p in PEERS if p.id in _SMOKE], ids=lambda peer: peer.id)
def test_what_a_caller_writes_lists_the_cause(peer: LabPeer, caller: Caller) -> None:
    _agrees(peer, caller)


@pytest.mark.nightly
@pytest.mark.parametrize("caller", [_echoscu, _pynetdicom])
@pytest.mark.parametrize("peer", _FAILING, ids=lambda peer: peer.id)
def test_what_a_caller_writes_lists_the_cause_at_every_peer(peer: LabPeer, caller: Caller) -> None:
    _agrees(peer, caller)
