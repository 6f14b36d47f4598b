"""Makes entries of the journal from a survey of services: a C-MOVE, a test image, or what is left.

Nothing of a patient is kept: no Study Instance UID, and no name of a file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from dcmecho.diagnosis.conclusion.conclusion import conclude
from dcmecho.diagnosis.evidence import EvidenceKind
from dcmecho.diagnosis.move.model import MoveOutcome
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.services.model import ServicesResult
from dcmecho.diagnosis.stage import StageId, Status
from dcmecho.diagnosis.survey.proofs import with_services, without_return_connection
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.verdict import Verdict, VerdictStatus
from dcmecho.journal.entry import NO_TIMES, Entry, Span
from dcmecho.journal.journal import Journal
from dcmecho.journal.kinds import Kind
from dcmecho.report.history.remembered import remembered

_ACCEPTED = "the association was accepted, and no C-ECHO asked for"
_OF_A_PATIENT = "(not kept)"


def survey_entries(
    result: ServicesResult, target: Target, journal: Journal, *, with_check: bool
) -> Iterator[Entry]:
    """Yield an entry for each that a survey has asked for; none if it opened no association.

    ``with_check`` if a check is kept that has the other services in its report.
    """
    if not result.opened:
        return
    if result.move is not None and result.move.outcome is not MoveOutcome.UNDER_WAY:
        alone = replace(_without_answers(result), move=result.move)
        yield _entry(Kind.MOVE, alone, target, journal)
    if result.store is not None:
        alone = replace(_without_answers(result), store=result.store)
        yield _entry(Kind.STORE, alone, target, journal)
    others = checked_services(result)
    if others is not None and not (with_check or result.cancelled):
        yield _entry(Kind.SURVEY, others, target, journal)


def as_check(report: Report) -> Report:
    """Return the report as that of a check, without a C-MOVE and a test image."""
    return replace(without_return_connection(report), services=checked_services(report.services))


def checked_services(result: ServicesResult | None) -> ServicesResult | None:
    """Return what belongs to a check, ``None`` for nothing. A transfer stands by itself."""
    if result is None or not result.has_more_than_transfers:
        return None
    like = result.like and replace(result.like, kind=replace(result.like.kind, file=""))
    return replace(result, move=None, store=None, like=like)


def _without_answers(result: ServicesResult) -> ServicesResult:
    return replace(
        result, matrix=None, like=None, query=None, probe=None, move=None, store=None, stopped=None
    )


def _entry(kind: Kind, services: ServicesResult, target: Target, journal: Journal) -> Entry:
    body = remembered(with_services(_on_association(services, target), services))
    if services.move is not None:
        body["services"]["move"] = _without(
            body["services"]["move"], services.move.evidence.order.study_uid
        )
    span = _span(services.started, services.elapsed_ms)
    return Entry(target, journal.book, kind, journal.way, body, span, journal.user)


def _on_association(services: ServicesResult, target: Target) -> Report:
    """Return the report on the association over which the services were asked for."""
    of = (services.run_id, services.started, services.elapsed_ms, target, services.opened)
    report = conclude(*of)
    if report.stage(StageId.AE_TITLE).status is not Status.PASSED:
        return report
    finding = EvidenceKind.ASSOCIATION_ACCEPTED
    verdict = Verdict(VerdictStatus.OK, StageId.ASSOCIATE, _ACCEPTED, finding)
    return replace(report, verdict=verdict, causes=())


def _without(data: Any, uid: str) -> Any:
    """Return data without the UID of a study, which a peer can repeat in its comment."""
    match data:
        case str():
            return re.sub(rf"(?<![0-9.]){re.escape(uid)}(?!\.?[0-9])", _OF_A_PATIENT, data)
        case dict():
            return {key: _without(each, uid) for key, each in data.items()}
        case list():
            return [_without(each, uid) for each in data]
        case _:
            return data


def _span(began: datetime, elapsed_ms: float) -> Span:
    return Span(began, began + timedelta(milliseconds=elapsed_ms), 0, 0, NO_TIMES)
