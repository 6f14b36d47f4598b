"""How quickly many targets are checked, side by side with ``echoscu`` and ``dicom-echo``.

Run: ``python benchmarks/all_targets.py [--dicom-echo PROGRAM] [--docs FOLDER]``. Every target is an
address of its own in 127/8, all of them one ``storescp --fork``, so that each program meets the
same peer. Programs that diagnose one peer are run by ``xargs -P 64``. Rates are those of whole
commands, start to exit, alternating; medians decide nothing. As root it also measures peers that
drop the SYN, in a network namespace of its own. ``--docs`` writes the document and its picture.
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from plot import Axis, line_chart

_SIZES = (10, 100, 1000, 5000)
_SIDE_BY_SIDE = 300
_ROUNDS = 2
_PARALLEL = "64"
_SLOW_UP_TO = 1000
"""Programs that start a process for each target are not asked for more."""

_DEAD, _DEAD_JOBS, _DEAD_TIMEOUT_S = 200, 64, 2.0

_MEMORY = """
import resource, sys
from dcmecho.diagnosis.events import RunFinished
from dcmecho.diagnosis.model import Target
from dcmecho.dicom.pool import Check, start_all

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
    """A program, and how it checks every target of a file of hosts and of profiles."""

    name: str
    command: Sequence[str]
    reads_hosts: bool


def main() -> None:
    """Measure, print the tables, and write the document where that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dicom-echo", metavar="PROGRAM", help="PyPI's dicom-echo, to compare")
    parser.add_argument("--docs", type=Path, metavar="FOLDER", help="write performance.md there")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, _storescp(Path(name)) as port:
        folder = Path(name)
        contenders = _contenders(port, given.dicom_echo)
        rates: dict[str, list[float]] = {each.name: [] for each in contenders}
        for _ in range(_ROUNDS):
            for each in contenders:
                rates[each.name].append(_rate(each, _SIDE_BY_SIDE, port, folder))
        beside = {name: statistics.median(taken) for name, taken in rates.items()}
        by_size = {
            each.name: {
                size: _rate(each, size, port, folder)
                for size in _SIZES
                if not each.reads_hosts or size <= _SLOW_UP_TO
            }
            for each in contenders[:2]
        }
        memory_kb = float(_output([sys.executable, "-c", _MEMORY, str(port)]))
        dead_s = _dead_seconds(folder)
    text = _text(beside, by_size, memory_kb, dead_s)
    sys.stdout.write(text)
    if given.docs:
        (given.docs / "performance.md").write_text(text)
        (given.docs / "performance-all-targets.svg").write_text(_picture(by_size))


def _contenders(port: int, dicom_echo: str | None) -> list[Contender]:
    check = [sys.executable, "-m", "dcmecho", "check", "--all", "-q", "--profiles"]
    xargs = ["xargs", "-P", _PARALLEL, "-I{}"]
    found = [
        Contender("dcmecho check --all", check, reads_hosts=False),
        Contender("echoscu", [*xargs, _program("echoscu"), "{}", str(port)], reads_hosts=True),
    ]
    if dicom_echo:
        command = [*xargs, dicom_echo, f"{{}}:{port}"]
        found.append(Contender("dicom-echo", command, reads_hosts=True))
    return found


def _rate(each: Contender, size: int, port: int, folder: Path) -> float:
    """Targets a second of one whole command. Raises where a target was not green."""
    hosts = [f"127.{n // 62500 + 1}.{n // 250 % 250 + 1}.{n % 250 + 1}" for n in range(size)]
    listed, profiles = folder / "hosts", folder / "profiles.toml"
    listed.write_text("\n".join(hosts) + "\n")
    profiles.write_text(_profiles(hosts, port))
    command = [*each.command, *([] if each.reads_hosts else [str(profiles)])]
    with listed.open() as stream:
        began = time.perf_counter()
        subprocess.run(command, stdin=stream, stdout=subprocess.DEVNULL, check=True)
        return size / (time.perf_counter() - began)


def _profiles(hosts: Sequence[str], port: int, timeout_s: float = 10.0) -> str:
    entries = (
        f'[[target]]\nname = "T{n}"\nhost = "{host}"\nport = {port}\ncalled_ae = "PACS"\n'
        for n, host in enumerate(hosts)
    )
    return f"[defaults]\nconnect_timeout_s = {timeout_s}\n" + "".join(entries)


def _dead_seconds(folder: Path) -> float | None:
    """How long it takes where every SYN is dropped; ``None`` without root or the programs."""
    if os.geteuid() != 0 or not (shutil.which("ip") and shutil.which("nft")):
        return None
    namespace = f"dcmecho-bench-{os.getpid()}"
    inside = ["ip", "netns", "exec", namespace]
    profiles = folder / "dead.toml"
    hosts = [f"127.0.5.{n + 1}" for n in range(_DEAD)]
    profiles.write_text(_profiles(hosts, 104, _DEAD_TIMEOUT_S))
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


@contextmanager
def _storescp(folder: Path) -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("", 0))
        port = probe.getsockname()[1]
    command = [_program("storescp"), "--fork", "--output-directory", str(folder), str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as peer:
        try:
            _wait_until_open(port)
            yield port
        finally:
            peer.terminate()


def _wait_until_open(port: int) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("storescp does not listen")


def _program(name: str) -> str:
    """DCMTK's program: pynetdicom puts its own of the same name beside Python."""
    here = str(Path(sys.executable).parent)
    folders = [each for each in os.environ["PATH"].split(os.pathsep) if each != here]
    found = shutil.which(name, path=os.pathsep.join(folders))
    if found is None:
        raise SystemExit(f"{name} is not installed (Debian package dcmtk)")
    return found


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
        "# Many targets at once",
        "",
        "Whole commands, start to exit, against one `storescp --fork` on loopback; medians on a"
        f" machine with {os.cpu_count()} processors that the peer shares. `echoscu` and"
        f" `dicom-echo` are run by `xargs -P {_PARALLEL}`. Repeat it with",
        "",
        "```",
        "python benchmarks/all_targets.py --dicom-echo PATH/TO/dicom-echo --docs docs",
        "```",
        "",
        f"{_SIDE_BY_SIDE} healthy targets:",
        "",
        "| program | targets a second | dcmecho is quicker by |",
        "|---|---|---|",
    ]
    lines += [f"| {name} | {rate:.0f} | {ours / rate:.1f} |" for name, rate in beside.items()]
    lines += ["", "Targets a second by the number of targets:", ""]
    lines += ["| program |" + "".join(f" {size} |" for size in _SIZES)]
    lines += ["|---|" + "---|" * len(_SIZES)]
    for name, rates in by_size.items():
        cells = (f"{rates[size]:.0f}" if size in rates else "not measured" for size in _SIZES)
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    lines += ["", "![rate by number of targets](performance-all-targets.svg)", ""]
    lines += [f"Memory: {memory_kb:.1f} kB a target, its report kept.", ""]
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
    return line_chart(
        "Healthy targets checked a second",
        Axis("targets", min(_SIZES), max(_SIZES)),
        Axis("targets a second", 10 ** (len(str(int(min(rates)))) - 1), max(*rates, 1000)),
        {name: [*rates.items()] for name, rates in by_size.items()},
    )


if __name__ == "__main__":
    main()
