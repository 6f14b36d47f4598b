"""How long the first screen takes, compared with a bare Textual application.

Run: ``python benchmarks/first_screen.py [RUNS] [--before PYTHON]``. Prints medians and their ratio;
no pass or fail. ``PYTHON`` is an interpreter with another dcmecho, to compare.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

_BARE = """
from textual.app import App
from textual.widgets import DataTable, Footer, Header, Log

class Bare(App):
    def compose(self):
        yield Header()
        yield DataTable()
        yield Log()
        yield Footer()

    def on_mount(self):
        self.query_one(DataTable).add_columns("target", "state")
        self.query_one(DataTable).add_rows([(f"target {n}", "not run") for n in range(50)])

app = Bare()
"""

_CONSOLE = """
from dcmecho import garbage

collect_rarely = getattr(garbage, "collect_rarely", None) or garbage.starts
collect_as_usual = getattr(garbage, "collect_as_usual", None) or garbage.stays

collect_rarely()
import sys
from pathlib import Path
from dcmecho.console.app import ConsoleApp

app = ConsoleApp(Path(sys.argv[1]))
collect_as_usual()
"""
"""Opens the console like ``dcmecho`` itself, also one from before two functions were renamed."""

_SHOW_ONCE = """
import asyncio, os

async def leave(pilot):
    shown = asyncio.Event()
    pilot.app.call_after_refresh(shown.set)
    await shown.wait()
    os._exit(0)

asyncio.run(app.run_async(headless=True, size=(120, 36), auto_pilot=leave))
"""


def main() -> None:
    """Alternate the runs, so changes in the machine's speed affect both."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("runs", nargs="?", type=int, default=9)
    parser.add_argument("--before", metavar="PYTHON", help="an interpreter with another dcmecho")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        profiles = Path(folder) / "profiles.toml"
        profiles.write_text(
            "".join(
                f'[[target]]\nname = "target {n}"\nhost = "192.0.2.1"\nport = 104\n'
                f'called_ae = "PACS{n}"\n\n'
                for n in range(50)
            )
        )
        programs = {
            "bare Textual": [sys.executable, "-c", _BARE + _SHOW_ONCE],
            "console with 50 targets": [sys.executable, *_console(profiles)],
        }
        if given.before:
            programs["console before"] = [given.before, *_console(profiles)]
        seconds: dict[str, list[float]] = {name: [] for name in programs}
        for _ in range(given.runs):
            for name, command in programs.items():
                seconds[name].append(_seconds(command))
    medians = {name: statistics.median(each) for name, each in seconds.items()}
    bare_s = medians["bare Textual"]
    shown = (f"{name} {each:.3f} s, ratio {each / bare_s:.2f}" for name, each in medians.items())
    sys.stdout.write("\n".join([*shown, f"medians of {given.runs} runs each, in turn"]) + "\n")


def _console(profiles: Path) -> Sequence[str]:
    return ["-c", _CONSOLE + _SHOW_ONCE, str(profiles)]


def _seconds(command: Sequence[str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
