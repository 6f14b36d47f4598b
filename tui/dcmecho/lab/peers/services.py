"""Peers on which C-ECHO passes but later services fail."""

from __future__ import annotations

from dcmecho.lab.behaviour import Application, Offer, abort, reject
from dcmecho.lab.offers import EVERYTHING, OBJECTS, PRINTING, QUERIES
from dcmecho.lab.peer import Group, LabPeer

SERVICES = (
    LabPeer(
        id="uncompressed-only",
        port=11160,
        group=Group.SERVICES,
        name="Accepts uncompressed only",
        story="An archive that accepts every object, but only uncompressed: s shows it",
        behaviour=Application(offers=(Offer(QUERIES), Offer(OBJECTS))),
    ),
    LabPeer(
        id="refuses-queries",
        port=11161,
        group=Group.SERVICES,
        name="Allows no queries",
        story=(
            "Like a default Orthanc to unknown callers: answers C-ECHO, aborts at the first C-FIND:"
            " s, then f shows it"
        ),
        behaviour=Application(offers=EVERYTHING, on_find=abort(0, 0)),
    ),
    LabPeer(
        id="rejects-unknown-services",
        port=11171,
        group=Group.SERVICES,
        name="Rejects unknown services",
        story=(
            "Like DCMTK's dcmrecv: rejects with 1/1/1 if it accepts no service that was asked for; "
            "it stores uncompressed objects: s shows it"
        ),
        behaviour=Application(
            on_other_application_context=reject(2, 1, 2),
            offers=(Offer(OBJECTS),),
            when_none_accepted=reject(1, 1, 1),
        ),
    ),
    LabPeer(
        id="film-printer",
        port=11172,
        group=Group.SERVICES,
        name="Film printer",
        story="A film printer: answers C-ECHO, offers only printing, stores nothing: s shows it",
        behaviour=Application(offers=(Offer(PRINTING),)),
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
