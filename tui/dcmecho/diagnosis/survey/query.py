"""Judges a C-FIND for a study that does not exist: are queries allowed at all?"""

from __future__ import annotations

from collections.abc import Mapping

from dcmecho.diagnosis.cause import Confidence
from dcmecho.diagnosis.causes.findings import FINDINGS, Finding, FindingId
from dcmecho.diagnosis.network.association import Ending
from dcmecho.diagnosis.network.responses import (
    code_text,
    ending_noun,
    ending_verb,
    status_text,
)
from dcmecho.diagnosis.run_options import ContextProposal
from dcmecho.diagnosis.sanitize import title_bytes
from dcmecho.diagnosis.services.model import QueryOutcome, QueryResult
from dcmecho.diagnosis.survey.link import FindAnswer
from dcmecho.diagnosis.target.target import Target
from dcmecho.standard.context_results import refusal_words
from dcmecho.standard.statuses import SUCCESS
from dcmecho.standard.uids import (
    EXPLICIT_VR_LITTLE_ENDIAN,
    IMPLICIT_VR_LITTLE_ENDIAN,
    STUDY_ROOT_FIND,
)

_SYNTAXES = (IMPLICIT_VR_LITTLE_ENDIAN, EXPLICIT_VR_LITTLE_ENDIAN)
PROPOSED = (ContextProposal(STUDY_ROOT_FIND, _SYNTAXES),)

SENT = "one C-FIND (Study Root) for a random Study Instance UID, which cannot match"

_ENDINGS: Mapping[Ending, QueryOutcome] = {
    Ending.ABORTED: QueryOutcome.ABORTED,
    Ending.CLOSED: QueryOutcome.CLOSED,
    Ending.RESET: QueryOutcome.CLOSED,
    Ending.TLS_ALERT: QueryOutcome.CLOSED,
    Ending.SILENT: QueryOutcome.NO_ANSWER,
    Ending.NOT_DICOM: QueryOutcome.MALFORMED,
    Ending.MALFORMED: QueryOutcome.MALFORMED,
}


def not_offered(result: int | None, target: Target) -> QueryResult:
    """Judge an acceptance without the query service, by the result of its context."""
    refused = refusal_words(result)
    found = FINDINGS.describe(
        FindingId.QUERY_NOT_OFFERED,
        Confidence.PROVEN,
        _values(target) | {"ending": refused},
    )
    summary = f"not offered: Study Root C-FIND {refused}"
    return QueryResult(QueryOutcome.NOT_OFFERED, summary, findings=(found,))


def judge(answered: FindAnswer, target: Target) -> QueryResult:
    """Judge the answer to the C-FIND."""
    answer = answered.answer
    outcome = _outcome(answered)
    return QueryResult(
        outcome,
        _summary(outcome, answered),
        status=answered.status,
        matches=answered.matches,
        elapsed_ms=answer.elapsed_ms,
        findings=_findings(outcome, answered, _values(target)),
    )


def _outcome(answered: FindAnswer) -> QueryOutcome:
    if answered.matches:
        return QueryOutcome.MATCHED
    ending = answered.answer.ending
    if ending is not Ending.ANSWERED:
        return _ENDINGS.get(ending, QueryOutcome.NOT_ASKED)
    return QueryOutcome.NO_MATCH if answered.status == SUCCESS else QueryOutcome.STATUS


def _summary(outcome: QueryOutcome, answered: FindAnswer) -> str:
    match outcome:
        case QueryOutcome.NO_MATCH:
            return "answered with success, no match: the peer allows you to query"
        case QueryOutcome.MATCHED:
            return "answered with matches for a study that does not exist; none was read"
        case QueryOutcome.STATUS:
            return (
                "answered with"
                f" {status_text(answered.status, answered.status_words, answered.comment)}"
            )
        case QueryOutcome.NO_ANSWER:
            return "accepted the association, then did not answer the C-FIND"
        case QueryOutcome.MALFORMED:
            return f"the answer is malformed: {answered.answer.message or 'not DICOM'}"
        case _:
            return f"accepted the association, then {ending_verb(answered.answer)} at the C-FIND"


def _findings(
    outcome: QueryOutcome, answered: FindAnswer, values: dict[str, str]
) -> tuple[Finding, ...]:
    values |= {
        "ending": answered.answer.message or ending_noun(answered.answer),
        "status": code_text(answered.status, answered.status_words),
        "comment": _comment(answered),
    }
    match outcome:
        case QueryOutcome.CLOSED:
            # PixelMed accepts query contexts that it cannot serve, and closes at the command.
            return (
                FINDINGS.describe(FindingId.QUERY_CRASHED, Confidence.LIKELY, values),
                FINDINGS.describe(FindingId.QUERY_NOT_AUTHORISED, Confidence.POSSIBLE, values),
            )
        case QueryOutcome.ABORTED:
            return (
                FINDINGS.describe(FindingId.QUERY_NOT_AUTHORISED, Confidence.LIKELY, values),
                FINDINGS.describe(FindingId.QUERY_CRASHED, Confidence.POSSIBLE, values),
            )
        case QueryOutcome.STATUS:
            return (FINDINGS.describe(FindingId.QUERY_STATUS, Confidence.PROVEN, values),)
        case QueryOutcome.NO_ANSWER:
            return (FINDINGS.describe(FindingId.QUERY_NO_ANSWER, Confidence.LIKELY, values),)
        case QueryOutcome.MATCHED:
            return (FINDINGS.describe(FindingId.QUERY_KEY_IGNORED, Confidence.PROVEN, values),)
        case QueryOutcome.MALFORMED:
            # An incomplete answer could also have been lost on the network.
            lost = answered.answer.unfinished
            sure = Confidence.LIKELY if lost else Confidence.PROVEN
            return (FINDINGS.describe(FindingId.QUERY_MALFORMED, sure, values),)
        case _:
            return ()


def _comment(answered: FindAnswer) -> str:
    return f": {answered.comment}" if answered.comment else ""


def _values(target: Target) -> dict[str, str]:
    return {
        "called_ae": title_bytes(target.called_ae),
        "calling_ae": title_bytes(target.calling_ae),
    }
