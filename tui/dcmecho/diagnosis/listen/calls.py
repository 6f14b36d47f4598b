"""One inbound connection: what the caller sent and what dcmecho answered. Frozen.

Texts from the peer are printable. AE titles keep their bytes from the wire.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dcmecho.diagnosis.network.association import Abort, ContextAnswer, Rejection
from dcmecho.diagnosis.network.connection import Address
from dcmecho.diagnosis.rows import WordsEnum
from dcmecho.diagnosis.sanitize import NO_TEXT, PeerText, title_bytes

AE_TITLE_BYTES = 16
"""The length of a title's field in an A-ASSOCIATE PDU (PS3.8 9.3.2)."""


@dataclass(frozen=True, slots=True)
class AeTitle:
    """An AE title as the 16 bytes of its field (PS3.8 9.3.2; PS3.5 6.2, VR AE)."""

    field: bytes

    @classmethod
    def of(cls, text: str) -> AeTitle:
        """Return the title that a person typed, padded with spaces."""
        return cls(text.encode("utf-8", "surrogateescape").ljust(AE_TITLE_BYTES))

    @property
    def significant(self) -> bytes:
        """The title without leading and trailing spaces, which mean nothing (PS3.5 6.2)."""
        return self.field.strip(b" ")

    @property
    def visible(self) -> str:
        """The title as printable text, without byte values."""
        return str(PeerText(self.field.rstrip(b" "))) or "(blank)"

    def __str__(self) -> str:
        """Return printable text, with the bytes in hexadecimal if one of them is unusual."""
        return title_bytes(self.field.rstrip(b" "))


@dataclass(frozen=True, slots=True)
class Uid:
    """A UID as received (printable) and its name, or the UID again if it has no name."""

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
    """How many operations at a time the caller requests (PS3.7 D.3.3.3); 0 means any number."""

    invoked: int
    performed: int

    def __str__(self) -> str:
        return f"{self.invoked or 'any'} invoked, {self.performed or 'any'} performed"


class UserIdentity(StrEnum):
    """The kind of user identity that the caller sent (PS3.7 D.3.3.7), which is never kept."""

    USERNAME = "user name"
    USERNAME_AND_PASSCODE = "user name and passcode"
    KERBEROS = "Kerberos service ticket"
    SAML = "SAML assertion"
    JWT = "JSON web token"
    OTHER = "of a type outside the standard"


@dataclass(frozen=True, slots=True)
class UserInformation:
    """The user information of the caller (PS3.8 9.3.2.3, PS3.7 D.3.3)."""

    max_pdu_bytes: int | None = None
    implementation_class_uid: str = ""
    implementation_version: PeerText = NO_TEXT
    asynchronous: AsynchronousWindow | None = None
    roles: tuple[Role, ...] = ()
    extended: tuple[Uid, ...] = ()
    """SOP classes with extended negotiation (PS3.7 D.3.3.5, D.3.3.6)."""
    user_identity: UserIdentity | None = None


@dataclass(frozen=True, slots=True)
class AssociationRequest:
    """An A-ASSOCIATE-RQ (PS3.8 9.3.2).

    ``fault`` is one printable line: what cannot be read, and at which byte. If it is set, only the
    titles and the version were read.
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
    """dcmecho sent an A-ASSOCIATE-AC (PS3.8 9.3.3) with these results."""

    contexts: tuple[ContextAnswer, ...]


Answer = Accepted | Rejection | Abort
"""dcmecho's answer to the request."""


class NonDicomCaller(StrEnum):
    """The protocol of a caller that does not speak DICOM, guessed from its first bytes."""

    TLS = "TLS"
    HTTP = "a web browser or monitoring (HTTP)"
    SSH = "an SSH client"
    HL7 = "an HL7 application (MLLP)"
    REMOTE_DESKTOP = "a remote desktop client (RDP)"
    UNKNOWN = "no protocol that dcmecho knows"


@dataclass(frozen=True, slots=True)
class AnsweredCommand:
    """A command of the caller: its DIMSE name (``C-ECHO-RQ``) and how often it was sent.

    ``status`` is the status dcmecho answered (PS3.7 C), or ``None`` for a command without an
    answer.
    """

    command: str
    status: int | None
    times: int = 1


class CallEnding(WordsEnum):
    """The end of a connection. The values are those of the JSON."""

    RELEASED = "released in order", "released"
    ABORTED_BY_PEER = "aborted by the caller (A-ABORT)", "aborted by the caller (A-ABORT)"
    CLOSED_BY_PEER = "closed by the caller", "closed by the caller"
    RESET_BY_PEER = "reset by the caller", "reset by the caller"
    REJECTED = "rejected by us", "rejected by dcmecho"
    ABORTED_BY_US = "aborted by us (A-ABORT)", "aborted by dcmecho (A-ABORT)"
    NOT_DICOM = "closed by us: not DICOM", "closed by dcmecho: not DICOM"
    NOTHING_SENT = (
        "closed by us: nothing was sent in time",
        "closed by dcmecho: nothing was sent in time",
    )
    UNFINISHED = (
        "closed by us: a PDU that began did not come to its end in time",
        "closed by dcmecho: a PDU was not completed in time",
    )
    IDLE = "aborted by us: silent for too long", "aborted by dcmecho: nothing sent for too long"
    TOO_LONG = "aborted by us: a PDU over the limit", "aborted by dcmecho: a PDU over the limit"
    STOPPED = "ended as the listener stopped", "ended because the listener stopped"
    FAULT = "ended by a fault in dcmecho", "ended by a bug in dcmecho"


@dataclass(frozen=True, slots=True)
class Call:
    """The state of one inbound connection. ``at`` is aware, UTC; ``number`` starts at 1.

    ``first_bytes`` holds up to 16 bytes of a caller that is not a DICOM application.
    ``stored_objects`` and ``stored_bytes`` count what C-STORE sent; the data is discarded.
    ``remark`` is a printable line about what went wrong, or empty.
    """

    number: int
    at: datetime
    source: Address
    arrived_at: Address
    request: AssociationRequest | None = None
    answer: Answer | None = None
    services: tuple[AnsweredCommand, ...] = ()
    stored_objects: int = 0
    stored_bytes: int = 0
    non_dicom: NonDicomCaller | None = None
    first_bytes: bytes = b""
    ending: CallEnding | None = None
    remark: str = ""

    @property
    def echoed(self) -> bool:
        """True if a C-ECHO of the caller was answered with success."""
        return any(each.command == "C-ECHO-RQ" and each.status == 0 for each in self.services)
