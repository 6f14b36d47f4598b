"""Two checks side by side: their verdicts and facts, as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from dcmecho.diagnosis.conclusion.clock import moment
from dcmecho.diagnosis.conclusion.informed import shown
from dcmecho.diagnosis.history.compared import Compared, Values, compared_values
from dcmecho.report.diagnose import verdict_line
from dcmecho.report.json.reading import report_of
from dcmecho.report.page import Verbatim
from dcmecho.report.plain import plain_lines

_SCHEMA = "dcmecho.comparison/1"
_LABEL_WIDTH = 16
_UNKNOWN = "not seen"


class Side(NamedTuple):
    """One of two checks, as it was asked for."""

    asked: str
    body: Mapping[str, Any]
    values: Values

    @property
    def verdict(self) -> tuple[str, str, tuple[str, ...]]:
        """What counts of the verdict: status, stage, and the causes in order."""
        verdict = self.body["verdict"]
        causes = tuple(cause["id"] for cause in self.body["causes"])
        return verdict["status"], verdict["stage"], causes


class Comparison(NamedTuple):
    """Two checks, and whether they are equal in verdict and facts."""

    before: Side
    after: Side

    @property
    def differing(self) -> list[Compared]:
        """The facts that are not the same, also where only one of the checks has them."""
        before, after = self.before.values, self.after.values
        return [what for what in Compared if before.get(what) != after.get(what)]

    @property
    def is_equal(self) -> bool:
        """Report whether verdicts and facts are equal."""
        return self.before.verdict == self.after.verdict and not self.differing


def comparison(
    asked_before: str, before: Mapping[str, Any], asked_after: str, after: Mapping[str, Any]
) -> Comparison:
    """Compare two reports (``dcmecho.report/1``)."""
    return Comparison(
        Side(asked_before, before, compared_values(before)),
        Side(asked_after, after, compared_values(after)),
    )


def render(found: Comparison) -> str:
    """Return the comparison as text; it ends with a newline."""
    lines = plain_lines(Verbatim(line) for line in _lines(found))
    return "".join(f"{line}\n" for line in lines)


def _lines(found: Comparison) -> Iterator[str]:
    for letter, side in zip("AB", (found.before, found.after), strict=True):
        report = report_of(side.body)
        yield f"{letter}  {side.asked}  {moment(report.started)}  {verdict_line(report)}"
    yield " "
    if found.is_equal:
        yield "Equal in verdict and facts."
    for what in found.differing:
        ours = "  (our profile)" if what.row.is_ours else ""
        values = (_shown(side.values, what) for side in (found.before, found.after))
        yield f"{what.row.label:{_LABEL_WIDTH}} {' -> '.join(values)}{ours}"
    if not found.differing and not found.is_equal:
        yield "The facts are equal, the verdicts are not."


def _shown(values: Values, what: Compared) -> str:
    return shown(values[what]) if what in values else _UNKNOWN


def comparison_data(found: Comparison) -> dict[str, Any]:
    """Return the comparison as plain data."""
    before, after = found.before, found.after
    return {
        "schema": _SCHEMA,
        "equal": found.is_equal,
        "before": before.body,
        "after": after.body,
        "different": [
            {"what": what, "before": before.values.get(what), "after": after.values.get(what)}
            for what in found.differing
        ],
    }
