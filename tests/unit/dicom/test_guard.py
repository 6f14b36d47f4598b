"""What must not be probed, by address; and how often, and for how long, names are looked up."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Condition

import pytest

from dcmecho.diagnosis.network.connection import Address, NameFailure
from dcmecho.diagnosis.target.prohibition import Prohibition, Prohibitions
from dcmecho.dicom.runs import forbidden_names
from dcmecho.dicom.runs.guard import Asked, Guard, Ruling
from dcmecho.dicom.wire.resolver import NameAnswer

WAIT_S = 5.0
NO_ANSWER = NameAnswer((), NameFailure.NO_ANSWER, "the name server is dead")
NOT_FOUND = NameAnswer((), NameFailure.NOT_FOUND, "no such name")
CT = Prohibition("CT", "ct.hospital.test", 104, "it crashes", "CT_1")


@dataclass
class NameServer:
    """Answers by name. ``asked`` are all names that it was asked for."""

    answers: dict[str, NameAnswer] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    now_s: float = 1000.0

    def ask_for(self, host: str, _port: int) -> NameAnswer:
        self.asked.append(host)
        return self.answers.get(host, NO_ANSWER)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> NameServer:
    played = NameServer()
    monkeypatch.setattr(forbidden_names, "ask_for", played.ask_for)
    monkeypatch.setattr(time, "monotonic", lambda: played.now_s)
    return played


def at(ip: str, port: int = 104) -> NameAnswer:
    return NameAnswer((Address(ip, port),))


def ruling(
    guard: Guard,
    ip: str = "10.0.0.5",
    title: str = "PACS",
    host: str = "",
    port: int = 104,
    given_up: Callable[[], bool] = lambda: False,
) -> Ruling:
    address = Address(ip, port)
    return guard.ruling(Asked(host or ip, title), address, WAIT_S, Condition(), given_up)


def guard_of(*entries: Prohibition) -> Guard:
    return Guard(Prohibitions(entries))


def test_an_address_is_forbidden_by_itself_and_by_a_name(server: NameServer) -> None:
    server.answers["ct.hospital.test"] = at("10.0.0.5")
    guard = guard_of(CT, CT._replace(name="MR", host="10.0.0.6"))
    assert ruling(guard, "10.0.0.5").forbidden == str(CT)
    assert "do_not_probe of MR" in ruling(guard, "10.0.0.6").forbidden
    assert "do_not_probe of MR" in ruling(guard, "::ffff:10.0.0.6").forbidden
    assert ruling(guard, "10.0.0.7") == ruling(guard, "10.0.0.5", port=105) == Ruling()


def test_a_name_is_forbidden_without_a_lookup(server: NameServer) -> None:
    assert ruling(guard_of(CT), host="CT.Hospital.test").forbidden == str(CT)
    assert not server.asked


@pytest.mark.usefixtures("server")
@pytest.mark.parametrize("title", ["CT_1", " ct_1 ", "ANY-SCP", ""])
def test_without_an_answer_it_could_be_whoever_has_its_title_or_none(title: str) -> None:
    said = ruling(guard_of(CT), title=title)
    assert said == Ruling(
        "not checked: it can be CT, which must not be probed (it crashes): the address of"
        " ct.hospital.test is not known, the name server is dead"
    )


@pytest.mark.usefixtures("server")
def test_without_an_answer_another_title_is_checked_and_the_doubt_is_said() -> None:
    said = ruling(guard_of(CT), title="PACS")
    assert said == Ruling(
        doubt="CT, which must not be probed (it crashes): the address of ct.hospital.test is not"
        " known, the name server is dead"
    )


@pytest.mark.usefixtures("server")
@pytest.mark.parametrize("title", ["", "ANY-SCP"])
def test_a_forbidden_name_without_a_title_could_be_anybody(title: str) -> None:
    assert ruling(guard_of(CT._replace(called_ae=title))).forbidden


def test_a_name_that_does_not_exist_is_nobody(server: NameServer) -> None:
    server.answers["ct.hospital.test"] = NOT_FOUND
    assert ruling(guard_of(CT), title="CT_1") == Ruling()


def test_the_last_answer_counts_while_the_name_server_is_dead(server: NameServer) -> None:
    server.answers["ct.hospital.test"] = at("10.0.0.5")
    guard = guard_of(CT)
    assert ruling(guard).forbidden
    server.answers.clear()
    server.now_s += 61
    assert ruling(guard).forbidden
    assert ruling(guard, "10.0.0.7", title="CT_1") == Ruling()
    assert len(server.asked) == 2


def test_a_new_answer_replaces_the_last(server: NameServer) -> None:
    other = CT._replace(name="MR", host="mr.hospital.test")
    server.answers = {"ct.hospital.test": at("10.0.0.5"), "mr.hospital.test": at("10.0.0.5")}
    guard = guard_of(CT, other)
    assert ruling(guard).forbidden
    server.answers["ct.hospital.test"] = at("10.0.0.6")
    server.now_s += 61
    assert ruling(guard, "10.0.0.6").forbidden == str(CT)
    assert ruling(guard, "10.0.0.5").forbidden == str(other)
    server.answers["mr.hospital.test"] = at("10.0.0.6")
    server.now_s += 61
    assert ruling(guard, "10.0.0.5") == Ruling()


def test_names_are_looked_up_once_for_all_runs_and_those_of_other_ports_never(
    server: NameServer,
) -> None:
    names = [CT._replace(host=f"ct{number}.hospital.test") for number in range(100)]
    guard = guard_of(*names, CT._replace(port=11112))
    for _ in range(50):
        ruling(guard)
    assert sorted(server.asked) == sorted(each.host for each in names)


def test_5000_names_and_addresses_cost_a_run_nothing(server: NameServer) -> None:
    server.answers = {
        f"ct{number}": at(f"10.1.{number >> 8}.{number & 255}") for number in range(5000)
    }
    names = [CT._replace(host=host) for host in server.answers]
    literals = [CT._replace(host=f"10.2.{number >> 8}.{number & 255}") for number in range(5000)]
    guard = guard_of(*names, *literals)
    assert all(
        ruling(guard, f"10.3.{number >> 8}.{number & 255}") == Ruling() for number in range(5000)
    )
    assert ruling(guard, "10.1.19.135").forbidden
    assert ruling(guard, "10.2.19.135").forbidden
    assert len(server.asked) == 5000


def test_who_gives_up_waits_no_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    answered = threading.Event()

    def hang(_host: str, _port: int) -> NameAnswer:
        answered.wait()
        return NO_ANSWER

    monkeypatch.setattr(forbidden_names, "ask_for", hang)
    try:
        assert ruling(guard_of(CT), title="CT_1", given_up=lambda: True).forbidden
    finally:
        answered.set()


def test_without_a_thread_the_next_run_asks_again(
    server: NameServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.answers["ct.hospital.test"] = at("10.0.0.7")
    guard = guard_of(CT)
    with monkeypatch.context() as short:
        short.setattr(threading.Thread, "start", _no_thread)
        assert "can't start new thread" in ruling(guard, title="CT_1").forbidden
    assert ruling(guard, title="CT_1") == Ruling()


def _no_thread(_thread: threading.Thread) -> None:
    raise RuntimeError("can't start new thread")
