"""The bytes that the console writes to the terminal: on a slow line, each one costs time.

Run: ``python benchmarks/slow_line.py [--quick]``. Opens the real console on a pseudo-terminal of
120x36 with TERM=xterm-256color, presses its keys and compares the bytes written with limits. The
peers are DCMTK's ``storescp`` at several addresses. The flood is a run that emits 2,000 log lines a
second. No pass or fail.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from console_on_pty import Screen, console
from support.peers import hosts, profiles_toml, storescp

_WATCHED, _ALL = 50, 300
_KEPT_LINES = 100_000
_HERE = Path(__file__).parent
_READY = "Quit"
_LOW_BANDWIDTH = "--low-bandwidth"


@dataclass(frozen=True)
class Length:
    """How long to measure, in s, and how many keys to time."""

    idle_s: float
    watch_s: float
    flood_s: float
    keys: int


_FULL = Length(idle_s=20, watch_s=60, flood_s=20, keys=30)
_QUICK = Length(idle_s=5, watch_s=31, flood_s=8, keys=12)


@dataclass(frozen=True)
class Measure:
    """A line of the table."""

    what: str
    figure: float
    unit: str
    limit: float | None = None


def main() -> None:
    """Measure both ways and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="shorter, for a first impression")
    parser.add_argument("--without-low-bandwidth", action="store_true")
    given = parser.parse_args()
    length = _QUICK if given.quick else _FULL
    with tempfile.TemporaryDirectory() as name, storescp(Path(name)) as port:
        plain = _measures(port, Path(name), length, ())
        sparing = (
            []
            if given.without_low_bandwidth
            else _measures(port, Path(name), length, (_LOW_BANDWIDTH,))
        )
    sys.stdout.write(_text(plain, sparing))


def _measures(port: int, folder: Path, length: Length, options: Sequence[str]) -> list[Measure]:
    return [
        *_quiet_and_one_diagnosis(port, folder, length, options),
        *_watching(port, folder, length, options),
        *_all_targets(port, folder, options),
        *_flood(port, folder, length, options),
    ]


@contextmanager
def _opened(folder: Path, targets: int, port: int, options: Sequence[str]) -> Iterator[Screen]:
    profiles = folder / "profiles.toml"
    profiles.write_text(profiles_toml(hosts(targets), port))
    command = [sys.executable, "-m", "dcmecho", "--profiles", str(profiles), *options]
    with console(command, {}) as screen:
        screen.wait_for(_READY)
        screen.settle()
        yield screen


def _quiet_and_one_diagnosis(
    port: int, folder: Path, length: Length, options: Sequence[str]
) -> Iterator[Measure]:
    with _opened(folder, 3, port, options) as screen:
        first = screen.byte_count
        yield Measure("first screen", first / 1000, "kB")
        yield Measure(f"idle for {length.idle_s:g} s", screen.bytes_within(length.idle_s), "B", 0)
        before = screen.press(b"r")
        screen.settle()
        yield Measure("one diagnosis", (screen.byte_count - before) / 1000, "kB", 20)


def _watching(port: int, folder: Path, length: Length, options: Sequence[str]) -> Iterator[Measure]:
    with _opened(folder, _WATCHED, port, options) as screen:
        for _ in range(_WATCHED):
            screen.press(b"ww\x1b[B")
        screen.press(b"w")
        screen.settle(quiet_s=3)
        rate = screen.bytes_within(length.watch_s) / length.watch_s
        yield Measure(f"watching {_WATCHED} targets", rate, "B/s", 4000)


def _all_targets(port: int, folder: Path, options: Sequence[str]) -> Iterator[Measure]:
    with _opened(folder, _ALL, port, options) as screen:
        began = time.monotonic()
        before = screen.press(b"a")
        ended = screen.wait_for(f"{_ALL} ok", before, timeout_s=120)
        screen.settle()
        written = (screen.byte_count - before) / 1000
        yield Measure(f"all of {_ALL} targets", written, "kB")
        yield Measure("the same", written / (ended - began), "kB/s")


def _flood(port: int, folder: Path, length: Length, options: Sequence[str]) -> Iterator[Measure]:
    profiles = folder / "profiles.toml"
    profiles.write_text(profiles_toml(hosts(3), port))
    program = [sys.executable, str(_HERE / "flooded_console.py"), str(profiles)]
    with console([*program, str(_KEPT_LINES), *options], {}) as screen:
        screen.wait_for(_READY)
        screen.settle()
        empty_mib = screen.resident_mib
        at_rest = statistics.median(_answers(screen, length.keys))
        yield Measure("a key at rest, median", at_rest, "ms")
        screen.press(b"r")
        screen.settle()
        before = screen.press(b"r")
        screen.wait_for("removed", before, timeout_s=120)
        time.sleep(2)
        rate = screen.bytes_within(length.flood_s) / length.flood_s / 1000
        yield Measure("flood of 2,000 lines/s", rate, "kB/s", 60)
        waits = list(_answers(screen, length.keys))
        yield Measure("a key meanwhile, median", statistics.median(waits), "ms", 50)
        yield Measure("a key meanwhile, slowest", max(waits), "ms")
        more = screen.resident_mib - empty_mib
        yield Measure(f"memory for {_KEPT_LINES:,} lines", more, "MiB")


def _answers(screen: Screen, keys: int) -> Iterator[float]:
    """Return ms from a key to its effect: to the log and back to the targets, in turn."""
    for number in range(keys):
        key, effect = (b"3", "Layer") if number % 2 == 0 else (b"1", "Check")
        pressed = time.monotonic()
        before = screen.press(key)
        yield (screen.wait_for(effect, before) - pressed) * 1000
        # Keys must not fall into step with the reads of the terminal.
        time.sleep(0.317)


def _text(plain: Sequence[Measure], sparing: Sequence[Measure]) -> str:
    lines = [
        "What the console writes to a terminal of 120x36 (TERM=xterm-256color).",
        "",
        "| what | console | limit | `--low-bandwidth` | part |",
        "|---|---|---|---|---|",
    ]
    for number, each in enumerate(plain):
        limit = "" if each.limit is None else f"{each.limit:g} {each.unit}"
        low = part = ""
        if sparing:
            other = sparing[number]
            low = f"{other.figure:.1f} {other.unit}"
            part = f"{other.figure / each.figure:.2f}" if each.figure else ""
        lines.append(f"| {each.what} | {each.figure:.1f} {each.unit} | {limit} | {low} | {part} |")
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    main()
