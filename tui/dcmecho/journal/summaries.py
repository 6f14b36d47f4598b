"""Sums up a watch: equal checks of five minutes are one span, and each change begins a new one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from dcmecho.diagnosis.history.compared import compared_values
from dcmecho.diagnosis.target.target import Target
from dcmecho.journal.entry import PHASES, Span, Times, one_run
from dcmecho.journal.times import milliseconds

_WINDOW_MS = 5 * 60_000
"""Of the clock, so that those of all targets end together and are written at once."""


class Summary(NamedTuple):
    """Equal checks of a target: the first of them as a report, and when all of them were."""

    target: Target
    body: Mapping[str, Any]
    span: Span


class _Running:
    """The checks of a target in this window, all equal."""

    def __init__(self, target: Target, body: Mapping[str, Any], condition: object) -> None:
        self.target = target
        self.body = body
        self.condition = condition
        self._spans: list[Span] = []

    def add(self, span: Span) -> None:
        self._spans.append(span)

    def summary(self) -> Summary:
        spans = self._spans
        medians, high = zip(
            *(_figures(spans, number) for number in range(len(PHASES))), strict=True
        )
        runs, ok = len(spans), sum(each.ok for each in spans)
        span = Span(spans[0].began, spans[-1].ended, runs, ok, Times(medians, high))
        return Summary(self.target, self.body, span)


class Summaries:
    """The targets of a watch, by their keys. Not thread-safe."""

    def __init__(self) -> None:
        self._running: dict[str, _Running] = {}
        self._window = 0

    def add(self, key: str, target: Target, body: Mapping[str, Any]) -> Iterator[Summary]:
        """Add a check (``dcmecho.report/1``), and yield what it completes.

        Consume all: the check is added then.
        """
        span, condition = one_run(body), _condition(body)
        if (window := _window(span.began)) != self._window:
            yield from self.end()
            self._window = window
        running = self._running.get(key)
        if running is not None and running.condition != condition:
            yield self._running.pop(key).summary()
            running = None
        if running is None:
            running = self._running[key] = _Running(target, body, condition)
        running.add(span)

    def end(self) -> Iterator[Summary]:
        """Yield what is not complete, and begin anew."""
        running, self._running = self._running, {}
        for each in running.values():
            yield each.summary()


def _window(at: datetime) -> int:
    return milliseconds(at) // _WINDOW_MS


def _condition(body: Mapping[str, Any]) -> object:
    verdict = body["verdict"]
    causes = [cause["id"] for cause in body["causes"]]
    return verdict["status"], verdict["stage"], causes, compared_values(body)


def _figures(spans: list[Span], number: int) -> tuple[float | None, float | None]:
    """Return the median and the 95th of 100 of one phase."""
    times = sorted(each for span in spans if (each := span.times.medians[number]) is not None)
    if not times:
        return None, None
    return times[len(times) // 2], times[min(len(times) - 1, len(times) * 95 // 100)]
