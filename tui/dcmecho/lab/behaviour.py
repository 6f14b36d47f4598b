"""The behavior of a practice peer, as data: one frozen dataclass per kind.

Most peers are an :class:`Application` (a DICOM application that departs from a healthy one in one
place) or a :class:`Script` (exact steps, for what no DICOM application would do).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from dcmecho.lab import pdu
from dcmecho.lab.pdu import ContextResult
from dcmecho.standard.uids import UNCOMPRESSED


@dataclass(frozen=True, slots=True)
class AwaitPdu:
    """Read one whole PDU and ignore its content."""


@dataclass(frozen=True, slots=True)
class AwaitBytes:
    """Read until anything arrives: for servers that are not DICOM."""


@dataclass(frozen=True, slots=True)
class Send:
    """Send these bytes."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Hold:
    """Send nothing more, and keep the connection open until the client closes it."""


@dataclass(frozen=True, slots=True)
class Close:
    """Close the connection normally (FIN)."""


@dataclass(frozen=True, slots=True)
class Reset:
    """Reset the connection (RST)."""


Step = AwaitPdu | AwaitBytes | Send | Hold | Close | Reset

Steps = tuple[Step, ...]
"""Played in order; after the last one the connection is closed."""


def reject(result: int, source: int, reason: int, then: Step = Hold()) -> Steps:
    """A-ASSOCIATE-RJ (PS3.8 9.3.4); ``then`` is what the peer does with the connection."""
    return (Send(pdu.associate_rj(result, source, reason)), then)


def abort(source: int, reason: int) -> Steps:
    """A-ABORT (PS3.8 9.3.8)."""
    return (Send(pdu.abort(source, reason)), Close())


APPLICATION_CONTEXT_NOT_SUPPORTED = reject(1, 1, 2)
CALLED_AE_NOT_RECOGNIZED = reject(1, 1, 7)
CALLING_AE_NOT_RECOGNIZED = reject(1, 1, 3)


@dataclass(frozen=True, slots=True)
class AnyTitles:
    """Accepts every called and calling title, as most archives do by default."""


@dataclass(frozen=True, slots=True)
class Caller:
    """A registered calling title, and the only address accepted for it (empty: any)."""

    title: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class KnownTitles:
    """Compares titles byte by byte, the called one first. Without callers, accepts any caller."""

    called: str
    callers: tuple[Caller, ...] = ()
    called_refused: Steps = CALLED_AE_NOT_RECOGNIZED
    caller_refused: Steps = CALLING_AE_NOT_RECOGNIZED


@dataclass(frozen=True, slots=True)
class EchoResponse:
    """Answers C-ECHO with a status; ``message_id_offset`` makes the message id wrong."""

    status: int = 0x0000
    message_id_offset: int = 0


@dataclass(frozen=True, slots=True)
class FindResponse:
    """Answers C-FIND with a final status and no match."""

    status: int = 0x0000


@dataclass(frozen=True, slots=True)
class MoveResponse:
    """Answers C-MOVE with a final status, counts and a comment, without sending anything."""

    status: int = 0x0000
    completed: int = 0
    failed: int = 0
    comment: str = ""


@dataclass(frozen=True, slots=True)
class CallBack:
    """Answers C-MOVE by sending ``objects`` to the registered destination.

    If not all were stored, the final status is ``failure`` (pynetdicom's qrscp sends 0xA801). If
    ``ends`` is false, the final response is never sent, not even after C-CANCEL.
    """

    called_ae: str
    port: int
    objects: int = 1
    address: str = "127.0.0.1"
    ends: bool = True
    failure: int = 0xA702


@dataclass(frozen=True, slots=True)
class StoreResponse:
    """Accepts objects, discards them, and answers with a status and a comment."""

    status: int = 0x0000
    comment: str = ""


@dataclass(frozen=True, slots=True)
class StopsReading:
    """Stops reading an object after ``after_bytes``; the connection stays open."""

    after_bytes: int


@dataclass(frozen=True, slots=True)
class Offer:
    """SOP classes accepted besides Verification, with their transfer syntaxes.

    Other transfer syntaxes are refused with result 4.
    """

    sop_classes: tuple[str, ...]
    transfer_syntaxes: tuple[str, ...] = UNCOMPRESSED


@dataclass(frozen=True, slots=True)
class Application:
    """A DICOM application; each field can make it differ from a healthy one.

    ``verification`` answers a presentation context for the Verification SOP class.
    ``on_other_application_context`` is played before the titles are checked (PS3.7 A.2.1);
    without steps the application context is ignored, as in many products. An A-ASSOCIATE-RQ with
    more than ``most_contexts`` is not answered. ``calls_back_as`` is the calling AE title used for
    return connections. If no context is accepted, ``when_none_accepted`` is played instead of an
    acceptance; without steps the association is accepted all the same. ``looks_up_for_s`` seconds
    pass on each connection before anything is read.
    """

    on_other_application_context: Steps = ()
    titles: AnyTitles | KnownTitles = field(default_factory=AnyTitles)
    verification: ContextResult = ContextResult.ACCEPTANCE
    when_none_accepted: Steps = ()
    on_echo: EchoResponse | Steps = field(default_factory=EchoResponse)
    offers: tuple[Offer, ...] = ()
    on_find: FindResponse | Steps = field(default_factory=FindResponse)
    on_move: MoveResponse | CallBack | Steps = field(default_factory=MoveResponse)
    on_store: StoreResponse | StopsReading | Steps = field(default_factory=StoreResponse)
    calls_back_as: str = "TARGET_PACS"
    most_contexts: int = 128
    looks_up_for_s: float = 0.0
    on_release: Steps = (Send(pdu.RELEASE_RP), Hold())


@dataclass(frozen=True, slots=True)
class Script:
    """Plays the same steps on every connection."""

    steps: Steps


@dataclass(frozen=True, slots=True)
class InTurn:
    """Several servers behind one address: each connection goes to the next of them."""

    servers: tuple[Application | Script, ...]


@dataclass(frozen=True, slots=True)
class ClosedPort:
    """Nothing listens, so the host refuses the connection. The port stays reserved."""


@dataclass(frozen=True, slots=True)
class FullQueue:
    """Nothing answers TCP, as with a firewall that drops packets: the accept queue is full."""


Behaviour = Application | Script | InTurn | ClosedPort | FullQueue
