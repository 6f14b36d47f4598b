"""What the journal knows of a target, for a watch that begins."""

from __future__ import annotations

from contextlib import suppress

from dcmecho.diagnosis.conclusion.course import Course
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.watch.sample import Known
from dcmecho.journal.listing import Kept
from dcmecho.report.json.diagnose import target_data
from dcmecho.report.json.reading import report_of


def known_before(kept: Kept, target: Target, course: Course) -> Known | None:
    """Return what a kept report tells; ``None`` if it is about other values, or unreadable here."""
    with suppress(ValueError):
        report = report_of(kept.body)
        if _values(report.target) == _values(target):
            return Known.of(report, kept.ended, course.recent)
    return None


def _values(target: Target) -> dict[str, object]:
    return target_data(target) | {"name": ""}
