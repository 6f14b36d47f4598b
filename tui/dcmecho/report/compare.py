"""Two checks side by side: their verdicts and facts, as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from dcmecho.diagnosis.conclusion.clock import moment
from dcmecho.diagnosis.evidence import JsonValue
from dcmecho.diagnosis.history.compared import Compared, Values, compared_values
from dcmecho.diagnosis.history.history import Change, differing
from dcmecho.diagnosis.history.words import shown
from dcmecho.report.diagnose import verdict_line
from dcmecho.report.json.history import change_data
from dcmecho.report.json.reading import report_of
from dcmecho.report.page import Verbatim
from dcmecho.report.plain import plain_lines

_SCHEMA = "dcmecho.difference/1"
_LABEL_WIDTH = 16
_UNKNOWN = "not seen"


class Side(NamedTuple):
    """One of two checks, as it was asked for."""

    asked: str
    body: Mapping[str, Any]
    values: Values

    @property
    def verdict(self) -> tuple[str, str, tuple[str, ...]]:
        """What counts of the verdict: status, stage, and the causes.

        Not their order: only who has read the history puts them in another one.
        """
        verdict = self.body["verdict"]
        causes = tuple(sorted(cause["id"] for cause in self.body["causes"]))
        return verdict["status"], verdict["stage"], causes


class Comparison(NamedTuple):
    """Two checks, and whether they are equal in verdict and facts."""

    before: Side
    after: Side

    @property
    def differing(self) -> list[Compared]:
        """The facts that are not the same, also where only one of the checks came to them.

        Services, the interface and our settings count where both have them.
        """
        return [what for what in Compared if self._differs(what)]

    def _differs(self, what: Compared) -> bool:
        before, after = self.pair(what)
        is_asked = what in self.before.values and what in self.after.values
        return before != after and (is_asked or not what.row.only_if_both)

    def pair(self, what: Compared) -> tuple[JsonValue, JsonValue]:
        """Return both values of a fact; of lists what differs, of an unknown one ``None``."""
        return differing(self.before.values.get(what), self.after.values.get(what))

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
        sides = zip((found.before, found.after), found.pair(what), strict=True)
        values = (_shown(side, what, value) for side, value in sides)
        yield f"{what.row.label:{_LABEL_WIDTH}} {' -> '.join(values)}{ours}"
    if not found.differing and not found.is_equal:
        yield "The facts are equal, the verdicts are not."


def _shown(side: Side, what: Compared, value: JsonValue) -> str:
    return shown(what, value) if what in side.values else _UNKNOWN


def comparison_data(found: Comparison) -> dict[str, Any]:
    """Return the comparison as plain data."""
    before, after = found.before, found.after
    return {
        "schema": _SCHEMA,
        "equal": found.is_equal,
        "before": before.body,
        "after": after.body,
        "different": [change_data(Change(what, *found.pair(what))) for what in found.differing],
    }
