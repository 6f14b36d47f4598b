"""The facts that a run collects, and their kinds.

The results of a run are named tuples, here and in ``stage``, ``network`` and ``events``, because
every start defines them all and a named tuple is defined in a quarter of a dataclass's time.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

JsonScalar = str | int | float | bool | None
"""A scalar that JSON can hold; evidence data is a flat mapping of these or of lists of these."""

JsonValue = JsonScalar | list[JsonScalar]


class EvidenceKind(StrEnum):
    """The kind of an observation. The kinds that decide a stage are keys in ``reasoning``."""

    PROFILE_VALID = "profile.valid"
    PROFILE_INVALID = "profile.invalid"
    PROFILE_WARNING = "profile.warning"
    DO_NOT_PROBE = "profile.do-not-probe"

    NAME_LITERAL = "name.literal"
    NAME_RESOLVED = "name.resolved"
    NAME_FAILED = "name.failed"

    TCP_CONNECTED = "tcp.connected"
    TCP_FAILED = "tcp.failed"
    TCP_INFO = "tcp.info"
    TCP_FAMILY = "tcp.family"
    """One of IPv4 and IPv6 refused: what that can mean."""

    TLS_ESTABLISHED = "tls.established"
    TLS_CERTIFICATE = "tls.certificate"
    TLS_CLIENT_CERTIFICATE = "tls.client-certificate"
    TLS_EXPIRES_SOON = "tls.expires-soon"
    TLS_NOT_AUTHENTICATED = "tls.not-authenticated"
    TLS_FAILED = "tls.failed"

    PEER_CLOSED = "peer.closed"
    PEER_RESET = "peer.reset"
    PEER_SILENT = "peer.silent"
    PEER_BYTES = "peer.bytes"
    PEER_MALFORMED = "peer.malformed"
    PEER_ODD = "peer.odd"
    """A violation of the standard that does no harm here."""

    ASSOCIATION_ACCEPTED = "association.accepted"
    ASSOCIATION_REJECTED = "association.rejected"
    ASSOCIATION_ABORTED = "association.aborted"

    CONTEXT_ACCEPTED = "context.accepted"
    CONTEXT_REFUSED = "context.refused"
    CONTEXTS_UNANSWERED = "context.unanswered"
    """The acceptance answers no presentation context."""

    ECHO_RESPONSE = "echo.response"

    RELEASE_RESPONSE = "release.response"
    RELEASE_MISSING = "release.missing"
    ABORT_SENT = "abort.sent"

    SLOW = "slow"
    """A stage passed, but took seconds."""

    CANCELLED = "cancelled"
    NO_TURN = "no-turn"
    """Another check from this machine was using the peer all the time, so nothing was sent."""
    TURN_UNSEEN = "turn.unseen"
    """Checks by others can use the peer at the same time, because this machine has no lock."""
    MAY_BE_FORBIDDEN = "may-be-forbidden"
    """The peer could be one that must not be probed, because the address of that is not known."""
    LOCAL_SHORTAGE = "local.shortage"
    """This machine lacks descriptors, memory or threads, so the check could not go on."""
    VANTAGE_REACHED = "vantage.reached"
    """The peer is asked from another machine; what runs there."""
    VANTAGE_FAILED = "vantage.failed"
    """Nothing could be asked from the vantage point, or not to the end."""
    INTERNAL_ERROR = "internal-error"


class Evidence(NamedTuple):
    """A fact, with the time it was seen.

    ``at_ms`` counts from the start of the run. ``text`` is printable (see ``sanitize``).
    """

    kind: EvidenceKind
    at_ms: float
    text: str
    data: Mapping[str, JsonValue] = MappingProxyType({})
