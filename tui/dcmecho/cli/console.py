"""Opens the console on a profile file."""

from __future__ import annotations

import os
from pathlib import Path

from dcmecho.profiles.book.finding import find_file


def open_console(profiles: Path | None, *, low_bandwidth: bool, mouse: bool) -> int:
    """Open the console and return its exit code."""
    found = find_file(profiles, os.environ, Path())
    from dcmecho.console.app import run_console

    return run_console(found.path, low_bandwidth=low_bandwidth, mouse=mouse, notice=found.notice)
