"""A synthetic test image, the attempts to store it, and the result. Frozen."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from enum import StrEnum

from dcmecho.diagnosis.causes.findings import Finding
from dcmecho.diagnosis.network.association import Answer
from dcmecho.diagnosis.network.connection import TcpInfo
from dcmecho.diagnosis.sanitize import NO_TEXT, PeerText

PATIENT_NAME = "TEST^DCMECHO"
PATIENT_ID = "DCMECHO-TEST"
DESCRIPTION = "TEST dcmecho, may be deleted"

SMALLEST_BYTES = 4096
LARGEST_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class SyntheticImage:
    """A secondary capture of no real patient: its UIDs, all new, and the size of its pixels."""

    study_uid: str
    series_uid: str
    instance_uid: str
    size_bytes: int

    @property
    def uids(self) -> str:
        """The ids needed to find and delete it."""
        return (
            f"patient {PATIENT_ID} ({PATIENT_NAME}), study {self.study_uid},"
            f" instance {self.instance_uid}"
        )


def new_test_image(size_bytes: int) -> SyntheticImage:
    """Create a test image with new UIDs (PS3.5 B.2, from UUIDs)."""
    study, series, instance = (f"2.25.{uuid.uuid4().int}" for _ in range(3))
    return SyntheticImage(study, series, instance, size_bytes)


@dataclass(frozen=True, slots=True)
class StoreAnswer:
    """The answer to one C-STORE-RQ. ``ANSWERED`` has a status (PS3.7 9.3.1.2).

    ``tcp_before`` was read just before the request. ``sent_bytes`` is the length of the data set.
    """

    answer: Answer
    sent_bytes: int
    tcp_before: TcpInfo | None = None
    status: int | None = None
    status_words: str = ""
    comment: PeerText = NO_TEXT

    @property
    def acknowledged_bytes(self) -> int | None:
        """The number of bytes that the peer's machine has acknowledged, or ``None`` if unknown."""
        after = self.answer.tcp
        if after is None or self.tcp_before is None:
            return None
        return min(after.bytes_acked - self.tcp_before.bytes_acked, self.sent_bytes)


@dataclass(frozen=True, slots=True)
class StoreAttempt:
    """One attempt, in its own association. Without ``answer`` nothing was sent: see ``text``."""

    small_segments: bool
    answer: StoreAnswer | None = None
    context_result: int | None = None
    """The answer to the presentation context, unless it was ``left_unanswered``."""
    max_pdu_bytes: int | None = None
    elapsed_ms: float = 0.0
    """From the first byte of C-STORE-RQ to the last of its answer."""
    text: str = ""
    left_unanswered: bool = False


class StoreOutcome(StrEnum):
    """The outcome of storing a test image."""

    STORED = "stored"
    REFUSED = "refused"
    """Refused by a status, or when the association was negotiated."""
    STALLED = "stalled"
    BROKEN_OFF = "broken-off"
    NO_ANSWER = "no-answer"
    MALFORMED = "malformed"
    NOT_ASKED = "not-asked"
    """No association was opened."""


@dataclass(frozen=True, slots=True)
class StoreResult:
    """The verdict. ``remains`` is true if the object is or might be at the peer."""

    outcome: StoreOutcome
    summary: str
    sent: SyntheticImage
    attempts: tuple[StoreAttempt, ...]
    remains: bool
    findings: tuple[Finding, ...] = ()

    @property
    def succeeded(self) -> bool:
        """True if the peer stored it."""
        return self.outcome is StoreOutcome.STORED
