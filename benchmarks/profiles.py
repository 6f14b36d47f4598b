"""How long a file of 5,000 targets takes to load, and to save one field of it.

Run: ``python benchmarks/profiles.py [TARGETS [RUNS]]``. Prints medians; no pass or fail. A plain
``tomllib.load`` and an fsync are printed too: they are the lower limits.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable
from pathlib import Path

from dcmecho.diagnosis.target.fields import Field
from dcmecho.profiles.book.change import TargetEdit
from dcmecho.profiles.book.load import load, parse
from dcmecho.profiles.edit.edit import add_target, save_targets
from dcmecho.profiles.edit.history import undo


def main() -> None:
    """Measure each in turn, on one file."""
    targets = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 7
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "profiles.toml"
        path.write_text("".join(_target(number) for number in range(targets)))
        name = f"target {targets // 2}"
        ports = iter(range(1, 65535))

        def undo_beside_another() -> Callable[[], object]:
            ours = save_targets(path, [TargetEdit(name, 0, {Field.PORT: next(ports)})])
            save_targets(path, [TargetEdit("target 0", 0, {Field.PORT: next(ports)})])
            return lambda: undo(ours)

        def first_load() -> Callable[[], object]:
            parse.cache_clear()
            return lambda: load(path)

        def edits() -> list[TargetEdit]:
            title = f"ME{next(ports)}"
            return [
                TargetEdit(f"target {each}", 0, {Field.CALLING_AE: title})
                for each in range(0, targets, 10)
            ]

        _print(runs, "tomllib alone", lambda: lambda: tomllib.loads(path.read_text()))
        _print(runs, "fsync alone", lambda: lambda: _sync(path.parent / "synced"))
        _print(runs, "load", first_load)
        _print(
            runs,
            "save one field",
            lambda: lambda: save_targets(path, [TargetEdit(name, 0, {Field.PORT: next(ports)})]),
        )
        _print(
            runs,
            "add one target",
            lambda: lambda: add_target(path, {Field.NAME: f"new {next(ports)}"}),
        )
        _print(runs, f"save {targets // 10}", lambda: lambda: save_targets(path, edits()))
        _print(runs, "undo beside another's edit", undo_beside_another)


def _print(runs: int, label: str, prepared: Callable[[], Callable[[], object]]) -> None:
    seconds = []
    for _ in range(runs):
        measured = prepared()
        began = time.perf_counter()
        measured()
        seconds.append(time.perf_counter() - began)
    sys.stdout.write(f"{label:<28} {statistics.median(seconds):.3f} s (median of {runs})\n")


def _sync(path: Path) -> None:
    with path.open("wb") as file:
        file.write(b"x" * 1000)
        file.flush()
        os.fsync(file.fileno())


def _target(number: int) -> str:
    return (
        f"# row {number} of the register\n[[target]]\n"
        f'name = "target {number}"\nhost = "10.0.{number // 250}.{number % 250}"\n'
        f'port = 104   # theirs\ncalled_ae = "PACS{number}"\ngroup = "Group {number % 20}"\n\n'
    )


if __name__ == "__main__":
    main()
