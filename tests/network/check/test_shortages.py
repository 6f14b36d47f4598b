"""What this machine lacks is never told as a fault of a peer, and leaves no traceback."""

from __future__ import annotations

import json
import random
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pytest

from dcmecho.exit_codes import ExitCode, NagiosCode
from dcmecho.lab.server import Lab
from tests.network.check.counting_peer import counting_peer
from tests.network.diagnose.test_command_line import COMMAND
from tests.network.peers.real_peers import require_program
from tests.people import Person, open_folder, people

DEADLINE_S = 55.0
TARGETS = 40
NIGHTLY = pytest.mark.nightly


@dataclass(frozen=True)
class Fleet:
    """Healthy peers, and a file that names them all."""

    port: int
    file: Path


class Watched(NamedTuple):
    """What a watch came to."""

    code: int
    states: list[str]


@pytest.fixture
def fleet() -> Iterator[Fleet]:
    with counting_peer() as (peer, _), open_folder() as folder:
        file = folder / "fleet.toml"
        file.write_text(
            "".join(
                f'[[target]]\nname = "T{number}"\nhost = "127.0.3.{number + 1}"\n'
                f'port = {peer.port}\ncalled_ae = "PACS"\n'
                for number in range(TARGETS)
            )
        )
        yield Fleet(peer.port, file)


def dcmecho(
    *words: str,
    limit: Callable[[], None] | None = None,
    redirect: str = "",
    who: Person | None = None,
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", "-c", f'exec "$@" {redirect}', "sh", *_as(who), *COMMAND, *words],
        capture_output=True,
        text=True,
        timeout=DEADLINE_S,
        check=False,
        preexec_fn=limit,
    )


def _as(who: Person | None) -> tuple[str, ...]:
    if who is None:
        return ()
    setpriv = require_program("setpriv", "util-linux")
    return (setpriv, f"--reuid={who.uid}", f"--regid={who.uid}", "--clear-groups")


def descriptors(count: int) -> Callable[[], None]:
    return lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (count, count))


def threads(count: int) -> Callable[[], None]:
    return lambda: resource.setrlimit(resource.RLIMIT_NPROC, (count, count))


def memory(kilobytes: int) -> Callable[[], None]:
    size = kilobytes * 1024
    return lambda: resource.setrlimit(resource.RLIMIT_AS, (size, size))


def assert_nobody_is_blamed(done: subprocess.CompletedProcess[str]) -> None:
    assert "Traceback" not in done.stderr
    assert done.returncode in (NagiosCode.OK, NagiosCode.UNKNOWN), done.stdout + done.stderr
    name = NagiosCode(done.returncode).name
    assert done.stdout.startswith(f"DCMECHO {name} - "), done.stdout
    assert "critical=0" in done.stdout or "critical" not in done.stdout


@pytest.mark.parametrize("count", [8, 32])
def test_with_few_descriptors_fewer_are_checked_at_once(fleet: Fleet, count: int) -> None:
    check = ("check", "--all", "--format", "nagios", "--profiles", str(fleet.file))
    done = dcmecho(*check, limit=descriptors(count))
    assert (done.returncode, done.stderr) == (NagiosCode.OK, "")
    assert f"all of {TARGETS} targets answer" in done.stdout


@pytest.mark.nightly
@pytest.mark.parametrize("count", [4, 5, 6, 7, 9, 10, 12, 16, 20, 24, 48, 64])
def test_with_any_number_of_descriptors_nobody_is_blamed(fleet: Fleet, count: int) -> None:
    check = ("check", "--all", "--format", "nagios", "--profiles", str(fleet.file))
    done = dcmecho(*check, limit=descriptors(count))
    if done.stdout or "dcmecho" in done.stderr:  # otherwise Python itself cannot start
        assert_nobody_is_blamed(done)


@pytest.mark.nightly
@pytest.mark.parametrize("kilobytes", [40_000, 60_000, 80_000, 120_000, 200_000, 400_000])
def test_with_any_amount_of_memory_nobody_is_blamed(fleet: Fleet, kilobytes: int) -> None:
    check = ("check", "--all", "--format", "nagios", "--profiles", str(fleet.file))
    done = dcmecho(*check, limit=memory(kilobytes))
    if done.stdout or "dcmecho" in done.stderr:
        assert_nobody_is_blamed(done)


def watched(fleet: Fleet, limit: Callable[[], None], who: Person | None = None) -> Watched:
    """Watch two peers once, with a limit; return the exit code, and the states of the samples."""
    words = ("T1", "T2", "--count", "1", "--period", "5", "--format", "jsonl")
    done = dcmecho("watch", *words, "--profiles", str(fleet.file), limit=limit, who=who)
    assert "Traceback" not in done.stderr
    assert "bug in dcmecho" not in done.stdout + done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    states = [each["status"] for each in lines if each["kind"] == "sample"]
    return Watched(done.returncode, states)


@pytest.mark.parametrize(
    "count", [8, *(pytest.param(count, marks=NIGHTLY) for count in (5, 6, 7, 9, 10, 12, 16, 32))]
)
def test_a_watch_with_few_descriptors_blames_nobody(fleet: Fleet, count: int) -> None:
    done = watched(fleet, descriptors(count))
    assert set(done.states) <= {"ok", "error"}
    assert (done.code == ExitCode.OK) == (done.states == ["ok", "ok"])


@pytest.mark.nightly
@pytest.mark.parametrize("kilobytes", [40_000, 60_000, 80_000, 120_000, 200_000, 400_000])
def test_a_watch_with_any_amount_of_memory_blames_nobody(fleet: Fleet, kilobytes: int) -> None:
    done = watched(fleet, memory(kilobytes))
    assert set(done.states) <= {"ok", "error"}
    assert (done.code == ExitCode.OK) == (done.states == ["ok", "ok"])


@pytest.mark.parametrize(
    "count", [3, *(pytest.param(count, marks=NIGHTLY) for count in (1, 2, 4, 5, 6, 8, 12, 40, 80))]
)
@pytest.mark.parametrize("command", ["check", "watch"])
def test_with_few_threads_nobody_is_blamed(fleet: Fleet, command: str, count: int) -> None:
    who = random.choice(people(4000))  # The limit counts all processes of the user.
    if command == "watch":
        done = watched(fleet, threads(count), who)
        assert set(done.states) <= {"ok", "error"}
        assert (done.code == ExitCode.OK) == (done.states == ["ok", "ok"])
        return
    check = ("check", "--all", "--format", "nagios", "--profiles", str(fleet.file))
    assert_nobody_is_blamed(dcmecho(*check, limit=threads(count), who=who))


@pytest.mark.parametrize("form", ["json", "nagios"])
def test_a_name_that_cannot_be_looked_up_for_want_of_a_thread(lab: Lab, form: str) -> None:
    who = random.choice(people(4000))  # The limit counts all processes of the user.
    port = str(lab.port_of("healthy"))
    words = ("--format", form, "-aec", "TARGET_PACS", "localhost", port)
    done = dcmecho(*words, limit=threads(2), who=who)
    assert "Traceback" not in done.stderr
    if form == "nagios":
        assert (done.returncode, done.stdout[:15]) == (NagiosCode.UNKNOWN, "DCMECHO UNKNOWN")
        return
    report = json.loads(done.stdout)
    assert done.returncode == ExitCode.INTERNAL
    assert report["verdict"]["status"] == "error"
    assert [cause["id"] for cause in report["causes"]] == ["tcp.local-error"]


@pytest.mark.parametrize(
    ("form", "code"), [("text", 1), ("json", 1), ("jsonl", 1), ("nagios", NagiosCode.UNKNOWN)]
)
def test_a_full_disk_is_told(lab: Lab, form: str, code: int) -> None:
    words = ("--format", form, "-aec", "TARGET_PACS", "127.0.0.1", str(lab.port_of("healthy")))
    done = dcmecho(*words, redirect="> /dev/full")
    said = "" if form == "nagios" else "dcmecho: cannot write the output: No space left on device\n"
    assert (done.returncode, done.stderr) == (code, said)


@pytest.mark.parametrize("redirect", ["2> /dev/full", "<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_a_stream_that_is_closed_or_full_changes_no_result(lab: Lab, redirect: str) -> None:
    words = ("-d", "-aec", "TARGET_PACS", "127.0.0.1", str(lab.port_of("healthy")))
    done = dcmecho(*words, redirect=redirect)
    assert done.returncode == ExitCode.OK
    assert "Traceback" not in done.stderr


def test_no_consent_can_be_given_without_stdin(lab: Lab) -> None:
    done = dcmecho("store-test", f"PACS@127.0.0.1:{lab.port_of('healthy')}", redirect="<&-")
    assert done.returncode == ExitCode.USAGE
    assert "there is no terminal to ask on" in done.stderr


def test_a_watch_goes_on_without_room_on_the_disk(fleet: Fleet, tmp_path: Path) -> None:
    log = tmp_path / "watch.jsonl"
    words = ("watch", "T1", "--count", "1", "--profiles", str(fleet.file), "--log", str(log))
    done = dcmecho(*words, redirect="> /dev/full")
    assert (done.returncode, done.stderr) == (ExitCode.OK, "")
    assert '"exit_code":0' in log.read_text().replace(" ", "")


@pytest.mark.parametrize(
    "module", ["dcmecho.garbage", "dcmecho.cli.main", "argparse", "dcmecho.cli.diagnose.echo"]
)
def test_ctrl_c_in_an_import_leaves_no_traceback(module: str) -> None:
    program = (
        "import os, signal, sys\n"
        "class CtrlC:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        f"        if name == {module!r}:\n"
        "            os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.meta_path.insert(0, CtrlC())\n"
        "from dcmecho.__main__ import main\n"
        "sys.exit(main())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "127.0.0.1", "1"],
        capture_output=True,
        text=True,
        timeout=DEADLINE_S,
        check=False,
    )
    assert done.stderr == ""
    assert done.returncode in (ExitCode.INTERRUPTED, -signal.SIGINT)


def test_a_monitor_that_is_interrupted_reads_unknown(lab: Lab) -> None:
    port = str(lab.port_of("silent"))
    words = [*COMMAND, "--format", "nagios", "127.0.0.1", port]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as run:
        run.send_signal(signal.SIGTERM)
        out, err = run.communicate(timeout=DEADLINE_S)
    assert "Traceback" not in err
    assert run.returncode in (NagiosCode.UNKNOWN, -signal.SIGTERM)
    assert run.returncode < 0 or out.startswith("DCMECHO UNKNOWN")
