"""Peers on which C-ECHO passes but images do not arrive: return connection and storage.

The peers that call back have you registered at port 11180 of this machine.
"""

from __future__ import annotations

from dcmecho.lab.behaviour import Application, CallBack, MoveResponse, StopsReading, StoreResponse
from dcmecho.lab.offers import EVERYTHING
from dcmecho.lab.peer import OUR_TITLE, Group, LabPeer

_REGISTERED_PORT = 11180

RETRIEVAL = (
    LabPeer(
        id="sends-back",
        port=11163,
        group=Group.RETRIEVAL,
        name="Sends back to you",
        story="An archive that knows you at port 11180: s, then m with any study and that port",
        behaviour=Application(
            offers=EVERYTHING, on_move=CallBack(OUR_TITLE, _REGISTERED_PORT, objects=2)
        ),
    ),
    LabPeer(
        id="destination-unknown",
        port=11164,
        group=Group.RETRIEVAL,
        name="Does not know your AE title",
        story="An archive that answers C-MOVE with 0xA801: s, then m",
        behaviour=Application(
            offers=EVERYTHING, on_move=MoveResponse(0xA801, comment="DESTINATION_NODE_NOT_FOUND")
        ),
    ),
    LabPeer(
        id="cannot-reach-us",
        port=11165,
        group=Group.RETRIEVAL,
        name="Cannot reach you",
        story="An archive behind a firewall, or with an old address of yours: s, then m",
        behaviour=Application(offers=EVERYTHING, on_move=MoveResponse(0xA702, failed=2)),
    ),
    LabPeer(
        id="calls-another-port",
        port=11166,
        group=Group.RETRIEVAL,
        name="Calls another port",
        story="An archive that knows you at port 11181: s, then m with the ports 11180, 11181",
        behaviour=Application(
            offers=EVERYTHING, on_move=CallBack(OUR_TITLE, _REGISTERED_PORT + 1, objects=2)
        ),
    ),
    LabPeer(
        id="calls-another-title",
        port=11167,
        group=Group.RETRIEVAL,
        name="Calls another title",
        story="An archive that has a 0 for the O in your title: s, then m with port 11180",
        behaviour=Application(
            offers=EVERYTHING, on_move=CallBack("MY_W0RKSTATION", _REGISTERED_PORT, objects=2)
        ),
    ),
    LabPeer(
        id="blames-the-destination",
        port=11170,
        group=Group.RETRIEVAL,
        name="Blames the destination",
        story=(
            "Like pynetdicom's qrscp: knows you at port 11181, and answers 0xA801 if rejected: "
            "s, then m with the ports 11180, 11181"
        ),
        behaviour=Application(
            offers=EVERYTHING,
            on_move=CallBack(OUR_TITLE, _REGISTERED_PORT + 1, objects=2, failure=0xA801),
        ),
    ),
    LabPeer(
        id="storage-full",
        port=11168,
        group=Group.RETRIEVAL,
        name="Out of storage",
        story="An archive that refuses to store with 0xA700: s, then t",
        behaviour=Application(
            offers=EVERYTHING, on_store=StoreResponse(0xA700, "no space left in archive")
        ),
    ),
    LabPeer(
        id="stalls-in-transfers",
        port=11169,
        group=Group.RETRIEVAL,
        name="Stalls in large transfers",
        story="A gateway that stops reading after 64 kB: s, then t with 8M",
        behaviour=Application(offers=EVERYTHING, on_store=StopsReading(65_536)),
    ),
)
