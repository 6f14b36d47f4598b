"""Peers that accept the association but fail at C-ECHO."""

from __future__ import annotations

from dcmecho.diagnosis.cause import CauseId
from dcmecho.lab.behaviour import (
    Application,
    Close,
    EchoResponse,
    Hold,
)
from dcmecho.lab.peer import Group, LabPeer

C_ECHO = (
    LabPeer(
        id="echo-status",
        port=11130,
        group=Group.C_ECHO,
        name="C-ECHO fails",
        story="An archive that answers C-ECHO with status 0x0122, SOP class not supported",
        behaviour=Application(on_echo=EchoResponse(status=0x0122)),
        causes=(CauseId.ECHO_STATUS,),
    ),
    LabPeer(
        id="echo-unanswered",
        port=11131,
        group=Group.C_ECHO,
        name="No answer to C-ECHO",
        story="An archive that accepts the association but never answers C-ECHO",
        behaviour=Application(on_echo=(Hold(),)),
        causes=(CauseId.ECHO_NO_ANSWER,),
    ),
    LabPeer(
        id="echo-closes",
        port=11132,
        group=Group.C_ECHO,
        name="Closes at C-ECHO",
        story="An archive that crashes at C-ECHO: it closes the connection without an answer",
        behaviour=Application(on_echo=(Close(),)),
        causes=(CauseId.ECHO_CLOSED,),
    ),
    LabPeer(
        id="echo-other-message",
        port=11133,
        group=Group.C_ECHO,
        name="Answers another message",
        story="An archive whose C-ECHO response answers a message that nobody sent",
        behaviour=Application(on_echo=EchoResponse(message_id_offset=76)),
        causes=(CauseId.PEER_MALFORMED,),
    ),
)
