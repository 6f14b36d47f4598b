"""Peers on which C-ECHO is green, and what comes after it is not."""

from __future__ import annotations

from dcmecho.lab.behaviour import Application, Offer, abort
from dcmecho.lab.offers import EVERYTHING, OBJECTS, QUERIES
from dcmecho.lab.peer import Group, LabPeer

SERVICES = (
    LabPeer(
        id="uncompressed-only",
        port=11160,
        group=Group.SERVICES,
        name="Takes uncompressed only",
        story="An archive that takes every object, and none that is compressed: s shows it",
        behaviour=Application(offers=(Offer(QUERIES), Offer(OBJECTS))),
    ),
    LabPeer(
        id="refuses-queries",
        port=11161,
        group=Group.SERVICES,
        name="Lets nobody query",
        story=(
            "Like a default Orthanc to a stranger: answers C-ECHO, and aborts at the first C-FIND:"
            " s, then f shows it"
        ),
        behaviour=Application(offers=EVERYTHING, on_find=abort(0, 0)),
    ),
    LabPeer(
        id="large-requests",
        port=11162,
        group=Group.SERVICES,
        name="Silent to large requests",
        story="A gateway that answers up to 32 presentation contexts: s, then p shows it",
        behaviour=Application(offers=(Offer(QUERIES),), most_contexts=32),
    ),
)
