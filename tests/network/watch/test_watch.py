"""Watching real peers: they stop and come back, move, renew their certificate, are overloaded."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from dcmecho.diagnosis.events import Emit
from dcmecho.diagnosis.ladder import climb
from dcmecho.diagnosis.network.connection import Address, Resolution
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.run_options import RunOptions
from dcmecho.diagnosis.runs import RunHandle
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.target.tls import TlsSettings
from dcmecho.diagnosis.verdict import VerdictStatus
from dcmecho.diagnosis.watch.changes import ChangeKind
from dcmecho.diagnosis.watch.pace import SHORTEST_PERIOD_S, Pace
from dcmecho.diagnosis.watch.watch import Sampled, WatchEvent, WatchOptions
from dcmecho.dicom.runs.link import WireLink
from dcmecho.dicom.runs.slots import PeerSlots
from dcmecho.dicom.watch import STOP_TIMEOUT_S, Watcher
from dcmecho.lab.behaviour import Application, AwaitPdu, FullQueue, Hold, Script
from dcmecho.lab.server import Lab
from tests.network.check.counting_peer import counting_peer
from tests.network.diagnose.test_cancel import patient, sockets
from tests.network.peers import dcmtk, real_peers
from tests.network.peers.real_peers import RealPeer
from tests.network.peers.scripted import lab_of
from tests.network.tls.certificates import HOST, Certificates
from tests.network.tls.peer import TlsPeer, answer_dicom
from tests.network.tls.servers import PythonServer, server_context
from tests.network.watch.watching import PATIENCE_S, ordinary, watched
from tests.unit.watch.clocks import QuickClocks


@contextmanager
def _storescp_on(port: int, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RealPeer]:
    monkeypatch.setattr(real_peers, "unused_port", lambda: port)
    with dcmtk.storescp(folder) as peer:
        yield peer


def test_a_peer_that_stops_and_comes_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with ExitStack() as first:
        peer = first.enter_context(dcmtk.storescp(tmp_path))
        with watched(peer.target("ANY", "MY_WORKSTATION")) as told:
            assert told.sample().sample.status is VerdictStatus.OK
            first.close()
            down = told.change().change
            assert (down.before, down.after) == ("ok", "failed tcp.refused")
            with _storescp_on(peer.port, tmp_path, monkeypatch):
                assert told.change().change.text.startswith("ok again after ")
            figures = told.state.watched[0].figures
    assert figures.lost >= 1
    assert figures.median_ms is not None


def test_an_overloaded_peer_is_asked_less_and_less(lab: Lab) -> None:
    (target,) = (each for each in lab.targets() if each.port == lab.port_of("congestion"))
    dues: list[datetime] = []
    samples: list[WatchEvent] = []
    run = ordinary()

    def start_run(target: Target, emit: Emit) -> RunHandle:
        due = watcher.state().watched[0].next_at
        assert due is not None
        dues.append(due)
        return run(target, emit)

    options = WatchOptions(Pace(SHORTEST_PERIOD_S), count=4)
    watcher = Watcher(start_run, samples.append, options, QuickClocks(200.0))
    watcher.start([("t", target)])
    assert watcher.join(PATIENCE_S)
    rejections = [each.sample.rejection for each in samples if isinstance(each, Sampled)]
    assert rejections == ["2/3/1"] * 4
    pauses = [later - earlier for earlier, later in pairwise(dues)]
    for pause, planned_s in zip(pauses, (10, 20, 40), strict=True):
        assert pause > timedelta(seconds=planned_s - 1)


class _HostsRun:
    """A run that finds names in a table, as a hosts file would have it."""

    def __init__(self, target: Target, emit: Emit, hosts: dict[str, str]) -> None:
        self._link = _HostsLink("run", emit, PeerSlots(), hosts)
        self._thread = threading.Thread(
            target=lambda: climb("run", target, self._link, emit, RunOptions()), daemon=True
        )
        self._thread.start()

    def cancel(self) -> None:
        self._link.cancel()

    def join(self, timeout_s: float | None = None) -> Report | None:
        self._thread.join(timeout_s)
        return None


class _HostsLink(WireLink):
    def __init__(self, run_id: str, emit: Emit, slots: PeerSlots, hosts: dict[str, str]) -> None:
        super().__init__(run_id, emit, slots)
        self._hosts = hosts

    def resolve(self, host: str, port: int, _timeout_s: float) -> Resolution:
        return Resolution(0.1, 0.1, (Address(self._hosts[host], port),))


def test_a_name_that_moves_to_another_address(lab: Lab) -> None:
    target = Target("pacs.hospital.test", lab.port_of("healthy"), "TARGET_PACS", "MY_WORKSTATION")
    hosts = {target.host: "127.0.0.1"}

    def start_run(target: Target, emit: Emit) -> RunHandle:
        return _HostsRun(target, emit, hosts)

    with watched(target, start_run=start_run) as told:
        assert told.sample().sample.status is VerdictStatus.OK
        hosts[target.host] = "127.0.0.2"
        moved = told.change()
        while moved.change.kind is not ChangeKind.ADDRESS:
            moved = told.change()
    assert (moved.change.before, moved.change.after) == ("127.0.0.1", "127.0.0.2")


def test_a_certificate_that_is_renewed(certificates: Certificates) -> None:
    context = server_context(PythonServer(), certificates)
    with TlsPeer(context, answer_dicom) as peer:
        target = Target(
            HOST, peer.port, "ANY", "ME", tls=TlsSettings(ca_files=(str(certificates.ca_file),))
        )
        with watched(target) as told:
            assert told.sample().sample.status is VerdictStatus.OK
            renewed = certificates.ends_soon
            context.load_cert_chain(renewed.cert_file, renewed.key_file)
            verdict, certificate = told.change(), told.change()
    assert (verdict.change.before, verdict.change.after) == ("ok", "warning")
    assert certificate.change.kind is ChangeKind.CERTIFICATE
    assert certificate.change.before != certificate.change.after


def test_targets_on_one_peer_are_never_asked_at_once() -> None:
    with counting_peer() as (peer, counter):
        one = peer.target("A", "ME")
        other = replace(one, host="localhost", called_ae="B")
        with watched(one, other, speed=500.0) as told:
            for _ in range(12):
                told.sample()
    assert counter.answered >= 12
    assert counter.most == 1


@pytest.mark.parametrize(
    "behaviour",
    [FullQueue(), Script((AwaitPdu(), Hold())), Application(on_echo=(Hold(),))],
    ids=["connect", "associate", "echo"],
)
def test_stopping_leaves_no_thread_and_no_socket(
    behaviour: FullQueue | Script | Application,
) -> None:
    threads, before = set(threading.enumerate()), sockets()
    asked = threading.Event()
    run = ordinary()

    def start_run(target: Target, emit: Emit) -> RunHandle:
        handle = run(target, emit)
        asked.set()
        return handle

    # The peer's own sockets are gone with it: what is left then is ours.
    with lab_of(behaviour) as peer:
        (target,) = peer.targets()
        watcher = Watcher(start_run, lambda _: None)
        watcher.start([("t", patient(target))])
        assert asked.wait(PATIENCE_S)
        watcher.cancel()
        assert watcher.join(STOP_TIMEOUT_S)
        assert watcher.state().watched[0].figures.asked == 0
    assert sockets() <= before
    assert set(threading.enumerate()) <= threads


def test_a_start_that_fails_is_told_and_tried_again(lab: Lab) -> None:
    (target,) = (each for each in lab.targets() if each.port == lab.port_of("healthy"))
    run = ordinary()
    failures = iter([RuntimeError("can't start new thread")])

    def start_run(target: Target, emit: Emit) -> RunHandle:
        for failure in failures:
            raise failure
        return run(target, emit)

    with watched(target, start_run=start_run) as told:
        assert told.change().change.kind is ChangeKind.NOT_ASKED
        assert told.sample().sample.status is VerdictStatus.OK


def test_a_target_may_be_added_and_dropped_meanwhile(lab: Lab) -> None:
    first, second = [
        each for each in lab.targets() if each.port in map(lab.port_of, ("healthy", "congestion"))
    ]
    with watched(first) as told:
        told.sample()
        told.watcher.add([("later", second)])
        told.sample(lambda event: event.key == "later")
        told.watcher.remove("0")
        assert [each.key for each in told.state.watched] == ["later"]
