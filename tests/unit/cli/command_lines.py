"""Checks whether dcmecho accepts the command lines in texts, without running them."""

from __future__ import annotations

import argparse
import signal
import threading
from collections.abc import Sequence
from unittest.mock import patch

from dcmecho.cli import main
from dcmecho.cli.options.parser import Parser


class _Taken(Exception):
    """Raised instead of running the command, once its command line is parsed."""


def started(argv: Sequence[str]) -> int:
    """Start ``dcmecho`` in this process, and restore signals and threads afterwards."""
    with patch.object(signal, "signal"), patch.object(threading, "excepthook"):
        return main.run(argv)


def accepts(argv: Sequence[str]) -> bool:
    """Report whether ``dcmecho`` accepts these arguments; nothing is run."""
    read = argparse.ArgumentParser.parse_args

    def stop(parser: Parser, arguments: Sequence[str]) -> argparse.Namespace:
        read(parser, arguments)
        raise _Taken

    with patch.object(Parser, "parse_args", stop):
        try:
            started(argv)
        except _Taken:
            return True
        except SystemExit:
            return False
    raise AssertionError(f"{argv} never came to a parser")
