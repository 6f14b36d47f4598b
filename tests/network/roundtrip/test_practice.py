"""What callers write of each practice peer, and their packets, tell what a check of it says."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from dcmecho.diagnosis.observed.association import EndedBy
from tests.network.roundtrip.callers import (
    CALLERS,
    DCMECHO,
    ECHOSCU,
    PYNETDICOM,
    PYNETDICOM_DEBUG,
    Caller,
)
from tests.network.roundtrip.comparing import Agreement, compare
from tests.network.roundtrip.messages import unknown_errors
from tests.network.roundtrip.practice import Pair, ask, pairs, truth

_SMOKE = ("called-unknown", "tls", "echo-closes", "closed-port")
_SMOKE_CALLERS = (ECHOSCU, PYNETDICOM, DCMECHO)

_NO_TEXT: Mapping[str, tuple[tuple[Caller, ...], str]] = {
    "slow-name-lookup": (
        CALLERS,
        "echo tools write no times, and on a busy machine dcmecho itself can wait under 2 s",
    ),
    "release-unanswered": ((PYNETDICOM,), "at -v it mostly writes the same after a release"),
    "echo-other-message": (
        (PYNETDICOM, PYNETDICOM_DEBUG),
        "it takes the answer to another message for one to its own",
    ),
    "tls-drops-certificate": ((ECHOSCU,), "at -v it does not write that it speaks TLS"),
}
"""By peer the callers whose text cannot tell, and why."""

_SPEAKS_FIRST = frozenset({"ssh", "ftp", "closes-on-connect", "resets-on-connect"})
"""Peers that speak or close at once: a caller can end before it has sent anything of DICOM."""

_CLOSES_AFTER_ITS_ANSWER = frozenset({"http", "ssh"})
"""Peers that close when a caller has seen already that they do not speak DICOM."""

_ENDED_BY_US = frozenset(
    {
        "slow-name-lookup",
        "release-unanswered",
        "verification-refused",
        "transfer-syntax-refused",
        "context-refused",
        "echo-status",
        "echo-unanswered",
        "echo-other-message",
        "ftp",
        "malformed",
        "half-pdu",
        "endless-pdu",
        "silent",
    }
)
"""Failing peers that never end it."""


def _assert_told(pair: Pair, folder: Path) -> None:
    heard, true = ask(pair, folder), truth(pair.peer)
    callers, _ = _NO_TEXT.get(pair.peer.id, ((), ""))
    agreement = compare(true, heard.explained.failures)
    assert heard.explained.is_dicom, heard.text
    assert unknown_errors(heard.text) == [], "add it to tui/dcmecho/diagnosis/texts/software"
    assert agreement is not Agreement.DIFFERED or pair.caller in callers, heard
    if pair.peer.id == "slow-name-lookup" and not heard.read.associations[0].causes:
        return
    if not heard.read.associations and pair.peer.id in _SPEAKS_FIRST:
        assert heard.read.others == 1
        return
    assert compare(true, heard.read.associations) is not Agreement.DIFFERED, heard.read
    (association,) = heard.read.associations
    assert association.ended_by in _ended_by(pair), heard.read


def _ended_by(pair: Pair) -> tuple[EndedBy, ...]:
    peer = pair.peer
    if peer.tls is not None:
        return EndedBy.UNKNOWN, EndedBy.SERVER
    if peer.id == "full-queue":
        return EndedBy.UNKNOWN, EndedBy.NETWORK
    if peer.id in _CLOSES_AFTER_ITS_ANSWER:
        return EndedBy.CLIENT, EndedBy.SERVER
    is_ours = not peer.causes or peer.id in _ENDED_BY_US
    return (EndedBy.CLIENT,) if is_ours else (EndedBy.SERVER,)


@pytest.mark.parametrize("caller", _SMOKE_CALLERS, ids=lambda caller: caller.name)
@pytest.mark.parametrize("peer", _SMOKE)
def test_text_and_packets_tell_what_a_check_says(peer: str, caller: Caller, tmp_path: Path) -> None:
    (pair,) = (each for each in pairs() if (each.peer.id, each.caller) == (peer, caller))
    _assert_told(pair, tmp_path)


@pytest.mark.nightly
@pytest.mark.parametrize(
    "pair",
    [p for p in pairs() if p.peer.id not in _SMOKE or p.caller not in _SMOKE_CALLERS],
    ids=str,
)
def test_text_and_packets_tell_it_of_every_peer(pair: Pair, tmp_path: Path) -> None:
    _assert_told(pair, tmp_path)
