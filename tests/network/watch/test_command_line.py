"""``dcmecho watch`` as people and scripts use it."""

from __future__ import annotations

import json
import signal
import subprocess
from pathlib import Path
from typing import Any

import pytest

from dcmecho.exit_codes import ExitCode
from dcmecho.lab.behaviour import Application, Hold
from dcmecho.lab.server import Lab
from tests.network.diagnose.test_command_line import COMMAND, DEADLINE_S, dcmecho
from tests.network.peers.scripted import ServePeer

HEALTHY, CONGESTED, FORBIDDEN = "Archive", "Busy", "Scanner"
ENDS_WITHIN_S = 2.0


@pytest.fixture
def profiles(lab: Lab, tmp_path: Path) -> Path:
    path = tmp_path / "profiles.toml"
    healthy, congested = lab.port_of("healthy"), lab.port_of("congestion")
    path.write_text(
        '[defaults]\nhost = "127.0.0.1"\ncalled_ae = "TARGET_PACS"\n'
        'calling_ae = "MY_WORKSTATION"\n'
        f'[[target]]\nname = "{HEALTHY}"\nport = {healthy}\n'
        f'[[target]]\nname = "{CONGESTED}"\nport = {congested}\n'
        f'[[target]]\nname = "{FORBIDDEN}"\nport = 104\ndo_not_probe = "by its vendor"\n',
        encoding="utf-8",
    )
    return path


def watch(profiles: Path, *argv: str) -> subprocess.CompletedProcess[str]:
    return dcmecho("watch", "--profiles", str(profiles), *argv)


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_a_healthy_target_exits_zero_with_a_table(profiles: Path) -> None:
    done = watch(profiles, HEALTHY, "--count", "1")
    assert done.returncode == 0
    first, blank, head, columns, row, association = done.stdout.splitlines()
    assert first.endswith(f"{HEALTHY:20} ok: C-ECHO-RSP 0x0000, success")
    assert blank == ""
    assert head.startswith("Watched 1 target for ")
    assert columns.split() == ["checks", "lost", "min", "median", "p95", "jitter", "changes"]
    assert row.split()[:5] == ["OK", HEALTHY, "1", "0", "%"]
    assert association.split()[0] == "Association"
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_the_worst_last_verdict_is_the_exit_code(profiles: Path) -> None:
    done = watch(profiles, HEALTHY, CONGESTED, "--count", "1", "--period", "5")
    assert done.returncode == ExitCode.REJECTED
    assert "failed at Association: rejected 2/3/1" in done.stdout


def test_json_lines_go_to_stdout_and_to_the_log_alike(profiles: Path, tmp_path: Path) -> None:
    log = tmp_path / "watch.jsonl"
    done = watch(profiles, HEALTHY, "--count", "1", "--format", "jsonl", "--log", str(log))
    assert done.stdout == log.read_text()
    sample, summary = lines(done.stdout)
    assert {sample["schema"], summary["schema"]} == {"dcmecho.watch/1"}
    assert (sample["kind"], sample["target"], sample["exit_code"]) == ("sample", HEALTHY, 0)
    assert sample["echo_ms"] > 0
    assert (summary["kind"], summary["exit_code"]) == ("summary", 0)
    (target,) = summary["targets"]
    assert (target["asked"], target["lost"], target["status"]) == (1, 0, "ok")
    assert target["median_ms"] == sample["echo_ms"]


def test_quiet_prints_nothing_and_logs(profiles: Path, tmp_path: Path) -> None:
    log = tmp_path / "watch.jsonl"
    done = watch(profiles, HEALTHY, "--count", "1", "-q", "--log", str(log))
    assert (done.stdout, done.stderr, done.returncode) == ("", "", 0)
    assert [line["kind"] for line in lines(log.read_text())] == ["sample", "summary"]


def test_a_target_that_must_not_be_probed_is_not_watched(profiles: Path) -> None:
    done = watch(profiles, FORBIDDEN)
    assert done.returncode == ExitCode.PROFILE
    assert f"{FORBIDDEN}: not checked: by its vendor" in done.stderr


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (("--period", "4", HEALTHY), "a period of 4 s is too short. Use at least 5 s"),
        (("--period", "often", HEALTHY), "often is not a number of seconds"),
        (("--count", "0", HEALTHY), "0 is out of range. Use 1 or more"),
        ((), "name the targets to watch, or --all"),
        (("--all", HEALTHY), "name the targets to watch, or --all"),
        (("Archiv",), "Did you mean Archive?"),
        (("--log", "/nowhere/x", HEALTHY), "cannot write --log /nowhere/x: No such file"),
    ],
    ids=str,
)
def test_what_cannot_work_is_refused_in_words(
    profiles: Path, argv: tuple[str, ...], words: str
) -> None:
    done = watch(profiles, *argv)
    assert done.returncode == ExitCode.USAGE
    assert words in done.stderr


def _watching(profiles: Path, *argv: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*COMMAND, "watch", "--profiles", str(profiles), *argv],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_ctrl_c_is_the_ordinary_end(profiles: Path, number: signal.Signals) -> None:
    with _watching(profiles, HEALTHY, "--format", "jsonl") as watching:
        assert watching.stdout is not None
        assert json.loads(watching.stdout.readline())["kind"] == "sample"
        watching.send_signal(number)
        rest, talk = watching.communicate(timeout=ENDS_WITHIN_S)
    assert watching.returncode == 0
    assert [line["kind"] for line in lines(rest)] == ["summary"]
    assert talk == ""


def test_ctrl_c_before_the_first_answer_is_130(profiles: Path, serve_peer: ServePeer) -> None:
    silent = serve_peer(Application(on_echo=(Hold(),)))
    with profiles.open("a") as file:
        file.write(f'[[target]]\nname = "Silent"\nport = {silent.port}\n')
    with _watching(profiles, HEALTHY, "Silent", "--format", "jsonl", "--period", "5") as watching:
        assert watching.stdout is not None
        watching.stdout.readline()
        watching.send_signal(signal.SIGINT)
        watching.communicate(timeout=ENDS_WITHIN_S)
    assert watching.returncode == ExitCode.INTERRUPTED


def test_a_reader_that_leaves_ends_the_watch(profiles: Path) -> None:
    command = [*COMMAND, "watch", "--profiles", str(profiles), HEALTHY, "--period", "5"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as watching:
        assert watching.stdout is not None
        watching.stdout.close()
        assert watching.wait(DEADLINE_S) == 0
