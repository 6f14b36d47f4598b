"""A watch as plain ASCII text: one line per change, and a table at the end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from dcmecho.diagnosis.conclusion.clock import moment
from dcmecho.diagnosis.counting import count
from dcmecho.diagnosis.duration import duration
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.watch.changes import span
from dcmecho.diagnosis.watch.sample import Sample, SampleOutcome
from dcmecho.diagnosis.watch.times import Figures
from dcmecho.diagnosis.watch.watch import Changed, Sampled, Watched, WatchState
from dcmecho.report.diagnose import name_of

_NAME_WIDTH = 20
_HEADINGS = ("checks", "lost", "min", "median", "p95", "jitter")
_FIGURE_WIDTH = 6


def first_line(event: Sampled) -> str:
    """Return the result of the first check of a target."""
    sample = event.sample
    if sample.outcome is SampleOutcome.ANSWERED:
        text = f"{sample.status}: {sample.title}"
    elif sample.is_forbidden:
        text = sample.title
    else:
        text = f"{sample.status} at {sample.stage.row.label}: {sample.title}"
    return _line(sample.at, event.target, text)


def change_line(event: Changed) -> str:
    """Return one change, with the local time at which it was seen."""
    return _line(event.change.at, event.target, event.change.text)


def summary(state: WatchState) -> str:
    """Return the figures of every target; the text ends with a newline."""
    head = "".join(f"{each:>{_FIGURE_WIDTH}} " for each in _HEADINGS)
    lines = [
        f"Watched {count(len(state.watched), 'target')} for {span(state.elapsed_s)}",
        f"{'':8} {'':{_NAME_WIDTH}} {head}changes",
        *(line for each in state.watched for line in _rows(each)),
    ]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _rows(watched: Watched) -> Iterator[str]:
    """Yield the figures of C-ECHO, and those of TLS and association below them."""
    yield _row(watched)
    for stage, times in watched.before_echo.items():
        cells = "".join(f"{cell:>{_FIGURE_WIDTH}} " for cell in ("", "", *_times(times.figures)))
        yield f"{'':8} {'  ' + stage.row.label:{_NAME_WIDTH}} {cells}"


def _row(watched: Watched) -> str:
    word = _word(watched.last)
    cells = "".join(f"{cell:>{_FIGURE_WIDTH}} " for cell in _cells(watched))
    name = name_of(watched.target)
    short = name if len(name) <= _NAME_WIDTH else name[: _NAME_WIDTH - 2] + ".."
    return f"{word:8} {short:{_NAME_WIDTH}} {cells}{watched.change_count:>7}"


def _word(last: Sample | None) -> str:
    if last is None:
        return "NOT YET"
    return "SKIPPED" if last.is_forbidden else last.status.upper()


def _cells(watched: Watched) -> Iterator[str]:
    figures = watched.figures
    yield str(figures.asked)
    yield "-" if figures.loss_percent is None else _percent(figures.loss_percent)
    yield from _times(figures)


def _times(figures: Figures) -> Iterator[str]:
    for value in (figures.min_ms, figures.median_ms, figures.p95_ms, figures.jitter_ms):
        yield "-" if value is None else duration(value)


def _percent(value: float) -> str:
    """Return ``0 %``, ``0.8 %`` or ``25 %``."""
    return f"{value:.1f} %" if 0 < value < 10 else f"{value:.0f} %"


def _line(at: datetime, target: Target | None, text: str) -> str:
    name = name_of(target) if target else "(this machine)"
    return f"{moment(at)}  {name:{_NAME_WIDTH}} {text}"
