"""How long the first screen takes, side by side with a bare Textual application.

Run: ``python benchmarks/first_screen.py [RUNS]``. Prints medians and their ratio; decides nothing.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
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

garbage.starts()
import sys
from pathlib import Path
from dcmecho.console.app import ConsoleApp

app = ConsoleApp(Path(sys.argv[1]))
garbage.stays()
"""
"""As ``dcmecho`` itself opens it."""

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
    """Take the runs in turn, so that a drift of the machine's speed meets both."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 9
    with tempfile.TemporaryDirectory() as folder:
        profiles = Path(folder) / "profiles.toml"
        profiles.write_text(
            "".join(
                f'[[target]]\nname = "target {n}"\nhost = "192.0.2.1"\nport = 104\n'
                f'called_ae = "PACS{n}"\n\n'
                for n in range(50)
            )
        )
        bare, console = [], []
        for _ in range(runs):
            bare.append(_seconds(_BARE))
            console.append(_seconds(_CONSOLE, str(profiles)))
    ratio = statistics.median(console) / statistics.median(bare)
    sys.stdout.write(
        f"bare Textual {statistics.median(bare):.3f} s, console with 50 targets"
        f" {statistics.median(console):.3f} s, ratio {ratio:.2f} (medians of {runs})\n"
    )


def _seconds(program: str, *arguments: str) -> float:
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, "-c", program + _SHOW_ONCE, *arguments], check=True, capture_output=True
    )
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
