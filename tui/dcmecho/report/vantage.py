"""One peer asked from several machines, side by side, as plain text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from dcmecho.diagnosis.comparison.comparison import Comparison, stages_of, vantage_of
from dcmecho.diagnosis.comparison.seen import NOTHING, own_address_of, seen_of, was_asked
from dcmecho.diagnosis.report import Report
from dcmecho.report.diagnose import name_of, verdict_line
from dcmecho.report.page import Explained, Gap, Heading, Item, Part, Text, Verbatim
from dcmecho.report.plain import plain_lines
from dcmecho.report.wrapping import WIDTH

_LABEL = 14
_NARROWEST = 12
_MARK = "<- differs first"


def render(found: Comparison) -> str:
    """Return the comparison, ending with a newline."""
    return "\n".join(plain_lines(_parts(found))) + "\n"


def _parts(found: Comparison) -> Iterator[Part]:
    yield Heading(
        f"{name_of(replace(found.target, vantage=''))}, asked from {len(found.reports)} machines"
    )
    yield Gap()
    for reports in _tables(found.reports):
        for line in _table(reports, found):
            yield Verbatim(line)
        yield Gap()
    width = max(len(vantage_of(report)) for report in found.reports)
    for report in found.reports:
        yield Item(f"{vantage_of(report):{width}}", verdict_line(report))
    yield Gap()
    yield from _conclusion(found)


def _conclusion(found: Comparison) -> Iterator[Part]:
    if found.causes:
        yield Heading("What the difference leaves")
        for number, cause in enumerate(found.causes):
            yield Explained(cause, whole=not number)
        return
    if not found.is_known:
        yield Text("Nothing is known of the peer: no vantage point could ask it.")
    elif found.differs_at is not None:
        yield Text(f"They differ at {found.differs_at.row.label}, and the peer answers from each.")
    elif len([report for report in found.reports if was_asked(report)]) > 1:
        yield Text("The same from everywhere.")
    first = next((report for report in found.reports if report.causes), None)
    for number, cause in enumerate(first.causes if first else ()):
        yield Explained(cause, whole=not number)


def _tables(reports: Sequence[Report]) -> Iterator[Sequence[Report]]:
    """Yield as many reports at a time as fit side by side."""
    room = WIDTH - _LABEL - len(_MARK)
    count = max(room // (_column(reports) + 2), 1)
    for first in range(0, len(reports), count):
        yield reports[first : first + count]


def _column(reports: Sequence[Report]) -> int:
    texts = [seen_of(report, stage).text for report in reports for stage in stages_of(reports)]
    names = [vantage_of(report) for report in reports]
    return max(map(len, (*texts, *names, " " * _NARROWEST)))


def _table(reports: Sequence[Report], found: Comparison) -> Iterator[str]:
    width = _column(found.reports)

    def line(label: str, cells: Sequence[str], mark: str = "") -> str:
        row = "  ".join(f"{cell:{width}}" for cell in cells)
        return f"{label:{_LABEL}}{row}  {mark}".rstrip()

    yield line("", [vantage_of(report) for report in reports])
    for stage in stages_of(found.reports):
        cells = [
            seen_of(report, stage).text if was_asked(report) else NOTHING.text for report in reports
        ]
        yield line(stage.row.label, cells, _MARK if stage is found.differs_at else "")
    yield line("called from", [own_address_of(report) or NOTHING.text for report in reports])
