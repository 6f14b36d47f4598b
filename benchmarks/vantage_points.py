"""What a check from another machine costs, through a real sshd on 127.0.0.1.

Run: ``python benchmarks/vantage_points.py [CHECKS]``. Starts OpenSSH's ``sshd`` and DCMTK's
``storescp`` and checks the same peer from here and from there in turn, over one open line. Then
20 vantage points ask 100 targets, four each. Prints medians; no pass or fail.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from support.peers import hosts, storescp
from support.sshd import sshd

from dcmecho.diagnosis.events import Detail
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.stage import StageId
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.vantage.vantage import Vantage
from dcmecho.dicom.check import Check, start_all
from dcmecho.dicom.runs.slots import PeerSlots
from dcmecho.dicom.runs.workers import start
from dcmecho.dicom.vantage.points import VantagePoints

_VANTAGES = 20
_TARGETS = 100
_EACH = 4
_OPENINGS = 10
_DEADLINE_S = 120.0


def main() -> None:
    """Measure and print."""
    checks = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    with (
        tempfile.TemporaryDirectory() as folder,
        storescp(Path(folder)) as port,
        sshd(Path(folder)) as config,
    ):
        sys.stdout.write(_opening(config, port))
        sys.stdout.write(_one_line(config, port, checks))
        sys.stdout.write(_many(config, port))


@contextmanager
def _slots(config: Path, count: int) -> Iterator[PeerSlots]:
    vantages = [Vantage(f"v{number}", "gateway", str(config)) for number in range(count)]
    points = VantagePoints(vantages)
    try:
        yield PeerSlots(vantages=points)
    finally:
        points.close()


def _check(slots: PeerSlots, port: int, vantage: str) -> tuple[float, Report]:
    target = Target("127.0.0.1", port, "ANY", "ME", vantage=vantage)
    began = time.perf_counter()
    report = start(target, lambda _: None, slots=slots, detail=Detail.REPORT).join(_DEADLINE_S)
    assert report is not None, "a check does not end"
    return (time.perf_counter() - began) * 1000, report


def _opening(config: Path, port: int) -> str:
    took = []
    for _ in range(_OPENINGS):
        with _slots(config, 1) as slots:
            took.append(_check(slots, port, "v0")[0])
    return (
        f"first check, with login and start of the far socket: {statistics.median(took):.0f} ms\n"
    )


def _one_line(config: Path, port: int, checks: int) -> str:
    found: dict[str, list[tuple[float, float]]] = {"": [], "v0": []}
    with _slots(config, 1) as slots:
        for _ in range(checks + 1):
            for vantage, times in found.items():
                took, report = _check(slots, port, vantage)
                times.append((took, report.stage(StageId.ECHO).elapsed_ms or 0.0))
    return "".join(
        _line(place, found[vantage][1:]) for vantage, place in (("", "here"), ("v0", "there"))
    )


def _line(place: str, times: list[tuple[float, float]]) -> str:
    wall, echo = (statistics.median(column) for column in zip(*times, strict=True))
    late = statistics.quantiles([each[1] for each in times], n=20)[-1]
    return f"{place:6} check {wall:6.1f} ms, C-ECHO {echo:.2f} ms (95th {late:.2f} ms)\n"


def _many(config: Path, port: int) -> str:
    reports: list[Report] = []
    with _slots(config, _VANTAGES) as slots:
        checks = [
            Check(
                Target(host, port, "ANY", "ME", vantage=f"v{(row + turn * 5) % _VANTAGES}"),
                lambda event: reports.append(event.report),  # type: ignore[union-attr]
                Detail.REPORT,
            )
            for row, host in enumerate(hosts(_TARGETS))
            for turn in range(_EACH)
        ]
        began, used = time.perf_counter(), _processor_s()
        pool = start_all(checks, slots=slots)
        pool.join(_DEADLINE_S)
        wall, processor = time.perf_counter() - began, _processor_s() - used
        sent = _bytes_of_ssh()
    green = sum(report.verdict.status.value == "ok" for report in reports)
    return (
        f"{_VANTAGES} vantage points, {_TARGETS} targets, {_EACH} each: {len(reports)} checks,"
        f" {green} ok, {wall:.1f} s, {processor:.1f} s of our processor time,"
        f" {sent / len(reports) / 1024:.1f} kB a check over the lines, logins included\n"
    )


def _processor_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _bytes_of_ssh() -> int:
    """Return what our ssh processes have read and written so far (proc(5))."""
    found = subprocess.run(["pgrep", "-P", str(os.getpid())], capture_output=True, text=True)
    total = 0
    for pid in found.stdout.split():
        for line in Path(f"/proc/{pid}/io").read_text().splitlines():
            if line.startswith("wchar"):
                total += int(line.split()[1])
    return total


if __name__ == "__main__":
    main()
