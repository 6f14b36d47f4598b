"""Peers that do not speak DICOM, or speak it wrong."""

from __future__ import annotations

from dcmecho.diagnosis.cause import CauseId
from dcmecho.lab import payloads
from dcmecho.lab.behaviour import (
    AwaitBytes,
    AwaitPdu,
    Close,
    Hold,
    Script,
    Send,
)
from dcmecho.lab.peer import Group, LabPeer

NOT_DICOM = (
    LabPeer(
        id="http",
        port=11134,
        group=Group.NOT_DICOM,
        name="Web server",
        story="A web server: the port of the viewer instead of the DICOM port",
        behaviour=Script((AwaitBytes(), Send(payloads.HTTP_BAD_REQUEST), Close())),
        causes=(CauseId.PEER_IS_HTTP,),
    ),
    LabPeer(
        id="ssh",
        port=11135,
        group=Group.NOT_DICOM,
        name="SSH server",
        story="An SSH server, which sends a banner at once",
        behaviour=Script(
            (Send(payloads.SSH_BANNER), AwaitBytes(), Send(payloads.SSH_FAREWELL), Close())
        ),
        causes=(CauseId.PEER_IS_SSH,),
    ),
    LabPeer(
        id="tls",
        port=11136,
        group=Group.NOT_DICOM,
        name="TLS only",
        story="An archive that speaks TLS only: it answers plain DICOM with a TLS alert",
        behaviour=Script((AwaitBytes(), Send(payloads.TLS_UNEXPECTED_MESSAGE), Close())),
        causes=(CauseId.PEER_IS_TLS,),
    ),
    LabPeer(
        id="ftp",
        port=11137,
        group=Group.NOT_DICOM,
        name="Another protocol",
        story="An FTP server, as an example of any other protocol",
        behaviour=Script((Send(payloads.FTP_GREETING), Hold())),
        causes=(CauseId.PEER_IS_OTHER,),
    ),
    LabPeer(
        id="malformed",
        port=11138,
        group=Group.NOT_DICOM,
        name="Malformed acceptance",
        story="A server whose A-ASSOCIATE-AC contains an item longer than the PDU",
        behaviour=Script((AwaitPdu(), Send(payloads.OVERLONG_CONTEXT), Hold())),
        causes=(CauseId.PEER_MALFORMED,),
    ),
    LabPeer(
        id="half-pdu",
        port=11139,
        group=Group.NOT_DICOM,
        name="Half an acceptance",
        story="A server that sends half of its A-ASSOCIATE-AC and then nothing more",
        behaviour=Script((AwaitPdu(), Send(payloads.HALF_ACCEPTANCE), Hold())),
        causes=(CauseId.PEER_MALFORMED,),
    ),
    LabPeer(
        id="endless-pdu",
        port=11140,
        group=Group.NOT_DICOM,
        name="Endless acceptance",
        story="A server whose A-ASSOCIATE-AC claims a length of 4 GiB",
        behaviour=Script((AwaitPdu(), Send(payloads.ENDLESS_PDU), Hold())),
        causes=(CauseId.PEER_MALFORMED,),
    ),
)
