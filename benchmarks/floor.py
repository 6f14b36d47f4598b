"""The cost of one of many targets, compared with a raw client that sends the same bytes.

Run: ``python benchmarks/floor.py [TARGETS] [--rounds N] [--before PYTHON]``. The commands
take turns at one ``storescp --fork``; every target is a different address in 127/8. Medians are of
whole commands, start to exit, and the processor time is that of the command alone. ``PYTHON`` is an
interpreter with another dcmecho, to compare. No pass or fail.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from support.peers import hosts, profiles_toml, storescp

from dcmecho.dicom.check import JOBS

_FLOOR = "raw asyncio client"


class Cost(NamedTuple):
    """The cost of one command for each target."""

    rate: float
    """Targets per second."""
    processor_ms: float
    most_mb: float
    """Resident memory of the command."""


def main() -> None:
    """Measure in turn, so changes in the machine's speed affect all, and print."""
    given = _arguments()
    addresses = hosts(given.targets)
    with tempfile.TemporaryDirectory() as name, storescp(Path(name)) as port:
        profiles, listed = Path(name) / "profiles.toml", Path(name) / "hosts"
        profiles.write_text(profiles_toml(addresses, port))
        listed.write_text("\n".join(addresses))
        commands = _commands(profiles, port, given.before)
        costs: dict[str, list[Cost]] = {name: [] for name in commands}
        for _ in range(given.rounds):
            for name, command in commands.items():
                costs[name].append(_cost(command, listed, given.targets))
    sys.stdout.write(_table(costs, given.targets, given.rounds))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("targets", nargs="?", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--before", metavar="PYTHON", help="an interpreter with another dcmecho")
    return parser.parse_args()


def _commands(profiles: Path, port: int, before: str | None) -> Mapping[str, Sequence[str]]:
    client = Path(__file__).parent / "support" / "raw_client.py"
    return {
        _FLOOR: [sys.executable, str(client), str(port), str(JOBS), *_sent(profiles)],
        **_checks("", sys.executable, profiles),
        **(_checks("before: ", before, profiles) if before else {}),
    }


def _checks(prefix: str, python: str, profiles: Path) -> Mapping[str, Sequence[str]]:
    check = [python, "-m", "dcmecho", "check", "--all", "--profiles", str(profiles)]
    return {f"{prefix}check --all": check, f"{prefix}check --all --json": [*check, "--json"]}


def _sent(profiles: Path) -> Sequence[str]:
    """Return the PDUs that dcmecho sends to the first target, in hex, from its own log."""
    check = [sys.executable, "-m", "dcmecho", "check", "--format", "jsonl"]
    command = [*check, "--profiles", str(profiles), "Target 0"]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    events = [json.loads(line) for line in told.splitlines()]
    return [each["raw"] for each in events if each.get("direction") == "sent" and each["raw"]]


def _cost(command: Sequence[str], listed: Path, targets: int) -> Cost:
    """Run a command to its end. Raises if a target did not pass."""
    with listed.open() as stdin, open(os.devnull, "w") as nowhere:
        began = time.perf_counter()
        running = subprocess.Popen(command, stdin=stdin, stdout=nowhere)
        _, status, used = os.wait4(running.pid, 0)
        elapsed_s = time.perf_counter() - began
    running.returncode = os.waitstatus_to_exitcode(status)
    if running.returncode:
        raise SystemExit(f"{command[:4]} ended with exit code {running.returncode}")
    processor_s = used.ru_utime + used.ru_stime
    return Cost(targets / elapsed_s, processor_s / targets * 1000, used.ru_maxrss / 1024)


def _table(costs: Mapping[str, Sequence[Cost]], targets: int, rounds: int) -> str:
    medians = {
        name: Cost(*map(statistics.median, zip(*each, strict=True))) for name, each in costs.items()
    }
    floor = medians[_FLOOR]
    lines = [
        f"{targets} healthy targets on one `storescp --fork`, {JOBS} at once; whole commands, start"
        f" to exit, medians of {rounds} rounds in turn. The raw client sends the same bytes and"
        " reads whole PDUs, no more.",
        "",
        "| command | targets a second | part of the raw client's | processor time of a target |"
        " memory |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| {name} | {each.rate:.0f} | {each.rate / floor.rate:.2f} | {each.processor_ms:.2f} ms |"
        f" {each.most_mb:.0f} MB |"
        for name, each in medians.items()
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
