"""What a slow stage can mean, by what else was seen on the connection."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from dcmecho.diagnosis.cause import CauseId, Confidence
from dcmecho.diagnosis.conclusion.conclusion import conclude
from dcmecho.diagnosis.evidence import Evidence, EvidenceKind
from dcmecho.diagnosis.experiments.plans import OperatorSetup
from dcmecho.diagnosis.investigation import Investigation
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.stage import StageId, StageResult, Status, ladder_of
from dcmecho.diagnosis.stages.slowness import SLOW_FROM_MS
from dcmecho.diagnosis.verdict import VerdictStatus
from dcmecho.exit_codes import ExitCode, NagiosCode, exit_code, nagios_code
from tests.unit.causes.slow import PLAIN, SECURED, SENT_AGAIN, SENT_ONCE, SLOW_MS, checked

LIKELY, POSSIBLE = Confidence.LIKELY, Confidence.POSSIBLE

LOOKUP = [(CauseId.PEER_NAME_LOOKUP, LIKELY), (CauseId.PEER_SLOW, POSSIBLE)]
SLOW_EVERYWHERE = [(CauseId.PEER_SLOW, LIKELY), (CauseId.PEER_NAME_LOOKUP, POSSIBLE)]


@dataclass(frozen=True)
class Case:
    name: str
    report: Report
    stage: StageId
    causes: list[tuple[CauseId, Confidence]]

    def __str__(self) -> str:
        return self.name


CASES = [
    Case(
        "association, then quick",
        checked({StageId.ASSOCIATE: SLOW_MS}),
        StageId.ASSOCIATE,
        LOOKUP,
    ),
    Case(
        "association, then quick, as the kernel says",
        checked({StageId.ASSOCIATE: SLOW_MS}, SENT_ONCE),
        StageId.ASSOCIATE,
        LOOKUP,
    ),
    Case(
        "TLS, then quick: DCMTK looks its caller up before TLS",
        checked({StageId.TLS: SLOW_MS}, target=SECURED),
        StageId.TLS,
        LOOKUP,
    ),
    Case(
        "association and C-ECHO",
        checked({StageId.ASSOCIATE: SLOW_MS, StageId.ECHO: SLOW_MS}),
        StageId.ASSOCIATE,
        SLOW_EVERYWHERE,
    ),
    Case(
        "association, and C-ECHO a fifth of it",
        checked({StageId.ASSOCIATE: 2500.0, StageId.ECHO: 500.0}),
        StageId.ASSOCIATE,
        SLOW_EVERYWHERE,
    ),
    Case(
        "association, and segments were sent again",
        checked({StageId.ASSOCIATE: SLOW_MS}, SENT_AGAIN),
        StageId.ASSOCIATE,
        [
            (CauseId.TCP_SLOW, LIKELY),
            (CauseId.PEER_NAME_LOOKUP, POSSIBLE),
            (CauseId.PEER_SLOW, POSSIBLE),
        ],
    ),
    Case(
        "TCP",
        checked({StageId.CONNECT: 3000.0}),
        StageId.CONNECT,
        [(CauseId.TCP_SLOW, LIKELY), (CauseId.PEER_SLOW, POSSIBLE)],
    ),
    Case(
        "the name server of this machine",
        checked({StageId.RESOLVE: 4000.0}),
        StageId.RESOLVE,
        [],
    ),
    Case(
        "C-ECHO alone",
        checked({StageId.ECHO: SLOW_MS}),
        StageId.ECHO,
        [(CauseId.PEER_SLOW, LIKELY)],
    ),
    Case(
        "C-ECHO alone, and segments were sent again",
        checked({StageId.ECHO: SLOW_MS}, SENT_AGAIN),
        StageId.ECHO,
        [(CauseId.TCP_SLOW, LIKELY), (CauseId.PEER_SLOW, POSSIBLE)],
    ),
    Case(
        "TLS without a verified peer, and a slow association",
        checked({StageId.ASSOCIATE: SLOW_MS}, target=SECURED, warned=True),
        StageId.TLS,
        LOOKUP,
    ),
    Case(
        "TLS without a verified peer, and slow",
        checked({StageId.TLS: SLOW_MS}, target=SECURED, warned=True),
        StageId.TLS,
        LOOKUP,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
class TestASlowStage:
    def test_is_a_warning_with_causes_none_of_them_proven(self, case: Case) -> None:
        verdict = case.report.verdict
        assert (verdict.status, verdict.stage) == (VerdictStatus.WARNING, case.stage)
        assert [(each.id, each.confidence) for each in case.report.causes] == case.causes
        assert exit_code(case.report) is ExitCode.OK
        assert nagios_code(case.report) is NagiosCode.WARNING

    def test_is_told_with_what_follows_for_others(self, case: Case) -> None:
        assert "other programs give up after 5 or 10 s" in case.report.verdict.title

    def test_leaves_no_placeholder_in_the_words(self, case: Case) -> None:
        for cause in case.report.causes:
            assert "{" not in cause.explanation + "".join(cause.actions)


@pytest.mark.parametrize(
    ("again_ms", "causes"), [(SLOW_MS, LOOKUP), (3.0, SLOW_EVERYWHERE)], ids=["slow", "quick"]
)
def test_an_experiment_that_is_quick_speaks_for_a_peer_that_was_busy(
    again_ms: float, causes: list[tuple[CauseId, Confidence]]
) -> None:
    first = checked({StageId.ASSOCIATE: SLOW_MS})
    investigation = Investigation.of(first, OperatorSetup("NOSUCH123"))
    (experiment, *_) = investigation.possible()
    again = investigation.with_result(experiment, checked({StageId.ASSOCIATE: again_ms}))
    assert [(each.id, each.confidence) for each in again.report.causes] == causes


@pytest.mark.parametrize("stage", ladder_of(SECURED))
def test_what_takes_less_is_no_warning(stage: StageId) -> None:
    report = checked({stage: SLOW_FROM_MS - 1}, target=SECURED)
    assert (report.verdict.status, report.causes) == (VerdictStatus.OK, ())


def test_a_slow_stage_proves_what_a_quick_one_does() -> None:
    slow = checked({StageId.CONNECT: SLOW_MS, StageId.ASSOCIATE: SLOW_MS, StageId.ECHO: SLOW_MS})
    assert slow.proven == checked({}).proven


def test_a_slow_handshake_without_a_verified_peer_proves_no_more_than_a_quick_one() -> None:
    slow = checked({StageId.TLS: SLOW_MS}, target=SECURED, warned=True)
    assert slow.proven == checked({}, target=SECURED, warned=True).proven


def test_a_failure_after_it_is_the_verdict() -> None:
    passed = checked({StageId.ASSOCIATE: SLOW_MS}).stages
    aborted = Evidence(EvidenceKind.ASSOCIATION_ABORTED, 1.0, "aborted", {"source": 0, "reason": 0})
    stages = tuple(
        StageResult(each.id, Status.FAILED, "aborted", 1.0, (aborted,))
        if each.id is StageId.ECHO
        else each
        for each in passed
    )
    report = conclude("run", datetime.now(UTC), 1.0, PLAIN, stages)
    assert (report.verdict.status, report.verdict.stage) == (VerdictStatus.FAILED, StageId.ECHO)
    assert CauseId.PEER_NAME_LOOKUP not in {cause.id for cause in report.causes}
