"""No text speaks of a cause that the experiments above it speak against.

Walked over every pair of a first answer and an experiment's answer that a rule compares, and over
the simulated families with all of their experiments.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from dcmecho.diagnosis.cause import Cause, CauseId, Who
from dcmecho.diagnosis.causes.texts import CAUSES
from dcmecho.diagnosis.conclusion.conclusion import conclude, values_of
from dcmecho.diagnosis.experiments.answers import AnswerKind
from dcmecho.diagnosis.experiments.comparisons import RULES
from dcmecho.diagnosis.experiments.plans import Attempt, Experiment, ExperimentId
from dcmecho.diagnosis.experiments.rule import Rule
from dcmecho.diagnosis.guide.words import look_for
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.run_options import RunOptions
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.target.tls import TlsSettings
from dcmecho.report.diagnose import render
from dcmecho.report.handover import message as handover
from tests.unit.experiments.answered import EXAMPLES
from tests.unit.experiments.peer_matrix import FAMILIES, Family
from tests.unit.experiments.repeating import asked_again
from tests.unit.experiments.scenarios import TARGET, scenarios, told_apart

STARTED = datetime(2026, 11, 23, 10, 32, 5, tzinfo=UTC)
C = CauseId
CALLER = frozenset({C.AE_CALLING_UNKNOWN, C.AE_HOST_NOT_ALLOWED})
TITLES = CALLER | {C.AE_CALLED_UNKNOWN}

MENTIONS: Mapping[str, frozenset[CauseId]] = {
    r"requires? TLS|plain or TLS": frozenset({C.PEER_IS_TLS}),
    r"[Bb]oth titles (and|are)|A title or": TITLES,
    r"registered|your title or|unknown callers|know your AE title|check your side": CALLER,
    r"[Aa]nother kind of service|not DICOM|your DICOM port|HL7": frozenset({C.PEER_IS_OTHER}),
    r"machine is on|is off|full queue|queue is full": frozenset({C.TCP_UNREACHABLE}),
    r"none of the requested services": frozenset({C.CONTEXT_REFUSED}),
    r"lookalikes": frozenset({C.AE_CALLED_UNKNOWN, C.AE_CALLING_UNKNOWN}),
    r"does not give .* a permission": frozenset({C.AUTH_PER_COMMAND}),
    r"user identity": frozenset({C.AUTH_IDENTITY_REQUIRED}),
}
"""What words in a text speak of. A table to read and to extend."""

OVER_TLS = {AnswerKind.TLS_BROKEN, AnswerKind.TLS_SILENT, AnswerKind.CLOSED_TO_CERTIFICATE}


def concluded(target: Target, attempts: Sequence[Attempt]) -> Report:
    return conclude("run", STARTED, 5.0, target, attempts[0].stages, attempts)


def after(rule: Rule, first: AnswerKind, then: AnswerKind) -> Report:
    """The report after one experiment, and after all repeats, which are answered as before."""
    target = replace(TARGET, tls=TlsSettings()) if first in OVER_TLS else TARGET
    asked = Experiment(rule.experiment, target, "what is sent", "what it splits", RunOptions())
    made = [Attempt(None, EXAMPLES[first].stages), Attempt(asked, EXAMPLES[then].stages)]
    return concluded(target, asked_again(made, target))


def pairs() -> Iterator[tuple[Rule, AnswerKind, AnswerKind]]:
    for rule in RULES:
        for first in sorted(rule.first):
            yield from ((rule, first, then) for then in sorted(rule.then))


def told(report: Report, cause: Cause[CauseId]) -> Iterator[str]:
    """Everything that is said about one of the causes that are left."""
    yield from (cause.title, cause.explanation, *cause.actions)
    yield from (each.text for each in cause.behind)
    values = values_of(report.target, report.started, report.stages)
    yield look_for(cause.id, values, report.set_aside)


def contradictions(report: Report) -> list[str]:
    """Every text that speaks only of causes that were set aside."""
    return [
        f"{cause.id}: {text}"
        for cause in report.causes
        for text in told(report, cause)
        for words, about in MENTIONS.items()
        if about <= report.set_aside and cause.id not in about and re.search(words, text)
    ]


def test_no_text_contradicts_the_experiment() -> None:
    found = {}
    for rule, first, then in pairs():
        if wrong := contradictions(after(rule, first, then)):
            found[rule.experiment, first.name, then.name] = wrong
    assert found == {}


def test_a_first_step_is_left_and_leads_to_whoever_acts() -> None:
    leads = re.compile(r"Before you call, |.*(administrator|network team|vendor)")
    wrong = [
        (rule.experiment, first.name, then.name, cause.id, cause.actions[:1])
        for rule, first, then in pairs()
        for cause in after(rule, first, then).causes
        if cause.who is not Who.YOU and not any(map(leads.match, cause.actions[:1]))
    ]
    assert wrong == []


@pytest.mark.parametrize("family", FAMILIES, ids=str)
def test_no_text_contradicts_the_experiments_at_a_simulated_peer(family: Family) -> None:
    for scenario in scenarios(family):
        made = [scenario.first, *told_apart(scenario.experiments)]
        report = concluded(scenario.target, asked_again(made, scenario.target))
        assert contradictions(report) == []


def of(rule: ExperimentId, first: AnswerKind, then: AnswerKind) -> Report:
    """The report after this experiment."""
    (found,) = [
        each
        for each in RULES
        if each.experiment is rule and first in each.first and then in each.then
    ]
    return after(found, first, then)


def test_your_side_is_not_doubted_once_the_peer_is_known_to_accept_it() -> None:
    report = of(
        ExperimentId.CONTROL_CALLING, AnswerKind.REJECTED_CALLED, AnswerKind.REJECTED_CALLING
    )
    text = render(report)
    assert "accepts your calling title" in text
    assert "check your side" not in text
    assert "Do not trust the reason code" not in text
    assert report.causes[0].id is C.AE_CALLED_UNKNOWN
    message = handover.render(report, Who.PEER, report.causes, STARTED)
    assert "What to register" not in message


@pytest.mark.parametrize("then", [AnswerKind.NOT_TLS, AnswerKind.TLS_BROKEN, AnswerKind.TLS_SILENT])
def test_nobody_is_asked_about_tls_once_a_greeting_was_not_answered_in_tls(
    then: AnswerKind,
) -> None:
    report = of(ExperimentId.FLIP_TLS, AnswerKind.CLOSED, then)
    first = report.causes[0]
    assert first.id is C.PEER_CLOSED_ON_REQUEST
    assert not [text for text in told(report, first) if "TLS" in text]


def test_a_peer_that_knows_the_title_is_asked_for_the_permission_alone() -> None:
    report = of(
        ExperimentId.CONTROL_CALLING, AnswerKind.ABORTED_AT_ECHO, AnswerKind.REJECTED_CALLING
    )
    first = report.causes[0]
    assert first.id is C.AUTH_PER_COMMAND
    assert "Ask them to allow C-ECHO for MY_WORKSTATION." in first.actions
    assert not [text for text in told(report, first) if "register" in text]


def test_within_tls_nothing_suggests_that_tls_is_missing() -> None:
    target = replace(TARGET, tls=TlsSettings())
    report = concluded(target, [Attempt(None, EXAMPLES[AnswerKind.CLOSED].stages)])
    assert C.PEER_IS_TLS in report.set_aside
    assert contradictions(report) == []


def test_every_mention_is_one_of_some_text() -> None:
    texts = " ".join(
        passage.text
        for text in CAUSES.texts.values()
        for passage in (*text.explanation, *text.actions, *(each for _, each in text.behind))
    )
    assert [words for words in MENTIONS if not re.search(words, texts)] == []
