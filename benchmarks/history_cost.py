"""What the history costs one C-ECHO: with and without it, in turn.

Run: ``python benchmarks/history_cost.py [RUNS]``. Starts DCMTK's ``storescp`` on 127.0.0.1 and runs
``dcmecho`` against it, and ``dcmecho --json``, each with its own history and with ``--no-history``,
one after the other; then ``dcmecho check --all --json`` of many targets that all fail. Prints
medians of wall and processor time, and of the differences of each pair; no pass or fail.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from support.peers import storescp

_WAYS = {"a check that works": (), "the same with --json": ("--json",)}


_MANY = (300, 1000)
"""Targets of a check of many."""


class _Cost(NamedTuple):
    wall_ms: float
    processor_ms: float


def main() -> None:
    """Measure and print."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    # Compiled modules are kept, as in an installation.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory() as folder, storescp(Path(folder)) as port:
        os.environ["XDG_STATE_HOME"] = folder
        lines = [
            _line(words, [*options, "127.0.0.1", str(port)], runs)
            for words, options in _WAYS.items()
        ]
        lines += [_line_of_many(Path(folder), number, max(3, runs // 10)) for number in _MANY]
        kept = ", ".join(
            f"{each.name} {each.stat().st_size} bytes"
            for each in sorted(Path(folder, "dcmecho").iterdir())
        )
    sys.stdout.write(
        f"{'start to exit':24}{'without':>12}{'with':>12}{'difference':>12}{'processor':>12}\n"
        + "".join(lines)
        + f"medians of {runs} pairs, in turn; kept: {kept}\n"
    )


def _line_of_many(folder: Path, targets: int, runs: int) -> str:
    """Check targets at which nothing listens: each history tells which others fail as well."""
    profiles = folder / "profiles.toml"
    profiles.write_text(
        "".join(
            f'[[target]]\nname = "Target {n}"\nhost = "127.1.{n // 250}.{n % 250 + 1}"\nport = 1\n'
            'called_ae = "PACS"\ncalling_ae = "ME"\n'
            for n in range(targets)
        )
    )
    return _line(
        f"{targets} that fail, --json", ["check", "--all", "--json", f"--profiles={profiles}"], runs
    )


def _line(words: str, options: Sequence[str], runs: int) -> str:
    command = [sys.executable, "-m", "dcmecho", *options]
    for _ in range(2):
        _cost(command)
    pairs = [(_cost([*command, "--no-history"]), _cost(command)) for _ in range(runs)]
    without = statistics.median(each.wall_ms for each, _ in pairs)
    with_it = statistics.median(each.wall_ms for _, each in pairs)
    wall = statistics.median(b.wall_ms - a.wall_ms for a, b in pairs)
    processor = statistics.median(b.processor_ms - a.processor_ms for a, b in pairs)
    return f"{words:24}{without:9.1f} ms{with_it:9.1f} ms{wall:+9.1f} ms{processor:+9.1f} ms\n"


def _cost(command: Sequence[str]) -> _Cost:
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, check=False, stdin=subprocess.DEVNULL, capture_output=True)
    wall_s = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return _Cost(wall_s * 1000, processor_s * 1000)


if __name__ == "__main__":
    main()
