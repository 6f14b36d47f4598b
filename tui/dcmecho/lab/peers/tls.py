"""Peers that speak TLS. The lab makes their certificates."""

from __future__ import annotations

from dcmecho.diagnosis.cause import CauseId
from dcmecho.lab.behaviour import Application
from dcmecho.lab.peer import Group, LabPeer
from dcmecho.lab.tls.files import LabTls

TLS = (
    LabPeer(
        id="tls-healthy",
        port=11174,
        group=Group.TLS,
        name="Healthy over TLS",
        story="An archive that speaks TLS, with a certificate that your CA file verifies",
        behaviour=Application(),
        tls=LabTls(),
    ),
    LabPeer(
        id="tls-drops-certificate",
        port=11175,
        group=Group.TLS,
        name="Drops your certificate",
        story="It does not trust your certificate: TLS succeeds, then it closes without a word "
        "(as Node does). x asks again without a certificate",
        behaviour=Application(),
        causes=(CauseId.TLS_CLIENT_CERT_REFUSED,),
        tls=LabTls(knows_nobody=True),
    ),
)
