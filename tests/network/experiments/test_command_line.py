"""``--experiments``: what it runs, what it announces, how it is refused and interrupted."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from dcmecho.cli.diagnose.after_check import AfterCheck
from dcmecho.cli.diagnose.experiments import ExperimentRequest, experiment
from dcmecho.cli.interruption import Interruption
from dcmecho.diagnosis.events import Event
from dcmecho.diagnosis.experiments.plans import NONSENSE_APPLICATION_CONTEXT, ExperimentId
from dcmecho.diagnosis.network.connection import Address
from dcmecho.diagnosis.run_options import RunOptions
from dcmecho.dicom.runs.budget import Budget
from dcmecho.dicom.runs.slots import PeerSlots
from dcmecho.exit_codes import ExitCode
from dcmecho.lab.server import Lab
from tests.network.diagnose.diagnosing import diagnose
from tests.network.diagnose.test_command_line import COMMAND, dcmecho

ENDS_WITHIN_S = 2.0
"""Maximum time from Ctrl-C to the end of the command, in s."""

TITLES = ("-aet", "MY_WORKSTATION", "-aec", "TARGET_PACS")


def asked(
    lab: Lab, peer_id: str, experiments: str, *options: str
) -> subprocess.CompletedProcess[str]:
    """Check a practice peer, with experiments."""
    port = str(lab.port_of(peer_id))
    return dcmecho(*TITLES, "--experiments", experiments, *options, "127.0.0.1", port)


def report_of(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    report = json.loads(done.stdout)
    assert isinstance(report, dict)
    return report


def ids(report: Mapping[str, Any]) -> list[str]:
    return [each["id"] for each in report["experiments"]]


def causes(report: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(each["id"], each["confidence"]) for each in report["causes"]]


class TestWhatIsMade:
    def test_all_that_are_worth_an_association(self, lab: Lab) -> None:
        done = asked(lab, "ambiguous-rejection", "all", "--json")
        assert done.returncode == ExitCode.REJECTED
        report = report_of(done)
        assert ids(report) == [
            "variant.case",
            "variant.case",
            "fingerprint.application-context",
        ]
        assert report["experiments"][-1]["split"].startswith("answers like DCMTK's dcmqrscp")
        assert "proven" not in dict(causes(report)).values()

    def test_until_a_cause_is_proven(self, lab: Lab) -> None:
        done = asked(lab, "wrong-address", "all,source.address=127.0.0.2", "--json")
        report = report_of(done)
        assert ids(report)[-5:] == [
            "source.address",
            "control.repeat",
            "source.address",
            "control.repeat",
            "control.repeat",
        ]
        assert causes(report) == [("ae.host-not-allowed", "proven")]
        assert done.returncode == ExitCode.REJECTED

    def test_one_that_is_named(self, lab: Lab) -> None:
        done = asked(lab, "ambiguous-rejection", "control.called", "--json")
        (entry,) = report_of(done)["experiments"]
        assert set(entry) == {"id", "sent", "outcome", "split"}
        assert entry["id"] == "control.called"
        assert entry["outcome"] == "rejected: called AE title not recognized"
        assert (
            entry["split"]
            == "same answer as the first request, so this experiment rules nothing out"
        )

    def test_a_title_of_the_operators_own(self, lab: Lab) -> None:
        done = asked(lab, "ambiguous-rejection", "own.calling=WORKSTATION_1", "--json")
        report = report_of(done)
        (entry,) = report["experiments"]
        assert entry["sent"] == "another calling title, WORKSTATION_1"
        assert entry["outcome"] == "C-ECHO answered with success"
        assert causes(report)[0] == ("ae.calling-unknown", "likely")
        assert "ae.called-unknown" not in dict(causes(report))

    def test_controls_after_a_green_run(self, lab: Lab) -> None:
        done = asked(lab, "healthy", "all", "--json")
        assert done.returncode == ExitCode.OK
        report = report_of(done)
        assert ids(report) == ["control.calling", "control.called"]
        assert (
            "the peer does not check the called AE title: a made-up one is accepted too"
            in report["proven"]
        )

    def test_the_text_report_tells_them(self, lab: Lab) -> None:
        done = asked(lab, "ambiguous-rejection", "control.called,fingerprint.application-context")
        assert "\nExperiments\n" in done.stdout
        assert "  - control.called: a made-up called title, NOSUCH" in done.stdout

    def test_jsonl_ends_with_the_report_on_all_of_them(self, lab: Lab) -> None:
        done = asked(lab, "healthy", "control.called,control.calling", "--format", "jsonl")
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        assert len({line["run_id"] for line in lines}) == 3
        assert ids(lines[-1]) == ["control.calling", "control.called"]
        assert lines[-1]["run_id"] == lines[0]["run_id"]

    def test_those_of_several_targets(self, lab: Lab, tmp_path: Path) -> None:
        path = profile_file(tmp_path, lab, "called-unknown", "healthy")
        done = check(path, "--experiments", "control.called", "--json", "--all")
        assert [ids(report) for report in json.loads(done.stdout)] == [["control.called"]] * 2
        assert "dcmecho: called-unknown: experiment control.called: sends" in done.stderr
        assert "dcmecho: healthy: experiment control.called: sends" in done.stderr


class TestWhatIsSaidBeforehand:
    def test_what_is_sent_why_and_that_it_may_be_logged(self, lab: Lab) -> None:
        done = asked(lab, "ambiguous-rejection", "all", "--json")
        announced = done.stderr.splitlines()
        assert len(announced) == len(ids(report_of(done)))
        for line, each in zip(announced, report_of(done)["experiments"], strict=True):
            assert line.startswith(f"dcmecho: experiment {each['id']}: sends {each['sent']}; ")
            assert "; the peer might log it. It shows wh" in line
        assert NONSENSE_APPLICATION_CONTEXT in announced[-1]

    def test_quiet_says_nothing(self, lab: Lab) -> None:
        done = asked(lab, "ambiguous-rejection", "control.called", "-q")
        assert (done.stdout, done.stderr, done.returncode) == ("", "", ExitCode.REJECTED)

    @pytest.mark.parametrize(
        ("peer_id", "experiments", "why"),
        [
            ("healthy", "flip.tls", "none can narrow the causes down"),
            ("http", "all", "the cause is already proven"),
            ("limit", "control.called", "the cause is already proven"),
        ],
    )
    def test_why_none_is_made(self, lab: Lab, peer_id: str, experiments: str, why: str) -> None:
        done = asked(lab, peer_id, experiments, "--json")
        assert report_of(done)["experiments"] == []
        assert done.stderr == f"dcmecho: no experiment was run: {why}\n"


class TestUsage:
    @pytest.mark.parametrize(
        ("experiments", "said"),
        [
            ("control.caled", "control.caled is not an experiment. Did you mean control.called?"),
            ("own.calling", "own.calling needs one of your calling AE titles: own.calling=TITLE"),
            ("own.calling=SEVENTEEN_LETTERS", "17 bytes is too long"),
            ("", "name an experiment, or all"),
        ],
    )
    def test_a_word_that_is_no_experiment(self, lab: Lab, experiments: str, said: str) -> None:
        done = asked(lab, "healthy", experiments)
        assert done.returncode == ExitCode.USAGE
        assert said in done.stderr
        assert done.stdout == ""


def profile_file(folder: Path, lab: Lab, *peer_ids: str, more: str = "", group: str = "") -> Path:
    """Write a profiles.toml with practice peers, ``more`` in each and ``group`` for their group."""
    path = folder / "profiles.toml"
    tables = [
        f'[[target]]\nname = "{peer_id}"\nhost = "127.0.0.1"\nport = {lab.port_of(peer_id)}\n'
        f'called_ae = "TARGET_PACS"\ngroup = "Ward"\n{more}\n'
        for peer_id in peer_ids
    ]
    defaults = '[defaults]\ncalling_ae = "MY_WORKSTATION"\n'
    path.write_text("\n".join((defaults, f"[group.Ward]\n{group}\n", *tables)), encoding="utf-8")
    return path


def check(path: Path, *argv: str) -> subprocess.CompletedProcess[str]:
    return dcmecho("check", "--profiles", str(path), *argv)


class TestRefusals:
    @pytest.mark.parametrize(
        ("more", "group"),
        [
            ('no_experiments = "clinical hours"', ""),
            ("", 'no_experiments = "clinical hours"'),
            ('no_experiments = ""', 'no_experiments = "clinical hours"'),
        ],
        ids=["target", "group", "group, and the target cannot undo it"],
    )
    def test_no_experiments(self, lab: Lab, tmp_path: Path, more: str, group: str) -> None:
        path = profile_file(tmp_path, lab, "called-unknown", more=more, group=group)
        done = check(path, "--experiments", "all", "--json", "called-unknown")
        report = report_of(done)
        assert report["verdict"]["stage"] == "ae-title", "the first run is made"
        assert report["experiments"] == []
        refusal = "dcmecho: called-unknown: experiments are off: clinical hours\n"
        assert done.stderr == refusal
        assert done.returncode == ExitCode.REJECTED

    def test_do_not_probe(self, lab: Lab, tmp_path: Path) -> None:
        more = 'do_not_probe = "vendor forbids it"'
        path = profile_file(tmp_path, lab, "called-unknown", more=more)
        done = check(path, "--experiments", "all", "--json", "called-unknown")
        report = report_of(done)
        assert report["verdict"]["stage"] == "profile"
        assert report["experiments"] == []
        assert done.stderr == "dcmecho: called-unknown: not checked: vendor forbids it\n"
        assert done.returncode == ExitCode.PROFILE


class TestInterrupt:
    def test_between_experiments(self, lab: Lab) -> None:
        """Interrupt in the pause before the second experiment, which is then never sent."""
        argv = (*TITLES, "--experiments", "all", "--format", "jsonl")
        port = str(lab.port_of("ambiguous-rejection"))
        running = subprocess.Popen(
            [*COMMAND, *argv, "127.0.0.1", port],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        with running:
            assert running.stderr is not None
            announced = (line for line in running.stderr if "experiment variant.case" in line)
            assert [next(announced), next(announced)], "the second one is announced"
            running.send_signal(signal.SIGINT)
            stdout, stderr = running.communicate(timeout=ENDS_WITHIN_S)
        assert running.returncode == ExitCode.INTERRUPTED
        assert stderr == ""
        lines = [json.loads(line) for line in stdout.splitlines()]
        assert ids(lines[-1]) == ["variant.case"]
        requests = [each for each in lines if "A-ASSOCIATE-RQ" in each.get("text", "")]
        assert len(requests) == 2

    def test_the_report_is_printed_as_far_as_it_came(self, lab: Lab) -> None:
        argv = (*TITLES, "--experiments", "retry.later", "--json", "-ta", "0.2")
        running = subprocess.Popen(
            [*COMMAND, *argv, "127.0.0.1", str(lab.port_of("silent"))],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        with running:
            assert running.stderr is not None
            assert "experiment retry.later" in running.stderr.readline()
            running.send_signal(signal.SIGINT)
            stdout, _ = running.communicate(timeout=ENDS_WITHIN_S)
        report = json.loads(stdout)
        assert running.returncode == ExitCode.INTERRUPTED
        assert (report["verdict"]["stage"], report["experiments"]) == ("associate", [])


def test_a_fault_of_dcmecho_is_told_and_is_no_statement_about_the_peer(
    lab: Lab, capsys: pytest.CaptureFixture[str]
) -> None:
    def faulty(event: Event) -> None:
        raise ValueError(f"cannot take {type(event).__name__}")

    target = next(each for each in lab.targets() if each.port == lab.port_of("called-unknown"))
    first = diagnose(target)
    wanted = ExperimentRequest(frozenset(ExperimentId))
    shared = AfterCheck(faulty, Interruption(), PeerSlots(), Budget(1), quiet=False)
    report = experiment(first, RunOptions(), wanted, shared)
    assert report.experiments == ()
    said = capsys.readouterr().err
    assert "bug in dcmecho, not in the peer: ValueError('cannot take" in said
    assert "no experiment was run" not in said


def test_experiments_end_when_others_have_used_up_the_associations(
    lab: Lab, capsys: pytest.CaptureFixture[str]
) -> None:
    target = next(each for each in lab.targets() if each.port == lab.port_of("called-unknown"))
    first = diagnose(target)
    wanted = ExperimentRequest(frozenset(ExperimentId))
    with closing(Budget(16, lasts=True)) as others, closing(Budget(1, lasts=True)) as budget:
        assert others.take(Address("127.0.0.1", target.port)) == ""
        shared = AfterCheck(lambda _event: None, Interruption(), PeerSlots(), budget, quiet=False)
        report = experiment(first, RunOptions(), wanted, shared)
    assert report.experiments == ()
    assert "no more experiments: 127.0.0.1" in capsys.readouterr().err
