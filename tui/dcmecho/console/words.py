"""The console's short words: names of stages, failures in a column, times."""

from __future__ import annotations

from typing import assert_never

from dcmecho.diagnosis.cause import Confidence
from dcmecho.diagnosis.causes.texts import CAUSES
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.sanitize import PARAGRAPH, printable
from dcmecho.diagnosis.stage import StageId
from dcmecho.profiles.book.model import Problem

STAGE_NAME_WIDTH = max(len(stage.row.label) for stage in StageId)


def failure_word(report: Report) -> str:
    """Return what is wrong, for a narrow column: a proven cause, or the stage."""
    cause = report.causes[0] if report.causes else None
    is_proven = cause is not None and cause.confidence is Confidence.PROVEN
    brief = CAUSES.texts[cause.id].brief if cause is not None and is_proven else ""
    return brief or report.verdict.stage.row.failure


def confidence_style(confidence: Confidence) -> str:
    """Return the style of a confidence."""
    match confidence:
        case Confidence.PROVEN:
            return "bold $tone-bad"
        case Confidence.LIKELY:
            return "bold $tone-warning"
        case Confidence.POSSIBLE:
            return "$foreground"
        case _:
            assert_never(confidence)


CONFIDENCE_WIDTH = max(len(confidence.value) for confidence in Confidence)


def problem_text(problem: Problem) -> str:
    """Return a problem with the file's name but not its folder, for a line with little room."""
    parts = (f"{problem.path.name}:{problem.line}", problem.key, problem.message)
    return printable(": ".join(part for part in parts if part), PARAGRAPH)
