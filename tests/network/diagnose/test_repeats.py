"""``--repeat N +ma``: what fails now and then is seen, and proves nothing."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from subprocess import CompletedProcess
from typing import Any

import pytest

from dcmecho.exit_codes import ExitCode
from dcmecho.lab.behaviour import (
    Application,
    AwaitPdu,
    Behaviour,
    Close,
    InTurn,
    Reset,
    Script,
    reject,
)
from tests.network.diagnose.test_command_line import dcmecho
from tests.network.peers.scripted import lab_of

DEAD = Script((AwaitPdu(), Reset()))
CLOSING = Script((Close(),))
BUSY = Script((AwaitPdu(), *reject(2, 3, 2)))
UNKNOWING = Script((AwaitPdu(), *reject(1, 1, 7)))

PEERS: dict[str, Behaviour] = {
    "one dead of three": InTurn((DEAD, Application(), Application())),
    "one closing of two": InTurn((Application(), CLOSING)),
    "busy at first": InTurn((BUSY, *[Application()] * 9)),
    "one that knows another title": InTurn((UNKNOWING, *[Application()] * 2)),
    "all dead": DEAD,
    "healthy": Application(),
}

Runs = dict[str, CompletedProcess[str]]


@pytest.fixture(scope="module")
def runs() -> Runs:
    """Run every command line, all at the same time."""

    def run(behaviour: Behaviour) -> CompletedProcess[str]:
        with lab_of(behaviour) as peer:
            port = str(peer.port_of("scripted"))
            more = ("--experiments", "all")
            return dcmecho("--json", "--repeat", "3", "+ma", *more, "127.0.0.1", port)

    with ThreadPoolExecutor(len(PEERS)) as pool:
        return dict(zip(PEERS, pool.map(run, PEERS.values()), strict=True))


def report_of(run: CompletedProcess[str]) -> dict[str, Any]:
    report: dict[str, Any] = json.loads(run.stdout)
    return report


def statuses(run: CompletedProcess[str]) -> list[str]:
    return [each["status"] for each in report_of(run)["associations"]]


def causes(run: CompletedProcess[str]) -> list[str]:
    return [f"{each['confidence']} {each['id']}" for each in report_of(run)["causes"]]


def test_one_dead_server_of_three_is_seen_and_proves_nothing(runs: Runs) -> None:
    run = runs["one dead of three"]
    assert statuses(run) == ["failed", "ok", "ok"]
    assert report_of(run)["verdict"]["title"].startswith("1 of 3 associations failed: ")
    assert run.returncode == ExitCode.NOT_DICOM
    assert causes(run)[0] == "likely peer.one-of-several"
    assert set(causes(run)[1:]) == {
        "possible peer.reset-on-request",
        "possible peer.is-tls",
        "possible peer.closed-on-connect",
        "possible tcp.reset",
    }
    assert "2 of 3 associations succeeded with the same values" in report_of(run)["proven"]
    assert "the peer answered this C-ECHO with success (0x0000)" in report_of(run)["proven"]


@pytest.mark.parametrize("name", [name for name in PEERS if name not in ("all dead", "healthy")])
def test_nothing_is_proven_about_who_answers_differently(runs: Runs, name: str) -> None:
    assert not [each for each in causes(runs[name]) if each.startswith("proven")]
    assert report_of(runs[name])["experiments"] == []
    assert "gives different answers to the same request" in runs[name].stderr


def test_a_busy_peer_is_first_of_all_busy(runs: Runs) -> None:
    assert causes(runs["busy at first"]) == ["likely assoc.limit", "possible peer.one-of-several"]


def test_a_title_that_is_right_now_and_then_is_not_wrong(runs: Runs) -> None:
    assert causes(runs["one that knows another title"])[0] == "likely peer.one-of-several"


def test_who_always_fails_is_explained_as_before(runs: Runs) -> None:
    assert statuses(runs["all dead"]) == ["failed"] * 3
    assert "peer.one-of-several" not in runs["all dead"].stdout
    assert report_of(runs["all dead"])["experiments"], "experiments go on"


def test_each_success_is_listed(runs: Runs) -> None:
    assert statuses(runs["healthy"]) == ["ok"] * 3
    assert runs["healthy"].returncode == ExitCode.OK


def test_the_text_lists_each_association() -> None:
    with lab_of(PEERS["one closing of two"]) as peer:
        port = str(peer.port_of("scripted"))
        text = dcmecho("--repeat", "2", "+ma", "127.0.0.1", port).stdout
    (associations,) = (part for part in text.split("\n\n") if part.startswith("Associations"))
    assert associations.startswith("Associations\n   1  ")
    assert "  OK      C-ECHO-RSP 0x0000, success" in associations
    assert "  FAILED  " in associations
    assert "likely    One of several servers might be down  (network team)" in text


def test_more_than_a_diagnosis_may_open_is_refused() -> None:
    done = dcmecho("--repeat", "19", "+ma", "192.0.2.1", "104")
    assert done.returncode == ExitCode.USAGE
    assert "--repeat 19 with +ma: use 18 or fewer" in done.stderr
