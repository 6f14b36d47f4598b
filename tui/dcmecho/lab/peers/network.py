"""Peers that fail like a network, or like a server that sends nothing."""

from __future__ import annotations

from dcmecho.diagnosis.cause import CauseId
from dcmecho.lab.behaviour import (
    Application,
    AwaitPdu,
    Close,
    ClosedPort,
    FullQueue,
    Hold,
    InTurn,
    Reset,
    Script,
)
from dcmecho.lab.peer import Group, LabPeer

NETWORK = (
    LabPeer(
        id="silent",
        port=11141,
        group=Group.NETWORK,
        name="Silent",
        story="A server that accepts the connection and never sends anything",
        behaviour=Script((Hold(),)),
        causes=(CauseId.PEER_SILENT,),
    ),
    LabPeer(
        id="closes-on-connect",
        port=11142,
        group=Group.NETWORK,
        name="Closes on connect",
        story="A load balancer without a server: closes before any request",
        behaviour=Script((Close(),)),
        causes=(CauseId.PEER_CLOSED_ON_CONNECT,),
    ),
    LabPeer(
        id="closes-on-request",
        port=11143,
        group=Group.NETWORK,
        name="Closes on request",
        story="A server that reads the association request and closes the connection",
        behaviour=Script((AwaitPdu(), Close())),
        causes=(CauseId.PEER_CLOSED_ON_REQUEST,),
    ),
    LabPeer(
        id="resets-on-connect",
        port=11144,
        group=Group.NETWORK,
        name="Resets on connect",
        story="An access list that resets the connection before any request",
        behaviour=Script((Reset(),)),
        causes=(CauseId.TCP_RESET,),
    ),
    LabPeer(
        id="resets-on-request",
        port=11145,
        group=Group.NETWORK,
        name="Resets on request",
        story="A TLS port or an intrusion filter: resets the connection at the association request",
        behaviour=Script((AwaitPdu(), Reset())),
        causes=(CauseId.PEER_RESET_ON_REQUEST, CauseId.PEER_IS_TLS),
    ),
    LabPeer(
        id="one-of-three-dead",
        port=11173,
        group=Group.NETWORK,
        name="One of three is dead",
        story="A balancer with a dead server: resets one association of three (--repeat 3 +ma)",
        behaviour=InTurn((Script((AwaitPdu(), Reset())), Application(), Application())),
        causes=(CauseId.PEER_RESET_ON_REQUEST, CauseId.PEER_IS_TLS),
        causes_repeated=(CauseId.PEER_ONE_OF_SEVERAL,),
    ),
    LabPeer(
        id="closed-port",
        port=11146,
        group=Group.NETWORK,
        name="Nothing listens",
        story="A host that is up, with nothing listening on the port",
        behaviour=ClosedPort(),
        causes=(CauseId.TCP_REFUSED,),
    ),
    LabPeer(
        id="full-queue",
        port=11147,
        group=Group.NETWORK,
        name="No answer to TCP",
        story="A port that drops connections, like a firewall or a server that hangs",
        behaviour=FullQueue(),
        causes=(CauseId.TCP_NO_ANSWER,),
    ),
)
