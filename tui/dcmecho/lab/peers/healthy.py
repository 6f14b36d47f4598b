"""Peers that answer C-ECHO correctly."""

from __future__ import annotations

from dcmecho.diagnosis.cause import CauseId
from dcmecho.lab.behaviour import (
    Application,
    Hold,
)
from dcmecho.lab.offers import EVERYTHING
from dcmecho.lab.peer import Group, LabPeer

HEALTHY = (
    LabPeer(
        id="healthy",
        port=11112,
        group=Group.HEALTHY,
        name="Healthy archive",
        story="An archive that answers everyone, with any AE titles",
        behaviour=Application(offers=EVERYTHING),
    ),
    LabPeer(
        id="slow-name-lookup",
        port=11152,
        group=Group.HEALTHY,
        name="Slow name lookup",
        story=(
            "Like DCMTK's storescp with a name server that does not answer: each association takes "
            "over 2 s, then all is quick"
        ),
        behaviour=Application(offers=EVERYTHING, looks_up_for_s=2.2),
        causes=(CauseId.PEER_NAME_LOOKUP, CauseId.PEER_SLOW),
    ),
    LabPeer(
        id="release-unanswered",
        port=11113,
        group=Group.HEALTHY,
        name="No answer to release",
        story="An archive that answers C-ECHO but never answers A-RELEASE-RQ",
        behaviour=Application(on_release=(Hold(),)),
        causes=(CauseId.RELEASE_NO_ANSWER,),
    ),
)
