"""The options of one run, in addition to the target's values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from dcmecho.diagnosis.stage import StageId

SOCKET_TIMEOUT_S = 60.0
SMALL_SEGMENT_BYTES = 500
"""Segments of this size pass every path: the smallest usual MTU is 576 (RFC 9293 3.7.1)."""


class ContextProposal(NamedTuple):
    """A presentation context to propose (PS3.8 9.3.2.2), by UIDs."""

    abstract_syntax: str
    transfer_syntaxes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RunOptions:
    """The options of one run (those of DCMTK's echoscu, and those of experiments)."""

    repeat: int = 1
    """Number of C-ECHO requests on the association (``--repeat``)."""
    abort: bool = False
    """End with A-ABORT instead of A-RELEASE (``--abort``)."""
    transfer_syntaxes: int = 1
    """Number of transfer syntaxes proposed for Verification, 1 to 3 (``-pts``)."""
    presentation_contexts: int = 1
    """Number of presentation contexts proposed, 1 to 128 (``-ppc``)."""
    socket_timeout_s: float = SOCKET_TIMEOUT_S
    """Maximum time of one blocked send, in seconds (``-ts``)."""
    application_context: str = ""
    """Sent instead of the DICOM one (PS3.7 A.2.1), by experiments only."""
    peer_address: str = ""
    """The only address to connect to; if empty, all addresses of the host are tried."""
    source_address: str = ""
    """The local address to connect from; if empty, the system chooses."""
    max_segment_bytes: int = 0
    """Maximum size of sent TCP segments (TCP_MAXSEG, tcp(7)); 0 leaves it to the system."""
    last_stage: StageId = StageId.RELEASE
    """The last stage to run."""
    watch_close_s: float = 0.0
    """How long to wait for a close after a rejection, which tells families apart, in seconds."""
    contexts: tuple[ContextProposal, ...] = ()
    """Proposed instead of Verification, at most 128, by surveys and tests after a check."""
