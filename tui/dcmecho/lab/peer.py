"""The type of a row in the table of practice peers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from dcmecho.diagnosis.cause import CauseId
from dcmecho.lab.behaviour import Behaviour
from dcmecho.lab.tls.files import LabTls

OUR_TITLE = "MY_WORKSTATION"
THEIR_TITLE = "TARGET_PACS"


class Group(StrEnum):
    """The headings of the demo's target list."""

    HEALTHY = "Healthy"
    AE_TITLES = "AE titles"
    ASSOCIATION = "Association"
    C_ECHO = "C-ECHO"
    TLS = "TLS"
    NOT_DICOM = "Not DICOM"
    NETWORK = "Network"
    SERVICES = "Services"
    RETRIEVAL = "Retrieval and storage"


@dataclass(frozen=True, slots=True)
class LabPeer:
    """One practice peer.

    ``story`` is one line for the user. ``causes`` are those that a report about it must list: the
    true one, and those that look the same on the wire. A healthy peer has none. ``causes_repeated``
    are those that only several associations in a row show (``--repeat 3 +ma``).
    """

    id: str
    port: int
    group: Group
    name: str
    story: str
    behaviour: Behaviour
    causes: tuple[CauseId, ...] = ()
    called_ae: str = THEIR_TITLE
    calling_ae: str = OUR_TITLE
    causes_repeated: tuple[CauseId, ...] = ()
    tls: LabTls | None = None
