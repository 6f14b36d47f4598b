"""Two processes never have an association with one peer at the same time, whoever runs them."""

from __future__ import annotations

import getpass
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Condition

import pytest

from dcmecho.diagnosis.events import Event, LogLine
from dcmecho.diagnosis.investigation import MAX_ASSOCIATIONS
from dcmecho.diagnosis.network.connection import Address
from dcmecho.diagnosis.verdict import VerdictStatus
from dcmecho.dicom.runs.budget import Budget
from dcmecho.dicom.runs.machine_lock import SHARED_FOLDER, MachineLock
from dcmecho.dicom.runs.slots import PeerSlots
from dcmecho.dicom.runs.workers import start
from dcmecho.exit_codes import ExitCode, NagiosCode, exit_code, nagios_code
from dcmecho.lab.server import Lab
from tests.network.check.counting_peer import Counter, counting_peer
from tests.network.diagnose.test_command_line import COMMAND
from tests.network.peers.real_peers import RealPeer, require_program
from tests.people import Person, ended, line_from, open_folder, owned, people

SHORT_S = 10.0

HOLD = """
import sys, threading
from dcmecho.dicom.runs.machine_lock import MachineLock
print(MachineLock(sys.argv[1], threading.Condition()).take(), flush=True)
sys.stdin.read()
"""
"""Takes the lock of one name, says whether it has it, and holds it until its input ends."""


@pytest.fixture
def counted() -> Iterator[tuple[RealPeer, Counter]]:
    with counting_peer() as found:
        yield found


@contextmanager
def held(name: str, holder: Person | None = None) -> Iterator[int]:
    """Have another process hold the lock of ``name``, until it is killed; its process id."""
    pipe = subprocess.PIPE
    mine = [sys.executable, "-c", HOLD, name]
    process = (
        holder.python(HOLD, name)
        if holder
        else subprocess.Popen(mine, stdin=pipe, stdout=pipe, stderr=pipe, text=True)
    )
    try:
        assert line_from(process) == "True\n"
        yield process.pid
    finally:
        process.kill()
        process.communicate()


def check_of(port: int) -> list[str]:
    return [*COMMAND, "--json", "-aec", "PACS", "127.0.0.1", str(port)]


def started(port: int) -> subprocess.Popen[str]:
    pipe = subprocess.PIPE
    return subprocess.Popen(check_of(port), stdout=pipe, stderr=pipe, text=True)


def first_complaint(process: subprocess.Popen[str]) -> str:
    assert process.stderr is not None
    return process.stderr.readline()


def where_lock_folder_is(
    prepare: str, person: Person, port: int, afterwards: str = ""
) -> subprocess.Popen[str]:
    """Check as ``person`` where ``prepare`` was done with /run/lock, and then do ``afterwards``.

    /run/lock is empty before, and everybody may write there.
    """
    mount = "mount -t tmpfs -o mode=1777 none /run/lock"
    program = f'NAME=127.0.0.1:{port}\n{mount}\n{prepare}\n"$@"\n{afterwards}'
    who = ["setpriv", f"--reuid={person.uid}", f"--regid={person.uid}", "--clear-groups"]
    in_sh = [require_program("unshare", "util-linux"), "-m", "sh", "-ec", program, "sh"]
    pipe = subprocess.PIPE
    return subprocess.Popen(
        [*in_sh, *who, *check_of(port), "--no-history"],
        stdout=pipe,
        stderr=pipe,
        text=True,
        umask=person.umask,
        env={**os.environ, "HOME": str(person.home), "XDG_STATE_HOME": str(person.home)},
    )


def test_three_processes_take_turns(counted: tuple[RealPeer, Counter]) -> None:
    peer, counter = counted
    for check in [started(peer.port) for _ in range(3)]:
        assert ended(check).code == ExitCode.OK
    assert (counter.answered, counter.most) == (3, 1)


def test_one_that_waits_says_for_whom(counted: tuple[RealPeer, Counter]) -> None:
    peer, _ = counted
    with held(f"127.0.0.1:{peer.port}") as holder:
        waiting = started(peer.port)
        said = first_complaint(waiting)
    assert said == (
        f"dcmecho: waiting for process {holder} of {getpass.getuser()},"
        f" which is connected to 127.0.0.1:{peer.port}\n"
    )
    assert ended(waiting).code == ExitCode.OK, "the lock of a process that was killed is gone"


def test_one_that_gets_no_turn_says_whose_it_is(counted: tuple[RealPeer, Counter]) -> None:
    peer, counter = counted
    with held(f"127.0.0.1:{peer.port}") as holder:
        run = start(peer.target("PACS", "US"), lambda _event: None, slots=PeerSlots(0.2))
        report = run.join(SHORT_S)
    assert report is not None
    assert report.verdict.status is VerdictStatus.ERROR
    assert report.verdict.title == (
        f"127.0.0.1:{peer.port} was not checked: process {holder} of {getpass.getuser()} was still"
        " connected to it after 0.2 s, and dcmecho opens one association at a time with a peer"
    )
    assert (exit_code(report), nagios_code(report)) == (ExitCode.INTERNAL, NagiosCode.UNKNOWN)
    assert counter.answered == 0


def test_one_that_waits_for_a_process_can_be_cancelled(counted: tuple[RealPeer, Counter]) -> None:
    peer, _ = counted
    waiting = threading.Event()

    def emit(event: Event) -> None:
        if isinstance(event, LogLine) and event.text.startswith("waiting for process"):
            waiting.set()

    with held(f"127.0.0.1:{peer.port}"):
        run = start(peer.target("PACS", "US"), emit)
        assert waiting.wait(SHORT_S)
        run.cancel()
        report = run.join(2.0)
    assert report is not None
    assert report.verdict.status is VerdictStatus.CANCELLED


@pytest.mark.parametrize("umask", [0o022, 0o077, 0])
def test_users_take_turns(counted: tuple[RealPeer, Counter], umask: int) -> None:
    peer, _ = counted
    alice, bob = people(2)
    name = f"127.0.0.1:{peer.port}"
    with held(name, replace(alice, umask=umask)) as holder:
        waiting = bob.start(*check_of(peer.port))
        said = first_complaint(waiting)
    whose = f"process {holder} of user {alice.uid}"
    assert said == f"dcmecho: waiting for {whose}, which is connected to {name}\n"
    assert ended(waiting).code == ExitCode.OK


@pytest.mark.parametrize("umask", [0o022, 0o077, 0])
def test_the_first_user_makes_the_folder_for_all(lab: Lab, umask: int) -> None:
    alice = replace(people(1)[0], umask=umask)
    look = "stat -c '%a %s' /run/lock/dcmecho /run/lock/dcmecho/* && ls -A /run/lock"
    done = ended(where_lock_folder_is("", alice, lab.port_of("healthy"), look))
    folder, file, *listed = done.out.splitlines()[-3:]
    assert (folder.split()[0], file, listed) == ("1777", "644 0", ["dcmecho"])
    assert done.err == ""


_SHARED = "mkdir -m 1777 /run/lock/dcmecho"


@pytest.mark.parametrize(
    ("prepare", "why"),
    [
        ("chmod 755 /run/lock", "Permission denied"),
        ("mkdir -m 755 /run/lock/dcmecho", "its mode is not 1777"),
        ("ln -s /nowhere /run/lock/dcmecho", "Not a directory"),
        ("umount /run/lock; mount --bind /proc/self/attr /run/lock", "No such file or directory"),
        (f"{_SHARED}; ln -s /tmp/planted /run/lock/dcmecho/$NAME", "symbolic links"),
        (f"{_SHARED}; mkfifo /run/lock/dcmecho/$NAME", "a lock is not a regular file"),
        (f"{_SHARED}; install -m 600 /dev/null /run/lock/dcmecho/$NAME", "Permission denied"),
    ],
)
def test_without_a_shared_lock_only_the_own_processes_are_seen_and_that_is_said(
    counted: tuple[RealPeer, Counter], prepare: str, why: str
) -> None:
    peer, counter = counted
    with open_folder() as home:
        alice = replace(people(1)[0], home=home)
        owned(home, alice.uid, 0o700)
        checks = [where_lock_folder_is(prepare, alice, peer.port) for _ in range(2)]
        reports = [json.loads(ended(each).out) for each in checks]
    for report in reports:
        assert report["verdict"]["exit_code"] == ExitCode.OK
        (said,) = (each for each in report["not_proven"] if "/run/lock" in each)
        assert said.startswith(
            "that nobody else on this machine was connected to the peer at the same time: other"
            " users were not seen, because /run/lock/dcmecho cannot be used ("
        )
        assert why in said
    assert (counter.answered, counter.most) == (2, 1)
    assert not Path("/tmp/planted").exists()


def test_where_no_lock_can_be_taken_the_check_goes_on_and_says_so(lab: Lab) -> None:
    alice = replace(people(1)[0], home=Path("/dev/null"))
    check = where_lock_folder_is("chmod 755 /run/lock", alice, lab.port_of("healthy"))
    report = json.loads(ended(check).out)
    assert report["verdict"]["exit_code"] == ExitCode.OK
    assert (
        "that nobody else on this machine was connected to the peer at the same time: other"
        " processes were not seen, because no lock can be taken (Not a directory)"
    ) in report["not_proven"]


def test_a_lock_file_that_somebody_removes_is_made_again() -> None:
    first, second = (MachineLock("a name of the tests", Condition()) for _ in range(2))
    try:
        assert first.take()
        assert not second.take()
        os.unlink(f"{SHARED_FOLDER}/a name of the tests")
        first.release()
        assert second.take()
        assert not first.take()
    finally:
        first.release()
        second.release()


@pytest.fixture
def three_diagnoses() -> Iterator[list[Budget]]:
    with ExitStack() as ended:
        yield [ended.enter_context(closing(Budget(1, lasts=True))) for _ in range(3)]


def test_all_diagnoses_of_a_peer_at_one_time_share_one_budget(
    three_diagnoses: list[Budget],
) -> None:
    peer = Address("127.0.0.1", 1)
    answers = [budget.take(peer) for _ in range(10) for budget in three_diagnoses]
    assert answers.count("") == MAX_ASSOCIATIONS - len(three_diagnoses)
    assert set(answers[-3:]) == {
        "127.0.0.1:1 was not checked: the limit of 18 associations is reached together with process"
        f" {os.getpid()} of {getpass.getuser()}"
    }
    for budget in three_diagnoses[:2]:
        budget.close()
    assert three_diagnoses[2].take(peer) != "", "it was under way when these were made"
    three_diagnoses[2].close()
    with closing(Budget(1, lasts=True)) as later:
        assert [later.take(peer) for _ in range(MAX_ASSOCIATIONS - 1)] == [""] * 17


def test_a_diagnosis_that_does_not_last_counts_while_an_association_is_open(
    three_diagnoses: list[Budget],
) -> None:
    peer, console = Address("127.0.0.1", 2), Budget(10)
    assert console.take(peer) == ""
    assert [three_diagnoses[0].take(peer) for _ in range(7)].count("") == 6
    console.association_ended()
    assert three_diagnoses[1].take(peer) == ""
