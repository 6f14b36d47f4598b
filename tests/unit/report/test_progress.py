"""The progress of a check of many targets, in words."""

from __future__ import annotations

import io

import pytest

from dcmecho.cli.output.progress import ProgressOutput
from dcmecho.report.progress import Progress
from tests.unit.report.reports import green, rejected_called_title


def test_each_report_counts() -> None:
    progress = Progress(3).with_report(green()).with_report(rejected_called_title())
    assert progress == Progress(3, done=2, failing=1)
    assert progress.words(0.5) == "2 of 3 checked, 1 failing"


@pytest.mark.parametrize(
    ("progress", "elapsed_s", "words"),
    [
        (Progress(100, 50), 10.0, "50 of 100 checked, about 10 s left"),
        (Progress(5000, 100), 10.0, "100 of 5000 checked, about 8 min left"),
        (Progress(100, 100), 10.0, "100 of 100 checked"),
        (Progress(100), 10.0, "0 of 100 checked"),
    ],
)
def test_the_rest_is_estimated_by_the_pace_so_far(
    progress: Progress, elapsed_s: float, words: str
) -> None:
    assert progress.words(elapsed_s) == words


class Terminal(io.StringIO):
    """A stream that claims to be a terminal."""

    def isatty(self) -> bool:
        return True

    def fileno(self) -> int:
        raise OSError("no descriptor")


def test_a_line_moves_the_progress_down_and_it_is_taken_away_in_the_end() -> None:
    terminal = Terminal()
    talking = ProgressOutput(terminal)
    talking.show(Progress(4, 1), 0.0)
    talking.show(Progress(4, 1), 0.1)
    talking.say("CT: FAILED")
    talking.end()
    bar = "[######..................] 1 of 4 checked"
    erased = f"\r{' ' * len(bar)}\r"
    assert terminal.getvalue() == f"{bar}{erased}CT: FAILED\n{bar}{erased}"


def test_no_progress_where_no_one_watches() -> None:
    stream = io.StringIO()
    talking = ProgressOutput(stream)
    talking.show(Progress(4, 1), 0.0)
    talking.end()
    assert stream.getvalue() == ""
