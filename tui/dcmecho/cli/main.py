"""Selects the command, and sets up signals and streams for all of them."""

from __future__ import annotations

import contextlib
import signal
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from types import FrameType

from dcmecho import __version__, garbage
from dcmecho.cli.output import streams
from dcmecho.diagnosis.network.shortage import is_shortage, shortage_text
from dcmecho.diagnosis.target.digits import is_whole
from dcmecho.exit_codes import ExitCode, NagiosCode


def run(argv: Sequence[str]) -> int:
    """Run ``dcmecho`` with these arguments and return the exit code."""
    if list(argv) == ["--version"]:
        print(f"dcmecho {__version__}")  # noqa: T201
        return ExitCode.OK
    threading.excepthook = _no_traceback
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    streams.prepare()
    try:
        code = _command(argv)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return _unfinished(argv, "interrupted", ExitCode.INTERRUPTED)
    except OSError as error:
        if is_shortage(error):
            return _lacking(argv, error)
        streams.lose_stdout(error)
        code = ExitCode.INTERNAL
    except (RuntimeError, MemoryError, ImportError) as error:
        if not is_shortage(error):
            raise
        return _lacking(argv, error)
    if reason := streams.lost_stdout():
        return _unfinished(argv, f"cannot write the output: {reason}", ExitCode.INTERNAL)
    return code


def _command(argv: Sequence[str]) -> int:
    at = _general_words(argv)
    command = COMMANDS.get(argv[at]) if at < len(argv) else None
    return command([*argv[:at], *argv[at + 1 :]]) if command else _echo(argv)


def _lacking(argv: Sequence[str], error: Exception) -> int:
    return _unfinished(argv, shortage_text(error), ExitCode.INTERNAL)


def _unfinished(argv: Sequence[str], why: str, code: ExitCode) -> int:
    """Say why the command did not come to its end. A monitor reads it on stdout."""
    if not _is_for_a_monitor(argv):
        if code is not ExitCode.INTERRUPTED:
            sys.stderr.write(f"dcmecho: {why}\n")
        return code
    with contextlib.suppress(OSError):
        sys.stdout.write(f"DCMECHO UNKNOWN - {why}\n")
        sys.stdout.flush()
    return NagiosCode.UNKNOWN


def _is_for_a_monitor(argv: Sequence[str]) -> bool:
    """Report whether the command line asks for the format of a monitor, before it is read."""
    return "--format=nagios" in argv or ("--format", "nagios") in pairwise(argv)


def _general_words(argv: Sequence[str]) -> int:
    """Return how many words in front of a command are options that several commands have."""
    at = 0
    while at < len(argv) and argv[at].partition("=")[0] in (*_FLAGS, *_WITH_VALUE):
        at += 2 if argv[at] in _WITH_VALUE else 1
    is_host_and_port = 0 < at == len(argv) - 2 and is_whole(argv[at + 1])
    return len(argv) if is_host_and_port else at


def _echo(argv: Sequence[str]) -> int:
    from dcmecho.cli.diagnose import echo

    return echo.run(argv, frozenset(COMMANDS))


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


def _history(argv: Sequence[str]) -> int:
    from dcmecho.cli import history

    return history.run(argv)


def _compare(argv: Sequence[str]) -> int:
    from dcmecho.cli import compare

    return compare.run(argv)


def _explain(argv: Sequence[str]) -> int:
    from dcmecho.cli import explain

    return explain.run(argv)


def _read(argv: Sequence[str]) -> int:
    from dcmecho.cli import read

    return read.run(argv)


def _redact(argv: Sequence[str]) -> int:
    from dcmecho.cli import redact

    return redact.run(argv)


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
    "history": _history,
    "compare": _compare,
    "explain": _explain,
    "read": _read,
    "redact": _redact,
}
"""The function of each command; without a command word dcmecho works like ``echoscu``."""

_FLAGS = ("-q", "--quiet", "-v", "--verbose", "-d", "--debug", "--json")
_WITH_VALUE = ("--format", "--profiles")
"""The options that can precede a command. The command says if it does not have them."""


def _interrupt(_signum: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _no_traceback(args: threading.ExceptHookArgs) -> None:
    """Keep tracebacks of library threads off the terminal: a run judges the bytes it receives."""
