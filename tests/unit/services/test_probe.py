"""What the large-PDU probe concludes from each course of answers.

Played, since a way that fails at one moment and recovers at the next cannot be had on demand; the
courses that can are in ``tests/scenarios/test_large_requests.py`` and ``tests/network``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from dcmecho.diagnosis.cause import Confidence
from dcmecho.diagnosis.causes.findings import FindingId
from dcmecho.diagnosis.evidence import EvidenceKind, JsonValue
from dcmecho.diagnosis.network.association import Acceptance
from dcmecho.diagnosis.network.connection import TcpInfo
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.run_options import ContextProposal, RunOptions
from dcmecho.diagnosis.sanitize import NO_TEXT
from dcmecho.diagnosis.services.model import ProbeResult
from dcmecho.diagnosis.stage import StageId
from dcmecho.diagnosis.survey.associations import AssociationOutcome, Associations, UseServices
from dcmecho.diagnosis.survey.link import ServiceLink
from dcmecho.diagnosis.survey.probe import CONTEXTS, MOST_ASSOCIATIONS, Probe
from tests.unit.report.reports import ended, green
from tests.unit.services.surveyed import TARGET

TCP = TcpInfo(0.1, 3, 6, 1, 1448, 1500, 4)
REJECTION: dict[str, JsonValue] = {"result": 1, "source": 1, "reason": 1}


def silent(*, acknowledged: bool) -> Report:
    data: dict[str, JsonValue] = {"acknowledged": acknowledged}
    return ended(StageId.ASSOCIATE, EvidenceKind.PEER_SILENT, data)


COURSES = {
    "+": None,
    "L": silent(acknowledged=False),
    "U": silent(acknowledged=True),
    "R": ended(StageId.ASSOCIATE, EvidenceKind.ASSOCIATION_REJECTED, REJECTION),
    "B": ended(StageId.ASSOCIATE, EvidenceKind.PEER_RESET, {"before_request": False}),
    "N": ended(
        StageId.CONNECT,
        EvidenceKind.TCP_FAILED,
        {"peer": "", "errno": 111, "error": "", "timed_out": False, "elapsed_ms": 1.0},
    ),
}
"""One letter an answer: + accepted, Lost, Unanswered, Rejected, Broken, Not reached."""


class Played(Associations):
    """Answers as the letters say; small segments are written in small letters."""

    def __init__(self, letters: str) -> None:
        super().__init__("run", TARGET, self._never, lambda _: None, lambda _: None, 0)
        self._letters = list(letters)

    def _never(self) -> ServiceLink:
        raise AssertionError("nothing is opened")

    def open(
        self,
        purpose: str,
        contexts: tuple[ContextProposal, ...],
        _use: UseServices | None = None,
        options: RunOptions | None = None,
        _acse_timeout_s: float | None = None,
    ) -> AssociationOutcome:
        """Give the next answer."""
        letter = self._letters.pop(0)
        small = options is not None and options.max_segment_bytes > 0
        assert small == (letter.islower() or letter == "*"), f"{purpose}: {letter} expected"
        report = COURSES["+" if letter == "*" else letter.upper()]
        acceptance = None if report else Acceptance(16384, "", NO_TEXT, ())
        return AssociationOutcome(report or green(), acceptance, 148 * len(contexts) + 172, TCP)

    @property
    def is_over(self) -> bool:
        return not self._letters


def concluded(letters: str) -> ProbeResult:
    played = Played(letters)
    result = Probe(played).run()
    assert played.is_over
    assert len(result.requests) <= MOST_ASSOCIATIONS
    return result


def suspects(result: ProbeResult) -> list[tuple[FindingId, Confidence]]:
    return [(finding.id, finding.confidence) for finding in result.findings]


def test_all_answered() -> None:
    assert concluded("+" * len(CONTEXTS)).passed


@pytest.mark.parametrize(
    ("letters", "suspected"),
    [
        ("++L*L", [(FindingId.PATH_LOSES_BIG_PACKETS, Confidence.PROVEN)]),
        ("++U*U", [(FindingId.PATH_LOSES_BIG_ANSWERS, Confidence.LIKELY)]),
        ("+++++L*L", [(FindingId.PATH_LOSES_BIG_PACKETS, Confidence.PROVEN)]),
        ("++L*U", [(FindingId.PATH_LOSES_BIG_PACKETS, Confidence.LIKELY)]),
        ("++L*R", [(FindingId.PATH_LOSES_BIG_PACKETS, Confidence.LIKELY)]),
        ("++Ll+", [(FindingId.PATH_LOSES_REQUESTS, Confidence.LIKELY)]),
        ("++Uu+", [(FindingId.PEER_LARGE_REQUEST_UNANSWERED, Confidence.LIKELY)]),
        ("++R+", [(FindingId.PEER_LARGE_REQUEST_REFUSED, Confidence.LIKELY)]),
        ("++B+", [(FindingId.PEER_LARGE_REQUEST_REFUSED, Confidence.POSSIBLE)]),
    ],
)
def test_a_size_that_fails(letters: str, suspected: Sequence[tuple[FindingId, Confidence]]) -> None:
    result = concluded(letters)
    assert not result.passed
    assert suspects(result) == suspected


@pytest.mark.parametrize(
    "letters",
    [
        "L",  # nothing passed: no matter of size
        "U",
        "R",
        "++N",
        "++L*+",  # it passes when it is repeated
        "++U*+",
        "++LlL",  # now the small one is lost too
        "++UuU",
        "++RR",
        "++Lr",
        "++Ln",
    ],
)
def test_what_says_nothing_about_sizes(letters: str) -> None:
    result = concluded(letters)
    assert not result.passed
    assert result.findings == ()


def test_the_words_have_the_sizes_that_the_network_team_needs() -> None:
    (found,) = concluded("++L*L").findings
    for figure in ("1448", "1500", "retransmissions: 4", str(148 * CONTEXTS[2] + 172)):
        assert figure in found.explanation


def test_without_figures_of_the_kernel_the_words_still_read() -> None:
    played = Played("++L*L")
    opened = played.open

    def without(*given: object, **named: object) -> AssociationOutcome:
        return replace(opened(*given, **named), tcp=None)  # type: ignore[arg-type]

    played.open = without  # type: ignore[method-assign]
    (found,) = Probe(played).run().findings
    assert "unknown" in found.explanation
