"""Log lines as text: the columns of the log pane, the filter and the saved file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from dcmecho import __version__
from dcmecho.console.runs.log_buffer import LogBuffer, LogEntry
from dcmecho.diagnosis.conclusion.clock import moment_and_utc, time_with_milliseconds, zone_words
from dcmecho.diagnosis.events import LogLayer
from dcmecho.diagnosis.target.target import Target
from dcmecho.report.hexdump import hex_dump

LAYER_WIDTH = max(len(layer.value) for layer in LogLayer)


def matches(entry: LogEntry, layer: LogLayer | None, needle: str) -> bool:
    """Return whether an entry is of ``layer`` and contains ``needle`` (already case-folded)."""
    line = entry.line
    if layer is not None and line.layer is not layer:
        return False
    return not needle or needle in "\n".join((line.text, *line.details)).casefold()


def saved_log(target: Target, log: LogBuffer, at: datetime) -> str:
    """Return the whole log of a target, as the file that ``S`` writes."""
    return "\n".join([*_head(target, log, at), *_lines(log.entries)]) + "\n"


def _head(target: Target, log: LogBuffer, at: datetime) -> Sequence[str]:
    head = [
        f"# dcmecho {__version__} log of {target.name or 'a target'}: {target}",
        f"# saved {moment_and_utc(at)}; times are {zone_words(at)}",
    ]
    if log.dropped:
        head.append(f"# oldest lines removed: {log.dropped}")
    return head


def _lines(entries: Iterable[LogEntry]) -> Iterator[str]:
    for entry in entries:
        line = entry.line
        yield (
            f"{time_with_milliseconds(entry.at)} {line.direction.arrow} "
            f"{line.layer.value:<{LAYER_WIDTH}} {line.text}"
        )
        for detail in line.details:
            yield f"{'':15}{detail}"
        for dumped in hex_dump(line.raw):
            yield f"{'':15}{dumped}"
