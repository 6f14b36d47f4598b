"""What one run does beyond the target's own values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from dcmecho.diagnosis.stage import StageId

SOCKET_TIMEOUT_S = 60.0


class ContextProposal(NamedTuple):
    """A presentation context to propose (PS3.8 9.3.2.2), by UIDs."""

    abstract_syntax: str
    transfer_syntaxes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What one run does beyond the target's own values (DCMTK's echoscu options)."""

    repeat: int = 1
    """C-ECHO requests on the one association (``--repeat``)."""
    abort: bool = False
    """End with A-ABORT in place of A-RELEASE (``--abort``)."""
    transfer_syntaxes: int = 1
    """Transfer syntaxes proposed for Verification, 1 to 3 known ones (``-pts``)."""
    presentation_contexts: int = 1
    """Presentation contexts proposed, 1 to 128 (``-ppc``)."""
    socket_timeout_s: float = SOCKET_TIMEOUT_S
    """Bound on one blocked send (``-ts``)."""
    application_context: str = ""
    """Sent in place of the one that DICOM has (PS3.7 A.2.1); only experiments do that."""
    peer_address: str = ""
    """The address to ask in place of what the host's name has now; all of them where empty."""
    source_address: str = ""
    """The local address to connect from; the system chooses where empty."""
    max_segment_bytes: int = 0
    """Upper bound of our TCP segments (TCP_MAXSEG, tcp(7)); 0 leaves it to the system."""
    last_stage: StageId = StageId.RELEASE
    """The climb ends after this one; what follows is skipped."""
    watch_close_s: float = 0.0
    """How long to watch whether the peer closes after a rejection; it tells families apart."""
    contexts: tuple[ContextProposal, ...] = ()
    """Proposed in place of Verification, at most 128; only what follows a diagnosis does that."""
