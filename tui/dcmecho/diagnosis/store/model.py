"""A synthetic object to store, how each attempt went, and what it comes to. Frozen."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from enum import StrEnum

from dcmecho.diagnosis.causes.findings import Finding
from dcmecho.diagnosis.network.association import Answer
from dcmecho.diagnosis.network.connection import TcpInfo

PATIENT_NAME = "TEST^DCMECHO"
PATIENT_ID = "DCMECHO-TEST"
DESCRIPTION = "TEST dcmecho, may be deleted"

SMALLEST_BYTES = 4096
LARGEST_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class SyntheticImage:
    """A secondary capture of nobody: its UIDs, all new, and how many bytes its pixels have."""

    study_uid: str
    series_uid: str
    instance_uid: str
    size_bytes: int

    @property
    def uids(self) -> str:
        """What to look for in order to delete it."""
        return (
            f"patient {PATIENT_ID} ({PATIENT_NAME}), study {self.study_uid},"
            f" instance {self.instance_uid}"
        )


def new_test_object(size_bytes: int) -> SyntheticImage:
    """Make one with UIDs that nobody has (PS3.5 B.2, from UUIDs)."""
    study, series, instance = (f"2.25.{uuid.uuid4().int}" for _ in range(3))
    return SyntheticImage(study, series, instance, size_bytes)


@dataclass(frozen=True, slots=True)
class StoreAnswer:
    """The answer to one C-STORE-RQ. ``ANSWERED`` has a status (PS3.7 9.3.1.2).

    ``tcp_before`` is from just before the request. ``sent_bytes`` is the length of the data set.
    """

    answer: Answer
    sent_bytes: int
    tcp_before: TcpInfo | None = None
    status: int | None = None
    status_words: str = ""
    comment: str = ""

    @property
    def acknowledged_bytes(self) -> int | None:
        """How much of the request the peer's machine has; ``None`` where the kernel is silent."""
        after = self.answer.tcp
        if after is None or self.tcp_before is None:
            return None
        return min(after.bytes_acked - self.tcp_before.bytes_acked, self.sent_bytes)


@dataclass(frozen=True, slots=True)
class StoreAttempt:
    """One association for it. Without ``answer`` nothing was sent: ``text`` says why."""

    small_segments: bool
    answer: StoreAnswer | None = None
    context_result: int | None = None
    max_pdu_bytes: int | None = None
    elapsed_ms: float = 0.0
    """From the first byte of C-STORE-RQ to the last of its answer."""
    text: str = ""


class StoreOutcome(StrEnum):
    """What storing a test object came to."""

    STORED = "stored"
    REFUSED = "refused"
    """By a status, or in the association."""
    STALLED = "stalled"
    BROKEN_OFF = "broken-off"
    NO_ANSWER = "no-answer"
    MALFORMED = "malformed"
    NOT_ASKED = "not-asked"
    """The association did not come about."""


@dataclass(frozen=True, slots=True)
class StoreResult:
    """The verdict. ``remains`` says that the object is, or may be, at the peer."""

    outcome: StoreOutcome
    summary: str
    sent: SyntheticImage
    attempts: tuple[StoreAttempt, ...]
    remains: bool
    findings: tuple[Finding, ...] = ()

    @property
    def succeeded(self) -> bool:
        """True where the peer stored it."""
        return self.outcome is StoreOutcome.STORED
