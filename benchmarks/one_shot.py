"""One C-ECHO from the command line, compared with the usual tools.

Run: ``python benchmarks/one_shot.py [RUNS] [--dicom-echo PROGRAM] [--before PYTHON]``. Starts
DCMTK's ``storescp`` on 127.0.0.1 and runs every program against it in turn, so changes in the
machine's speed affect all. Prints medians and their ratios to dcmecho; no pass or fail. ``PROGRAM``
is PyPI's ``dicom-echo``, ``PYTHON`` an interpreter with another dcmecho.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from support.peers import dcmtk, storescp

_DCMECHO = (sys.executable, "-m", "dcmecho")


def main() -> None:
    """Measure and print."""
    given = _arguments()
    with tempfile.TemporaryDirectory() as folder, storescp(Path(folder)) as port:
        programs = _programs(port, given.dicom_echo, given.before)
        seconds: dict[str, list[float]] = {name: [] for name in programs}
        for command in programs.values():
            _seconds(command)
        for _ in range(given.runs):
            for name, command in programs.items():
                seconds[name].append(_seconds(command))
        echo_ms = [_echo_ms(port) for _ in range(given.runs)]
    sys.stdout.write(_table(seconds))
    sys.stdout.write(
        f"\nC-ECHO itself, as dcmecho reports it: {statistics.median(echo_ms):.2f} ms"
        f" (slowest {max(echo_ms):.2f} ms)\n"
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("runs", nargs="?", type=int, default=15)
    parser.add_argument("--dicom-echo", metavar="PROGRAM", help="PyPI's dicom-echo, to compare")
    parser.add_argument("--before", metavar="PYTHON", help="an interpreter with another dcmecho")
    return parser.parse_args()


def _programs(port: int, dicom_echo: str | None, before: str | None) -> Mapping[str, Sequence[str]]:
    """Return the command lines by name, dcmecho first, if they are installed."""
    peer = ("127.0.0.1", str(port))
    programs: dict[str, Sequence[str]] = {"dcmecho": (*_DCMECHO, *peer)}
    if before:
        programs["dcmecho before"] = (before, "-m", "dcmecho", *peer)
    # pynetdicom installs programs with DCMTK's names next to the interpreter.
    pynetdicom = shutil.which("echoscu", path=str(Path(sys.executable).parent))
    if pynetdicom:
        programs["pynetdicom's echoscu"] = (pynetdicom, *peer)
    programs["DCMTK's echoscu"] = (dcmtk("echoscu"), *peer)
    if dicom_echo:
        programs["PyPI's dicom-echo"] = (dicom_echo, f"127.0.0.1:{port}")
    return programs


def _seconds(command: Sequence[str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, capture_output=True)
    return time.perf_counter() - began


def _echo_ms(port: int) -> float:
    command = (*_DCMECHO, "--json", "127.0.0.1", str(port))
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    stages = {stage["id"]: stage for stage in json.loads(done.stdout)["stages"]}
    return float(stages["echo"]["elapsed_ms"])


def _table(seconds: Mapping[str, Sequence[float]]) -> str:
    ours = statistics.median(seconds["dcmecho"])
    lines = [f"{'one C-ECHO, start to exit':26}{'median':>10}{'fastest':>10}   dcmecho takes"]
    for name, each in seconds.items():
        median_s = statistics.median(each)
        lines.append(
            f"{name:26}{median_s * 1000:7.0f} ms{min(each) * 1000:7.0f} ms"
            f"   {ours / median_s:.2f} times that"
        )
    runs = len(seconds["dcmecho"])
    return "\n".join([*lines, f"medians of {runs} runs each, in turn"]) + "\n"


if __name__ == "__main__":
    main()
