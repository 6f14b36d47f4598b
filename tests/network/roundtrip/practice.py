"""What callers write of the practice peers, and their packets."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from dcmecho.capture.associations.reading import ReadCapture, read_associations
from dcmecho.diagnosis.texts.explaining import Explained, explain
from dcmecho.lab.peer import LabPeer
from dcmecho.lab.peers import PEERS
from dcmecho.lab.server import Lab
from tests.network.diagnose.diagnosing import diagnose
from tests.network.roundtrip.callers import CALLERS, Caller
from tests.network.roundtrip.comparing import Truth
from tests.network.roundtrip.recording import recorded


class Pair(NamedTuple):
    """A practice peer, and who asks it."""

    peer: LabPeer
    caller: Caller

    def __str__(self) -> str:
        return f"{self.peer.id} {self.caller.name}"


class Heard(NamedTuple):
    """What one run is told as, from outside."""

    text: bytes
    explained: Explained
    read: ReadCapture


def pairs() -> Sequence[Pair]:
    """Return all but those of callers that speak no TLS with peers that do."""
    found = (Pair(peer, caller) for peer in PEERS for caller in CALLERS)
    return [each for each in found if each.caller.speaks_tls or each.peer.tls is None]


def ask(pair: Pair, folder: Path) -> Heard:
    """Let a caller ask a peer: the text and the packets of that are read."""
    file = folder / "run.pcap"
    # A lab of its own, because some peers answer each association differently.
    with Lab((pair.peer,)) as lab:
        (target,) = lab.targets()
        with recorded(file, target.port):
            text = pair.caller.ask(target)
    return Heard(text, explain([[text]]), read_associations([str(file)]))


@cache
def truth(peer: LabPeer) -> Truth:
    """Return what a check says of a peer."""
    with Lab((peer,)) as lab:
        (target,) = lab.targets()
        return Truth(diagnose(target), frozenset(peer.causes))
