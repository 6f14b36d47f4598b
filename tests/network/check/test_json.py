"""The JSON of ``dcmecho check --all``: written in pieces, and valid however the command ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from dcmecho.exit_codes import ExitCode
from dcmecho.lab.behaviour import Application, Hold
from dcmecho.lab.server import Lab
from tests.network.check.test_command_line import entry
from tests.network.diagnose.test_command_line import COMMAND, DEADLINE_S
from tests.network.peers.scripted import ServePeer

Reports = list[dict[str, Any]]


@contextmanager
def started(command: Sequence[str], profiles: Path) -> Iterator[subprocess.Popen[bytes]]:
    argv = [*command, "check", "--all", "--json", "--profiles", str(profiles)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        try:
            yield running
        finally:
            running.kill()


def until_first_report(running: subprocess.Popen[bytes]) -> str:
    """Return stdout as soon as the first report is complete."""
    assert running.stdout is not None
    text = ""
    while True:
        some = os.read(running.stdout.fileno(), 1 << 16)
        assert some, "the output ended before the first report"
        text += some.decode()
        try:
            json.JSONDecoder().raw_decode(text.removeprefix("[").lstrip())
        except json.JSONDecodeError:
            continue
        return text


def names(reports: Reports) -> list[str]:
    return [each["target"]["name"] for each in reports]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_reports_are_written_as_it_goes_and_a_signal_closes_the_array(
    lab: Lab, serve_peer: ServePeer, tmp_path: Path, number: signal.Signals
) -> None:
    profiles = tmp_path / "profiles.toml"
    silent = serve_peer(Application(on_echo=(Hold(),)))
    profiles.write_text(
        entry("First", "127.0.0.1", lab.port_of("healthy"))
        + entry("Silent", silent.host, silent.port)
        + entry("Closed", "127.0.0.1", lab.port_of("closed-port"))
    )
    with started(COMMAND, profiles) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        assert running.stderr.readline().startswith(b"Closed: FAILED")
        text = until_first_report(running)
        assert '"Closed"' not in text, "the one before it has not ended"
        running.send_signal(number)
        text += running.stdout.read().decode()
        assert running.wait(DEADLINE_S) == ExitCode.INTERRUPTED
    reports = json.loads(text)
    assert names(reports) == ["First", "Silent", "Closed"]
    assert [each["verdict"]["status"] for each in reports] == ["ok", "cancelled", "failed"]
    assert text == json.dumps(reports, indent=2) + "\n"


FAULT_IN_A_RUN = """
import sys
from dcmecho.dicom.runs import workers
from dcmecho.__main__ import main

climb = workers.climb

def faulty(run_id, target, *rest):
    if target.name == "T1":
        raise RuntimeError("a fault of ours")
    return climb(run_id, target, *rest)

workers.climb = faulty
sys.exit(main())
"""

FAULT_IN_WRITING = """
import sys
from dcmecho.cli.formats import json
from dcmecho.__main__ import main

report_data = json.report_data

def faulty(report):
    if report.target.name == "T1":
        raise RuntimeError("a fault of ours")
    return report_data(report)

json.report_data = faulty
sys.exit(main())
"""


@pytest.mark.parametrize(
    ("program", "written"), [(FAULT_IN_A_RUN, ["T0", "T2"]), (FAULT_IN_WRITING, ["T0"])]
)
def test_a_fault_of_ours_leaves_an_array(
    lab: Lab, tmp_path: Path, program: str, written: list[str]
) -> None:
    profiles = tmp_path / "profiles.toml"
    healthy = lab.port_of("healthy")
    profiles.write_text("".join(entry(f"T{n}", "127.0.0.1", healthy) for n in range(3)))
    with started([sys.executable, "-c", program], profiles) as running:
        out, err = running.communicate(timeout=DEADLINE_S)
        assert running.returncode == ExitCode.INTERNAL
    assert names(json.loads(out)) == written
    assert b"a fault of ours" in err


def test_nothing_to_report_is_an_empty_array(tmp_path: Path) -> None:
    profiles = tmp_path / "profiles.toml"
    profiles.write_text(entry("T1", "127.0.0.1", 104))
    with started([sys.executable, "-c", FAULT_IN_A_RUN], profiles) as running:
        out, _ = running.communicate(timeout=DEADLINE_S)
    assert out == b"[]\n"
