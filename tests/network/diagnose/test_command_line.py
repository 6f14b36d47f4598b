"""The command line: its output on stdout and stderr, and its exit codes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from dcmecho.diagnosis.stage import StageId
from dcmecho.exit_codes import ExitCode
from dcmecho.lab.behaviour import Application, AwaitPdu, FullQueue, Hold, Script
from dcmecho.lab.profiles import demo_profiles_toml
from dcmecho.lab.server import Lab
from tests.network.diagnose.test_cancel import SILENT_AT
from tests.network.peers.scripted import ServePeer

DEADLINE_S = 30.0
COMMAND = (sys.executable, "-m", "dcmecho")


def dcmecho(*argv: str, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *argv],
        capture_output=True,
        text=True,
        timeout=DEADLINE_S,
        env={**os.environ, **(env or {})},
        check=False,
    )


@pytest.fixture
def profiles(lab: Lab, tmp_path: Path) -> Path:
    path = tmp_path / "profiles.toml"
    path.write_text(demo_profiles_toml(lab.targets()), encoding="utf-8")
    return path


def test_the_sentence_of_every_guide(lab: Lab) -> None:
    port = str(lab.port_of("healthy"))
    done = dcmecho("-v", "-aet", "MY_WORKSTATION", "-aec", "TARGET_PACS", "127.0.0.1", port)
    assert done.returncode == 0
    assert done.stderr.splitlines() == [
        "I: Requesting Association",
        "I: Association Accepted (Max Send PDV: 16372)",
        "I: Sending Echo Request (MsgID 1)",
        "I: Received Echo Response (Success)",
        "I: Releasing Association",
    ]
    assert "OK: C-ECHO-RSP 0x0000, success" in done.stdout


class TestForms:
    def test_aet_at_host_port(self, lab: Lab) -> None:
        done = dcmecho("--json", f"TARGET_PACS@127.0.0.1:{lab.port_of('healthy')}")
        assert json.loads(done.stdout)["target"]["called_ae"] == "TARGET_PACS"
        assert done.returncode == 0

    def test_dcm4che(self, lab: Lab) -> None:
        peer = f"TARGET_PACS@127.0.0.1:{lab.port_of('healthy')}"
        target = json.loads(dcmecho("--json", "-b", "ME", "-c", peer).stdout)["target"]
        assert (target["calling_ae"], target["called_ae"]) == ("ME", "TARGET_PACS")

    def test_repeat_contexts_and_transfer_syntaxes(self, lab: Lab) -> None:
        port = str(lab.port_of("healthy"))
        done = dcmecho("-v", "--repeat", "3", "-ppc", "2", "-pts", "4", "127.0.0.1", port)
        assert done.stderr.count("I: Received Echo Response (Success)") == 3
        assert done.returncode == 0

    def test_abort_in_place_of_release(self, lab: Lab) -> None:
        done = dcmecho("--json", "--abort", "127.0.0.1", str(lab.port_of("healthy")))
        release = json.loads(done.stdout)["stages"][-1]
        assert (release["status"], release["summary"]) == ("passed", "aborted as requested")
        assert done.returncode == 0

    def test_quiet_prints_nothing(self, lab: Lab) -> None:
        done = dcmecho("-q", "127.0.0.1", str(lab.port_of("closed-port")))
        assert (done.stdout, done.stderr, done.returncode) == ("", "", ExitCode.TCP)

    def test_debug_shows_each_pdu_and_its_bytes(self, lab: Lab) -> None:
        done = dcmecho("-d", "-aec", "TARGET_PACS", "127.0.0.1", str(lab.port_of("healthy")))
        assert "A-ASSOCIATE-RQ  DCMECHO -> TARGET_PACS" in done.stderr
        assert "0000  01 00 00 00" in done.stderr

    def test_jsonl_ends_with_the_report(self, lab: Lab) -> None:
        done = dcmecho("--format", "jsonl", "127.0.0.1", str(lab.port_of("healthy")))
        *events, report = map(json.loads, done.stdout.splitlines())
        assert report["schema"] == "dcmecho.report/1"
        assert events[0]["event"] == "run-started"
        assert {"stage-started", "stage-finished", "log"} <= {each["event"] for each in events}
        assert {each["run_id"] for each in events} == {report["run_id"]}


class TestUsage:
    @pytest.mark.parametrize(
        ("argv", "said"),
        [
            (["pacs"], "PORT is missing"),
            (["pacs", "http"], "PORT: http is not a port. Use 1 to 65535"),
            (["PACS@host:104", "104"], "already has a port"),
            (["--repeat", "0", "pacs", "104"], "0 is out of range. Use 1 or more"),
            (["-ppc", "129", "pacs", "104"], "129 is out of range. Use 1 to 128"),
            (["-c", "pacs", "104"], "-c takes AET@HOST:PORT"),
            (["check"], "name the targets to check, or --all"),
            (["--nonsense", "pacs", "104"], "unrecognized arguments: --nonsense"),
        ],
    )
    def test_errors_name_the_thing(self, argv: list[str], said: str) -> None:
        done = dcmecho(*argv)
        assert done.returncode == ExitCode.USAGE
        assert said in done.stderr
        assert done.stdout == ""

    @pytest.mark.parametrize(
        "argv",
        [
            ("--json", "127.0.0.1", "70000"),
            ("--json", "127.0.0.1", "-1"),
            ("--json", "-aec", "SEVENTEEN_LETTERS", "127.0.0.1", "104"),
            ("--json", "-aet", "", "127.0.0.1", "104"),
            ("--json", "-aec", "", "127.0.0.1", "104"),
            ("--json", "010.1.1.1", "104"),
        ],
    )
    def test_values_that_cannot_work_still_give_a_report(self, argv: tuple[str, ...]) -> None:
        done = dcmecho(*argv)
        report = json.loads(done.stdout)
        assert report["verdict"]["stage"] == "profile"
        assert report["verdict"]["exit_code"] == done.returncode == ExitCode.PROFILE
        assert report["causes"][0]["confidence"] == "proven"

    def test_help_names_the_exit_codes(self) -> None:
        done = dcmecho("--help")
        assert done.returncode == 0
        assert "15 rejected" in done.stdout


class TestCheck:
    def test_one_target_by_name(self, profiles: Path) -> None:
        done = dcmecho("check", "--profiles", str(profiles), "Healthy archive")
        assert done.returncode == 0
        assert done.stdout.startswith("Healthy archive\n")

    def test_the_environment_names_the_file(self, profiles: Path) -> None:
        done = dcmecho("check", "Nothing listens", env={"DCMECHO_PROFILES": str(profiles)})
        assert done.returncode == ExitCode.TCP

    def test_several_targets_are_an_array_and_the_worst_counts(self, profiles: Path) -> None:
        done = dcmecho(
            "check", "--json", "--profiles", str(profiles), "Healthy archive", "Nothing listens"
        )
        statuses = [report["verdict"]["status"] for report in json.loads(done.stdout)]
        assert statuses == ["ok", "failed"]
        assert done.returncode == ExitCode.TCP

    def test_unknown_name_suggests_the_nearest(self, profiles: Path) -> None:
        done = dcmecho("check", "--profiles", str(profiles), "Healthy archiv")
        assert done.returncode == ExitCode.USAGE
        assert "Did you mean Healthy archive?" in done.stderr

    def test_missing_file_says_so(self, tmp_path: Path) -> None:
        done = dcmecho("check", "--profiles", str(tmp_path / "none.toml"), "X")
        assert done.returncode == ExitCode.USAGE
        assert "none.toml does not exist" in done.stderr

    def test_broken_target_is_named_with_its_line(self, tmp_path: Path) -> None:
        path = tmp_path / "profiles.toml"
        path.write_text('[[target]]\nname = "A"\nhost = "h"\nport = "104"\ncalled_ae = "X"\n')
        done = dcmecho("check", "--profiles", str(path), "A")
        assert done.returncode == ExitCode.USAGE
        assert f"{path}:4: port" in done.stderr

    def test_do_not_probe_refuses_and_says_why(self, tmp_path: Path) -> None:
        path = tmp_path / "profiles.toml"
        path.write_text(
            '[[target]]\nname = "CT"\nhost = "127.0.0.1"\nport = 1\ncalled_ae = "X"\n'
            'do_not_probe = "vendor forbids it"\n'
        )
        one = dcmecho("check", "--profiles", str(path), "CT")
        assert one.returncode == ExitCode.PROFILE
        assert "NOT CHECKED, forbidden by do_not_probe: vendor forbids it" in one.stdout
        assert "FAIL" not in one.stdout
        every = dcmecho("check", "--profiles", str(path), "--all")
        assert every.returncode == ExitCode.PROFILE
        assert "CT: not checked: vendor forbids it" in every.stderr


class TestInterrupt:
    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
    @pytest.mark.parametrize("stage", list(SILENT_AT))
    def test_at_any_stage(
        self, serve_peer: ServePeer, stage: StageId, number: signal.Signals
    ) -> None:
        target = serve_peer(SILENT_AT[stage])
        long = ("-to", "600", "-ta", "600", "-td", "600")
        running = subprocess.Popen(
            [*COMMAND, "--format", "jsonl", *long, target.host, str(target.port)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        with running:
            assert running.stdout is not None
            assert running.stderr is not None
            for line in running.stdout:
                event = json.loads(line)
                if event.get("event") == "stage-started" and event["stage"] == stage:
                    break
            running.send_signal(number)
            last = list(running.stdout)[-1]
            assert running.wait(DEADLINE_S) == ExitCode.INTERRUPTED
            assert json.loads(last)["verdict"]["status"] == "cancelled"
            assert running.stderr.read() == ""


@pytest.mark.usefixtures("unmeasured")
class TestImports:
    @pytest.fixture(autouse=True)
    def no_earlier_checks(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        # After a failed check a green one says what made it green again, which takes more modules.
        monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))

    @pytest.mark.parametrize(
        ("argv", "absent"),
        [
            (["--version"], ["textual", "rich", "pynetdicom", "pydicom", "tomlkit"]),
            (["--help"], ["textual", "rich", "pynetdicom", "pydicom", "tomlkit"]),
            (["check", "--all", "--profiles", "none.toml"], ["textual", "rich", "tomlkit"]),
            (["-q", "127.0.0.1", "1"], ["textual", "rich", "tomlkit"]),
            (["watch", "--all", "--profiles", "none.toml"], ["textual", "rich", "tomlkit"]),
            (["listen", "--help"], ["textual", "rich", "pynetdicom", "pydicom", "tomlkit"]),
            (["import", "--help"], ["textual", "rich", "pynetdicom", "pydicom"]),
            (["export", "--help"], ["textual", "rich", "pynetdicom", "pydicom"]),
            (["demo", "--help"], ["textual", "rich", "pynetdicom", "pydicom"]),
            (["lab", "--help"], ["textual", "rich", "pynetdicom", "pydicom"]),
        ],
    )
    def test_a_command_loads_only_what_it_needs(self, argv: list[str], absent: list[str]) -> None:
        loaded = self.loaded(argv)
        assert "dcmecho.cli.main" in loaded
        assert not set(absent) & loaded

    @pytest.mark.parametrize("form", ["text", "json", "nagios"])
    def test_a_c_echo_loads_pynetdicom_without_what_no_message_needs(
        self, lab: Lab, form: str
    ) -> None:
        loaded = self.loaded(["--format", form, "127.0.0.1", str(lab.port_of("healthy"))])
        assert "pynetdicom.pdu" in loaded
        unneeded = {"pydicom.pixels.decoders", "http.client", "cryptography", "tomllib", "rich"}
        unneeded |= {"pynetdicom.association", "pynetdicom.sop_class", "importlib.metadata"}
        unneeded |= {"dcmecho.diagnosis.target.tls", "dcmecho.diagnosis.experiments.plans"}
        unneeded |= {"dcmecho.diagnosis.causes.texts", "dcmecho.diagnosis.services.model"}
        assert not unneeded & loaded

    def loaded(self, argv: list[str]) -> set[str]:
        """Return the modules that are loaded after the command has run."""
        program = (
            "import sys\n"
            "from dcmecho.cli.main import run\n"
            "try:\n"
            f"    run({argv!r})\n"
            "except SystemExit:\n"
            "    pass\n"
            "sys.stderr.write('\\nLOADED ' + ' '.join(sorted(sys.modules)))\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", program],
            capture_output=True,
            text=True,
            timeout=DEADLINE_S,
            cwd="/",
        )
        return set(done.stderr.rpartition("LOADED ")[2].split())


@pytest.mark.parametrize(
    ("behaviour", "stage", "code"),
    [
        (FullQueue(), StageId.CONNECT, ExitCode.TCP),
        (Script((AwaitPdu(), Hold())), StageId.ASSOCIATE, ExitCode.NOT_DICOM),
        (Application(on_echo=(Hold(),)), StageId.ECHO, ExitCode.NO_ECHO),
    ],
)
def test_timeouts_of_the_command_line_bound_every_wait(
    serve_peer: ServePeer, behaviour: Script, stage: StageId, code: ExitCode
) -> None:
    target = serve_peer(behaviour)
    short = ("-to", "0.3", "-ta", "0.3", "-td", "0.3")
    done = dcmecho("--json", *short, target.host, str(target.port))
    assert json.loads(done.stdout)["verdict"]["stage"] == stage
    assert done.returncode == code


class TestNothingChecked:
    """A monitor with a mistyped path must not stay green."""

    def test_missing_file(self, tmp_path: Path) -> None:
        done = dcmecho("check", "--all", "--profiles", str(tmp_path / "none.toml"))
        assert done.returncode == ExitCode.USAGE
        assert "none.toml does not exist" in done.stderr
        assert done.stdout == ""

    def test_file_without_targets(self, tmp_path: Path) -> None:
        path = tmp_path / "profiles.toml"
        path.write_text("[defaults]\n")
        done = dcmecho("check", "--all", "--json", "--profiles", str(path))
        assert done.returncode == ExitCode.USAGE
        assert "has no [[target]], so there is nothing to do" in done.stderr


class TestOutputThatCannotBeWritten:
    def test_full_disk(self, lab: Lab) -> None:
        command = [*COMMAND, "127.0.0.1", str(lab.port_of("healthy"))]
        with open("/dev/full", "w") as full:
            done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True)
        assert done.returncode == ExitCode.INTERNAL
        assert done.stderr == "dcmecho: cannot write the output: No space left on device\n"

    def test_a_reader_that_leaves_does_not_turn_a_failure_into_success(self, lab: Lab) -> None:
        command = [*COMMAND, "127.0.0.1", str(lab.port_of("closed-port"))]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
            assert running.stdout is not None
            running.stdout.close()
            assert running.wait(DEADLINE_S) == ExitCode.TCP


def test_low_bandwidth_without_the_console_is_told_to_be_wrong() -> None:
    done = dcmecho("--low-bandwidth", "127.0.0.1", "104")
    assert done.returncode == ExitCode.USAGE
    assert "--low-bandwidth is for the console" in done.stderr
