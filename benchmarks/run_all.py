"""Runs every benchmark, one after the other, and collects their output on one page.

Run: ``make bench``, or ``python benchmarks/run_all.py [--quick] [--dicom-echo PROGRAM]
[--docs FOLDER]``. Without ``--docs`` the page is only printed.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

_HERE = Path(__file__).parent
_PICTURE = "performance-all-targets.svg"


@dataclass(frozen=True)
class Benchmark:
    """A program of this folder, and its command line.

    ``compares`` takes ``--dicom-echo``, ``draws`` takes ``--picture``; ``markdown``
    means that its output is Markdown.
    """

    title: str
    program: str
    arguments: Sequence[str] = ()
    quick_arguments: Sequence[str] = ()
    compares: bool = False
    draws: bool = False
    markdown: bool = False


_BENCHMARKS = (
    Benchmark("One C-ECHO", "one_shot.py", ("15",), ("5",), compares=True),
    Benchmark(
        "Many targets at once",
        "all_targets.py",
        quick_arguments=("--quick",),
        compares=True,
        draws=True,
        markdown=True,
    ),
    Benchmark("What a target costs", "floor.py", (), ("500", "--rounds", "2"), markdown=True),
    Benchmark("True times", "true_times.py", ("96",), ("64",), markdown=True),
    Benchmark("The first screen", "first_screen.py", ("9",), ("3",)),
    Benchmark("Large profile files", "profiles.py"),
    Benchmark("Many targets in the console", "console_scale.py"),
    Benchmark("Over a slow line", "slow_line.py", (), ("--quick",), markdown=True),
    Benchmark("Questions until the cause is known", "experiments/questions.py", markdown=True),
    Benchmark("Watching over time", "watching.py"),
    Benchmark("What the history costs a check", "history_cost.py", ("30",), ("8",)),
    Benchmark("From another machine", "vantage_points.py", ("100",), ("20",)),
    Benchmark("A large history", "history_scale.py", (), ("500", "100000")),
    Benchmark("The listener", "listener.py", ("2000",), ("300",)),
)


def main() -> None:
    """Run the benchmarks."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="shorter, for a first impression")
    parser.add_argument("--dicom-echo", metavar="PROGRAM", help="PyPI's dicom-echo, to compare")
    parser.add_argument("--docs", type=Path, metavar="FOLDER", help="write performance.md there")
    given = parser.parse_args()
    page = "\n".join(_page(given.quick, given.dicom_echo, given.docs)) + "\n"
    sys.stdout.write(page)
    if given.docs:
        (given.docs / "performance.md").write_text(page)


def _page(quick: bool, dicom_echo: str | None, docs: Path | None) -> Iterator[str]:
    yield "# Performance"
    yield ""
    yield (
        f"Taken on {datetime.now(UTC):%Y-%m-%d} with Python {platform.python_version()} on"
        f" {os.cpu_count()} processors{', the quick way' if quick else ''}. The programs"
        " compared were run in turn on the same machine. `make bench` writes this page."
    )
    for each in _BENCHMARKS:
        if (_HERE / each.program).exists():
            yield from _section(each, quick, dicom_echo, docs)


def _section(
    each: Benchmark, quick: bool, dicom_echo: str | None, docs: Path | None
) -> Iterator[str]:
    arguments = list(each.quick_arguments if quick else each.arguments)
    shown = " ".join(["python", f"benchmarks/{each.program}", *arguments])
    if each.compares and dicom_echo:
        arguments += ["--dicom-echo", dicom_echo]
        shown += " --dicom-echo PATH/TO/dicom-echo"
    if each.draws and docs:
        arguments += ["--picture", str(docs / _PICTURE)]
    sys.stderr.write(f"{each.title} ...\n")
    with tempfile.TemporaryDirectory() as state:
        done = subprocess.run(
            [sys.executable, str(_HERE / each.program), *arguments],
            stdout=subprocess.PIPE,
            text=True,
            check=False,
            # What a benchmark checks does not belong in the history of whoever runs it.
            env=os.environ | {"XDG_STATE_HOME": state},
        )
    if done.returncode != 0:
        raise SystemExit(
            f"{each.program} ended with exit code {done.returncode}; no page is written"
        )
    printed = done.stdout.strip()
    yield from ("", f"## {each.title}", "", f"Repeat it with `{shown}`.", "")
    yield from [printed] if each.markdown else ["```", printed, "```"]
    if each.draws and docs:
        yield from ("", f"![{each.title}]({_PICTURE})")


if __name__ == "__main__":
    main()
