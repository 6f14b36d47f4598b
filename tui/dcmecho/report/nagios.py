"""Reports as one line of a monitoring plugin: status, text, performance data.

Nagios, Icinga, Naemon and Checkmk read this format (Monitoring Plugins Development Guidelines).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.sanitize import PARAGRAPH, cut, printable
from dcmecho.exit_codes import NagiosCode, nagios_code, worst_for_nagios
from dcmecho.report.diagnose import name_of

_LONGEST = 1024
"""Characters of the text: NRPE passes on no more."""
_NAMED = 5
"""Maximum failing targets named, so the line fits a notification."""


def render(reports: Sequence[Report], complaints: Sequence[str] = ()) -> str:
    """Return one line for one target or for many, ending with a newline.

    ``complaints`` say why further targets could not be checked.
    """
    code = code_of(reports, complaints)
    if not reports:
        return _line(code, "; ".join(complaints) or "nothing was checked", ())
    if len(reports) == 1 and not complaints:
        return _line(code, _one(reports[0]), _times(reports[0]))
    return _line(code, "; ".join((_many(reports), *complaints)), _counts(reports))


def code_of(reports: Sequence[Report], complaints: Sequence[str] = ()) -> NagiosCode:
    """Return the plugin's exit code that matches :func:`render`."""
    unchecked = (NagiosCode.UNKNOWN,) if complaints else ()
    return worst_for_nagios((*map(nagios_code, reports), *unchecked))


def _line(code: NagiosCode, words: str, figures: Iterator[str] | tuple[str, ...]) -> str:
    # The first bar in a line starts the performance data.
    said = cut(printable(words, PARAGRAPH), _LONGEST).replace("|", "/")
    measured = " ".join(figures)
    return f"DCMECHO {code.name} - {said}" + (f" | {measured}" if measured else "") + "\n"


def _one(report: Report) -> str:
    return f"{name_of(report.target)}: {_verdict(report)}"


def _many(reports: Sequence[Report]) -> str:
    found = [report for report in reports if nagios_code(report) is not NagiosCode.OK]
    found.sort(key=lambda report: _BAD_FIRST.index(nagios_code(report)))
    if not found:
        return f"all of {len(reports)} targets answer C-ECHO with success"
    named = "; ".join(f"{name_of(report.target)}: {_verdict(report)}" for report in found[:_NAMED])
    more = f"; and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
    return f"{len(found)} of {len(reports)} targets: {named}{more}"


_BAD_FIRST = (NagiosCode.CRITICAL, NagiosCode.UNKNOWN, NagiosCode.WARNING)


def _verdict(report: Report) -> str:
    if nagios_code(report) is NagiosCode.OK:
        return report.verdict.title
    if report.verdict.is_forbidden:
        return report.verdict.title
    return f"{report.verdict.stage.row.label}: {report.verdict.title}"


def _times(report: Report) -> Iterator[str]:
    for stage in report.stages:
        if stage.id.row.measured_as and stage.elapsed_ms is not None:
            yield f"{stage.id.row.measured_as}={stage.elapsed_ms:.3f}ms;;;0"
    yield f"total={report.elapsed_ms:.3f}ms;;;0"


def _counts(reports: Sequence[Report]) -> Iterator[str]:
    counts = Counter(map(nagios_code, reports))
    for code in NagiosCode:
        yield f"{code.name.lower()}={counts[code]};;;0;{len(reports)}"
