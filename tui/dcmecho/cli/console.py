"""Opens the console on a profile file."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from dcmecho.cli.options.history import console_journal
from dcmecho.profiles.book.finding import find_file
from dcmecho.profiles.book.locate import own_file


def open_console(given: argparse.Namespace) -> int:
    """Open the console and return its exit code."""
    found = find_file(given.profiles, os.environ, Path())
    from dcmecho.console.app import run_console

    return run_console(
        found.path,
        low_bandwidth=given.low_bandwidth,
        mouse=given.mouse,
        notice=found.notice,
        journal=console_journal(given, [found.path, own_file()]),
    )
