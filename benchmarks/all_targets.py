"""How fast many targets are checked, compared with ``echoscu`` and ``dicom-echo``.

Run: ``python benchmarks/all_targets.py [--quick] [--dicom-echo PROGRAM] [--picture FILE]``.
Every target is a different address in 127/8. All of them reach one ``storescp --fork``, so each
program has the same peer. Programs that check one peer are run by ``xargs -P 64``. Rates are
those of whole commands, start to exit, alternating; medians pass or fail nothing. As root it also
measures peers that drop the SYN, in a network namespace of its own. ``--picture`` draws the rates
as SVG.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from support.peers import dcmtk, hosts, profiles_toml, storescp
from support.plot import Axis, line_chart

_SIZES = (10, 100, 1000, 5000)
_QUICK_SIZES = (10, 100, 1000)
_SIDE_BY_SIDE = 300
_ROUNDS = 2
_PARALLEL = "64"
_SLOW_UP_TO = 1000
"""Maximum targets for programs that start a process for each."""

_DEAD, _DEAD_JOBS, _DEAD_TIMEOUT_S = 200, 64, 2.0

_MEMORY = """
import resource, sys
from dcmecho.diagnosis.events import RunFinished
from dcmecho.diagnosis.target.target import Target
from dcmecho.dicom.check import Check, start_all

def resident_kb():
    return int(next(l for l in open("/proc/self/status") if l.startswith("VmRSS")).split()[1])

reports = []

def emit(event):
    if isinstance(event, RunFinished):
        reports.append(event.report)

def check(first, last):
    hosts = (f"127.{n // 62500 + 1}.{n // 250 % 250 + 1}.{n % 250 + 1}" for n in range(first, last))
    targets = [Target(host, int(sys.argv[1]), "PACS", "DCMECHO") for host in hosts]
    start_all([Check(target, emit) for target in targets]).join()

check(0, 200)
before = resident_kb()
check(200, 2200)
print((resident_kb() - before) / 2000)
"""


@dataclass(frozen=True)
class Contender:
    """A program, and its commands to check every target of a file of hosts or of profiles."""

    name: str
    command: Sequence[str]
    reads_hosts: bool


def main() -> None:
    """Measure, print the tables, and draw the picture if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dicom-echo", metavar="PROGRAM", help="PyPI's dicom-echo, to compare")
    parser.add_argument("--picture", type=Path, metavar="FILE", help="draw the rates there (SVG)")
    parser.add_argument("--quick", action="store_true", help="fewer targets and rounds")
    given = parser.parse_args()
    sizes = _QUICK_SIZES if given.quick else _SIZES
    with tempfile.TemporaryDirectory() as name, storescp(Path(name)) as port:
        folder = Path(name)
        contenders = _contenders(port, given.dicom_echo)
        rates: dict[str, list[float]] = {each.name: [] for each in contenders}
        for _ in range(1 if given.quick else _ROUNDS):
            for each in contenders:
                rates[each.name].append(_rate(each, _SIDE_BY_SIDE, port, folder))
        beside = {name: statistics.median(taken) for name, taken in rates.items()}
        by_size = {
            each.name: {
                size: _rate(each, size, port, folder)
                for size in sizes
                if not each.reads_hosts or size <= _SLOW_UP_TO
            }
            for each in contenders[:2]
        }
        memory_kb = float(_output([sys.executable, "-c", _MEMORY, str(port)]))
        dead_s = _dead_seconds(folder)
    sys.stdout.write(_text(beside, by_size, memory_kb, dead_s))
    if given.picture:
        given.picture.write_text(_picture(by_size))


def _contenders(port: int, dicom_echo: str | None) -> list[Contender]:
    check = [sys.executable, "-m", "dcmecho", "check", "--all", "-q", "--profiles"]
    xargs = ["xargs", "-P", _PARALLEL, "-I{}"]
    found = [
        Contender("dcmecho check --all", check, reads_hosts=False),
        Contender("echoscu", [*xargs, dcmtk("echoscu"), "{}", str(port)], reads_hosts=True),
    ]
    if dicom_echo:
        command = [*xargs, dicom_echo, f"{{}}:{port}"]
        found.append(Contender("dicom-echo", command, reads_hosts=True))
    return found


def _rate(each: Contender, size: int, port: int, folder: Path) -> float:
    """Return targets per second of one command. Raises if a target did not pass."""
    addresses = hosts(size)
    listed, profiles = folder / "hosts", folder / "profiles.toml"
    listed.write_text("\n".join(addresses) + "\n")
    profiles.write_text(profiles_toml(addresses, port))
    command = [*each.command, *([] if each.reads_hosts else [str(profiles)])]
    with listed.open() as stream:
        began = time.perf_counter()
        subprocess.run(command, stdin=stream, stdout=subprocess.DEVNULL, check=True)
        return size / (time.perf_counter() - began)


def _dead_seconds(folder: Path) -> float | None:
    """Return the time if every SYN is dropped; ``None`` without root or the programs."""
    if os.geteuid() != 0 or not (shutil.which("ip") and shutil.which("nft")):
        return None
    namespace = f"dcmecho-bench-{os.getpid()}"
    inside = ["ip", "netns", "exec", namespace]
    profiles = folder / "dead.toml"
    dead = [f"127.0.5.{n + 1}" for n in range(_DEAD)]
    profiles.write_text(profiles_toml(dead, 104, _DEAD_TIMEOUT_S))
    rules = (
        "table inet t {\n chain c {\n  type filter hook input priority 0;\n"
        "  tcp dport 104 drop\n }\n}\n"
    )
    subprocess.run(["ip", "netns", "add", namespace], check=True)
    try:
        subprocess.run([*inside, "ip", "link", "set", "lo", "up"], check=True)
        subprocess.run([*inside, "nft", "-f", "-"], input=rules, text=True, check=True)
        check = [sys.executable, "-m", "dcmecho", "check", "--all", "-q", "--profiles"]
        command = [*inside, *check, str(profiles), "--jobs", str(_DEAD_JOBS)]
        began = time.perf_counter()
        subprocess.run(command, check=False)
        return time.perf_counter() - began
    finally:
        subprocess.run(["ip", "netns", "del", namespace], check=True)


def _output(command: Sequence[str]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def _text(
    beside: Mapping[str, float],
    by_size: Mapping[str, Mapping[int, float]],
    memory_kb: float,
    dead_s: float | None,
) -> str:
    ours = beside["dcmecho check --all"]
    lines = [
        "Whole commands, start to exit, against one `storescp --fork` on loopback; medians on a"
        f" machine with {os.cpu_count()} processors that the peer shares. `echoscu` and"
        f" `dicom-echo` are run by `xargs -P {_PARALLEL}`.",
        "",
        f"{_SIDE_BY_SIDE} healthy targets:",
        "",
        "| program | targets a second | dcmecho is quicker by |",
        "|---|---|---|",
    ]
    lines += [f"| {name} | {rate:.0f} | {ours / rate:.1f} |" for name, rate in beside.items()]
    lines += ["", "Targets a second by the number of targets:", ""]
    sizes = sorted({size for rates in by_size.values() for size in rates})
    lines += ["| program |" + "".join(f" {size} |" for size in sizes)]
    lines += ["|---|" + "---|" * len(sizes)]
    for name, rates in by_size.items():
        cells = (f"{rates[size]:.0f}" if size in rates else "not measured" for size in sizes)
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    lines += ["", f"Memory: {memory_kb:.1f} kB a target, its report kept.", ""]
    if dead_s is not None:
        ideal_s = _DEAD / _DEAD_JOBS * _DEAD_TIMEOUT_S
        lines += [
            f"{_DEAD} peers that drop the SYN, {_DEAD_TIMEOUT_S:g} s timeout, {_DEAD_JOBS} jobs:"
            f" {dead_s:.1f} s, {dead_s / ideal_s:.2f} times {_DEAD}/{_DEAD_JOBS} x"
            f" {_DEAD_TIMEOUT_S:g} s.",
            "",
        ]
    return "\n".join(lines)


def _picture(by_size: Mapping[str, Mapping[int, float]]) -> str:
    rates = [rate for each in by_size.values() for rate in each.values()]
    sizes = [size for each in by_size.values() for size in each]
    return line_chart(
        "Healthy targets checked a second",
        Axis("targets", min(sizes), max(sizes)),
        Axis("targets a second", 10 ** (len(str(int(min(rates)))) - 1), max(*rates, 1000)),
        {name: [*rates.items()] for name, rates in by_size.items()},
    )


if __name__ == "__main__":
    main()
