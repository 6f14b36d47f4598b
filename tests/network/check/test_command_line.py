"""``dcmecho check`` of many targets: at once, in the order of the file, failures as they happen."""

from __future__ import annotations

import json
import signal
import subprocess
from pathlib import Path

import pytest

from dcmecho.exit_codes import ExitCode, NagiosCode
from dcmecho.lab.behaviour import Application, Hold
from dcmecho.lab.profiles import demo_profiles_toml
from dcmecho.lab.server import Lab
from tests.network.check.counting_peer import counting_peer
from tests.network.diagnose.test_command_line import COMMAND, DEADLINE_S, dcmecho
from tests.network.peers.scripted import ServePeer


def entry(name: str, host: str, port: int) -> str:
    return f'[[target]]\nname = "{name}"\nhost = "{host}"\nport = {port}\ncalled_ae = "PACS"\n'


@pytest.fixture
def mixed(lab: Lab, tmp_path: Path) -> Path:
    """Write a file of five targets, of which the third fails."""
    healthy, closed = lab.port_of("healthy"), lab.port_of("closed-port")
    path = tmp_path / "profiles.toml"
    ports = (healthy, healthy, closed, healthy, healthy)
    path.write_text("".join(entry(f"T{n}", "127.0.0.1", port) for n, port in enumerate(ports)))
    return path


def test_the_array_has_the_order_of_the_file(mixed: Path) -> None:
    done = dcmecho("check", "--all", "--json", "--profiles", str(mixed))
    reports = json.loads(done.stdout)
    assert [report["target"]["name"] for report in reports] == ["T0", "T1", "T2", "T3", "T4"]
    assert done.returncode == ExitCode.TCP


def test_failures_are_told_as_they_come_and_come_first(mixed: Path) -> None:
    done = dcmecho("check", "--all", "--profiles", str(mixed))
    assert done.stderr.startswith("T2: FAILED at TCP: ")
    assert done.stderr.count("\n") == 1
    assert done.stdout.startswith("FAILED at TCP: 1 target\n")
    assert "5 targets: 1 FAILED, 4 OK" in done.stdout


def test_steps_say_whose_they_are(mixed: Path) -> None:
    done = dcmecho("check", "-v", "--profiles", str(mixed), "T0", "T2")
    assert "T0: I: Received Echo Response (Success)" in done.stderr
    assert "T2: E: " in done.stderr


def test_quiet_prints_nothing(mixed: Path) -> None:
    done = dcmecho("check", "--all", "-q", "--profiles", str(mixed))
    assert (done.stdout, done.stderr, done.returncode) == ("", "", ExitCode.TCP)


def test_every_peer_of_the_lab(lab: Lab, tmp_path: Path) -> None:
    path = tmp_path / "profiles.toml"
    path.write_text(demo_profiles_toml(lab.targets()), encoding="utf-8")
    done = dcmecho("check", "--all", "--jobs", "64", "--json", "--profiles", str(path))
    reports = json.loads(done.stdout)
    assert [each["target"]["name"] for each in reports] == [each.name for each in lab.targets()]
    assert "error" not in {each["verdict"]["status"] for each in reports}


def test_the_jobs_bound_how_many_run_at_once(tmp_path: Path) -> None:
    path = tmp_path / "profiles.toml"
    with counting_peer() as (peer, counter):
        path.write_text("".join(entry(f"T{n}", f"127.0.0.{n}", peer.port) for n in range(2, 12)))
        done = dcmecho("check", "--all", "--jobs", "2", "--profiles", str(path))
    assert done.returncode == ExitCode.OK
    assert (counter.answered, counter.most <= 2) == (10, True)


def test_interrupted_it_reports_what_is_done(
    lab: Lab, serve_peer: ServePeer, tmp_path: Path
) -> None:
    path = tmp_path / "profiles.toml"
    silent = serve_peer(Application(on_echo=(Hold(),)))
    closed = lab.port_of("closed-port")
    same = [entry(f"S{n}", silent.host, silent.port) for n in range(3)]
    path.write_text("".join([*same, entry("Closed", "127.0.0.1", closed)]))
    argv = [*COMMAND, "check", "--all", "--json", "--profiles", str(path)]
    with subprocess.Popen(
        argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        assert running.stderr.readline().startswith("Closed: FAILED")
        running.send_signal(signal.SIGINT)
        reports = json.loads(running.stdout.read())
        assert running.wait(DEADLINE_S) == ExitCode.INTERRUPTED
    found = {each["target"]["name"]: each["verdict"]["status"] for each in reports}
    assert found["Closed"] == "failed"
    assert found.keys() <= {"Closed", "S0"}, "the others on its peer were never begun"


class TestNagios:
    def test_one_target(self, mixed: Path) -> None:
        done = dcmecho("check", "--format", "nagios", "--profiles", str(mixed), "T0")
        assert done.returncode == NagiosCode.OK
        assert done.stdout.startswith("DCMECHO OK - T0: C-ECHO-RSP 0x0000")

    def test_all_targets_and_no_talk_beside_the_line(self, mixed: Path) -> None:
        done = dcmecho("check", "--all", "--format", "nagios", "--profiles", str(mixed))
        assert done.returncode == NagiosCode.CRITICAL
        assert done.stdout.startswith("DCMECHO CRITICAL - 1 of 5 targets: T2: TCP: ")
        assert done.stderr == ""

    def test_a_peer_without_a_profile(self, lab: Lab) -> None:
        done = dcmecho("--format", "nagios", "127.0.0.1", str(lab.port_of("closed-port")))
        assert done.returncode == NagiosCode.CRITICAL

    @pytest.mark.parametrize(
        ("argv", "said"),
        [
            (["T9"], "no target named T9 in "),
            (["--jobs", "0", "--all"], "0 is out of range. Use 1 or more"),
            ([], "name the targets to check, or --all"),
        ],
    )
    def test_a_mistake_of_ours_is_no_failing_peer(
        self, mixed: Path, argv: list[str], said: str
    ) -> None:
        done = dcmecho("check", "--format", "nagios", "--profiles", str(mixed), *argv)
        assert done.returncode == NagiosCode.UNKNOWN
        assert done.stdout.startswith("DCMECHO UNKNOWN - ")
        assert said in done.stdout

    def test_a_broken_target_beside_good_ones(self, mixed: Path) -> None:
        good = entry("T0", "127.0.0.1", json.loads(_json_of(mixed, "T0"))["target"]["port"])
        mixed.write_text(good + '[[target]]\nname = "B"\nport = 104\ncalled_ae = "X"\n')
        done = dcmecho("check", "--all", "--format", "nagios", "--profiles", str(mixed))
        assert done.returncode == NagiosCode.UNKNOWN
        assert "profiles.toml:" in done.stdout


def _json_of(path: Path, name: str) -> str:
    return dcmecho("check", "--json", "--profiles", str(path), name).stdout
