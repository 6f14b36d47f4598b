"""What a caller said and what we answered: one inbound connection as frozen facts.

Text of the peer is printable already; AE titles keep the bytes that stood on the wire.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dcmecho.diagnosis.network.association import Abort, ContextAnswer, Rejection
from dcmecho.diagnosis.network.connection import Address
from dcmecho.diagnosis.sanitize import printable, title_bytes

AE_TITLE_BYTES = 16
"""The length of a title's field in an A-ASSOCIATE PDU (PS3.8 9.3.2)."""


@dataclass(frozen=True, slots=True)
class AeTitle:
    """An AE title as the 16 bytes of its field (PS3.8 9.3.2; PS3.5 6.2, VR AE)."""

    field: bytes

    @classmethod
    def of(cls, text: str) -> AeTitle:
        """The title that a person wrote, padded with spaces."""
        return cls(text.encode("utf-8", "surrogateescape").ljust(AE_TITLE_BYTES))

    @property
    def significant(self) -> bytes:
        """The bytes that mean something: leading and trailing spaces do not (PS3.5 6.2)."""
        return self.field.strip(b" ")

    @property
    def visible(self) -> str:
        """Printable, for where there is no room for bytes."""
        return printable(self.field.rstrip(b" ")) or "(blank)"

    def __str__(self) -> str:
        """Printable; with its bytes in hexadecimal where one of them is odd."""
        return title_bytes(self.field.rstrip(b" "))


@dataclass(frozen=True, slots=True)
class Uid:
    """A UID as it came, printable, and its name; the UID again where it has none."""

    value: str
    name: str

    def __str__(self) -> str:
        return self.name or self.value or "(empty)"


@dataclass(frozen=True, slots=True)
class RequestedContext:
    """A presentation context of an A-ASSOCIATE-RQ (PS3.8 9.3.2.2)."""

    context_id: int
    abstract_syntax: Uid
    transfer_syntaxes: tuple[Uid, ...]


@dataclass(frozen=True, slots=True)
class Role:
    """SCP/SCU role selection of one SOP class (PS3.7 D.3.3.4)."""

    sop_class: Uid
    scu: bool
    scp: bool

    def __str__(self) -> str:
        offered = " and ".join(name for name, yes in (("SCU", self.scu), ("SCP", self.scp)) if yes)
        return f"{self.sop_class}: {offered or 'neither role'}"


@dataclass(frozen=True, slots=True)
class AsynchronousWindow:
    """How many operations at a time the caller wants (PS3.7 D.3.3.3); 0 stands for any number."""

    invoked: int
    performed: int

    def __str__(self) -> str:
        return f"{self.invoked or 'any'} invoked, {self.performed or 'any'} performed"


class UserIdentity(StrEnum):
    """How the caller identifies a user (PS3.7 D.3.3.7). What identifies it is never kept."""

    USERNAME = "user name"
    USERNAME_AND_PASSCODE = "user name and passcode"
    KERBEROS = "Kerberos service ticket"
    SAML = "SAML assertion"
    JWT = "JSON web token"
    OTHER = "of a type outside the standard"


@dataclass(frozen=True, slots=True)
class UserInformation:
    """The caller about itself and its wishes (PS3.8 9.3.2.3, PS3.7 D.3.3)."""

    max_pdu_bytes: int | None = None
    implementation_class_uid: str = ""
    implementation_version: str = ""
    asynchronous: AsynchronousWindow | None = None
    roles: tuple[Role, ...] = ()
    extended: tuple[Uid, ...] = ()
    """SOP classes with extended negotiation (PS3.7 D.3.3.5, D.3.3.6)."""
    user_identity: UserIdentity | None = None


@dataclass(frozen=True, slots=True)
class AssociationRequest:
    """An A-ASSOCIATE-RQ (PS3.8 9.3.2).

    ``fault`` says in one printable line what cannot be read, and at which byte; then only titles
    and version were read.
    """

    pdu_bytes: int
    protocol_version: int
    called_ae: AeTitle
    calling_ae: AeTitle
    application_context: Uid = Uid("", "")
    contexts: tuple[RequestedContext, ...] = ()
    user: UserInformation = UserInformation()
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Accepted:
    """We sent an A-ASSOCIATE-AC (PS3.8 9.3.3) with these results."""

    contexts: tuple[ContextAnswer, ...]


Answer = Accepted | Rejection | Abort
"""What we answered to the request."""


class NonDicomCaller(StrEnum):
    """What a caller is that does not speak DICOM, told from its first bytes."""

    TLS = "TLS"
    HTTP = "a web browser or monitoring (HTTP)"
    SSH = "an SSH client"
    HL7 = "an HL7 application (MLLP)"
    REMOTE_DESKTOP = "a remote desktop client (RDP)"
    UNKNOWN = "no protocol that dcmecho knows"


@dataclass(frozen=True, slots=True)
class Service:
    """What was asked of us on the association: its DIMSE name (``C-ECHO-RQ``) and how often.

    ``status`` is what we answered (PS3.7 C); ``None`` where it asks for no answer.
    """

    command: str
    status: int | None
    times: int = 1


class CallEnding(StrEnum):
    """How a connection ended."""

    RELEASED = "released in order"
    ABORTED_BY_PEER = "aborted by the caller (A-ABORT)"
    CLOSED_BY_PEER = "closed by the caller"
    RESET_BY_PEER = "reset by the caller"
    REJECTED = "rejected by us"
    ABORTED_BY_US = "aborted by us (A-ABORT)"
    NOT_DICOM = "closed by us: not DICOM"
    NOTHING_SENT = "closed by us: nothing was sent in time"
    UNFINISHED = "closed by us: a PDU that began did not come to its end in time"
    IDLE = "aborted by us: silent for too long"
    TOO_LONG = "aborted by us: a PDU over the limit"
    STOPPED = "ended as the listener stopped"
    FAULT = "ended by a fault in dcmecho"


@dataclass(frozen=True, slots=True)
class Call:
    """One inbound connection as far as it has come. ``at`` is aware, UTC; ``number`` from 1.

    ``first_bytes`` are kept of a caller that is no DICOM application, at most 16.
    ``stored_objects`` and ``stored_bytes`` count what C-STORE brought; the data itself is dropped.
    ``remark`` is a printable line about what went wrong, empty where nothing did.
    """

    number: int
    at: datetime
    source: Address
    arrived_at: Address
    request: AssociationRequest | None = None
    answer: Answer | None = None
    services: tuple[Service, ...] = ()
    stored_objects: int = 0
    stored_bytes: int = 0
    stranger: NonDicomCaller | None = None
    first_bytes: bytes = b""
    ending: CallEnding | None = None
    remark: str = ""

    @property
    def echoed(self) -> bool:
        """True once a C-ECHO of the caller was answered with success."""
        return any(each.command == "C-ECHO-RQ" and each.status == 0 for each in self.services)
