"""The practice peers: tables to read and to extend, one per subject. A new row adds a peer.

``dcmecho lab`` serves on ``port``. The healthy archive answers
``dcmecho -v -aet MY_WORKSTATION -aec TARGET_PACS 127.0.0.1 11112``.
"""

from __future__ import annotations

from dcmecho.lab.peers.ae_titles import AE_TITLES
from dcmecho.lab.peers.association import ASSOCIATION
from dcmecho.lab.peers.c_echo import C_ECHO
from dcmecho.lab.peers.healthy import HEALTHY
from dcmecho.lab.peers.move_and_store import RETRIEVAL
from dcmecho.lab.peers.network import NETWORK
from dcmecho.lab.peers.not_dicom import NOT_DICOM
from dcmecho.lab.peers.services import SERVICES
from dcmecho.lab.peers.tls import TLS

PEERS = (
    *HEALTHY,
    *AE_TITLES,
    *ASSOCIATION,
    *C_ECHO,
    *TLS,
    *NOT_DICOM,
    *NETWORK,
    *SERVICES,
    *RETRIEVAL,
)
