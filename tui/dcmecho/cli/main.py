"""Selects the command, and sets up signals and streams for all of them."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from types import FrameType

from dcmecho import __version__, garbage
from dcmecho.exit_codes import ExitCode


def run(argv: Sequence[str]) -> int:
    """Run ``dcmecho`` with these arguments and return the exit code."""
    if list(argv) == ["--version"]:
        print(f"dcmecho {__version__}")  # noqa: T201
        return ExitCode.OK
    threading.excepthook = _no_traceback
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    # They are None if the caller closed them (<&- >&-).
    sys.stdin = sys.stdin or open(os.devnull)  # noqa: SIM115
    sys.stdout = sys.stdout or open(os.devnull, "w")  # noqa: SIM115
    sys.stderr = sys.stderr or open(os.devnull, "w")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
    command = COMMANDS.get(argv[0]) if argv else None
    try:
        return command(argv[1:]) if command else _echo(argv)
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except OSError as error:
        sys.stderr.write(f"dcmecho: cannot write the output: {error.strerror}\n")
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115
        return ExitCode.INTERNAL


def _echo(argv: Sequence[str]) -> int:
    from dcmecho.cli.diagnose import echo

    return echo.run(argv)


def _check(argv: Sequence[str]) -> int:
    from dcmecho.cli.check import check

    return check.run(argv)


def _listen(argv: Sequence[str]) -> int:
    from dcmecho.cli import listen

    garbage.collect_as_usual()
    return listen.run(argv)


def _watch(argv: Sequence[str]) -> int:
    from dcmecho.cli import watch

    garbage.collect_as_usual()
    return watch.run(argv)


def _move(argv: Sequence[str]) -> int:
    from dcmecho.cli import move

    return move.run(argv)


def _store_test(argv: Sequence[str]) -> int:
    from dcmecho.cli import store

    return store.run(argv)


def _lab(argv: Sequence[str]) -> int:
    from dcmecho.cli import lab

    garbage.collect_as_usual()
    return lab.serve(argv)


def _demo(argv: Sequence[str]) -> int:
    from dcmecho.cli import demo

    return demo.run(argv)


def _import(argv: Sequence[str]) -> int:
    from dcmecho.cli.exchange import importing

    return importing.run(argv)


def _export(argv: Sequence[str]) -> int:
    from dcmecho.cli.exchange import exporting

    return exporting.run(argv)


COMMANDS: Mapping[str, Callable[[Sequence[str]], int]] = {
    "check": _check,
    "listen": _listen,
    "watch": _watch,
    "move": _move,
    "store-test": _store_test,
    "lab": _lab,
    "demo": _demo,
    "import": _import,
    "export": _export,
}
"""The function of each command; without a command word dcmecho works like ``echoscu``."""


def _interrupt(_signum: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _no_traceback(args: threading.ExceptHookArgs) -> None:
    """Keep tracebacks of library threads off the terminal: a run judges the bytes it receives."""
