"""Many targets at once: bounded, one run per peer, cancelled within two seconds."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from dcmecho.diagnosis.events import Event, RunFinished, RunStarted
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.stage import StageId
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.verdict import VerdictStatus
from dcmecho.dicom.check import Check, CheckPool, start_all
from dcmecho.lab.behaviour import Application, FullQueue, Hold
from dcmecho.lab.peer import Group, LabPeer
from dcmecho.lab.server import Lab
from tests.network.check.counting_peer import Counter, counting_peer
from tests.network.diagnose.test_cancel import CANCEL_DEADLINE_S, LONG_S, PATIENCE_S, sockets
from tests.network.peers.real_peers import RealPeer
from tests.network.peers.scripted import ServePeer


@pytest.fixture
def counted() -> Iterator[tuple[RealPeer, Counter]]:
    with counting_peer() as found:
        yield found


@pytest.fixture
def silent_peers() -> Iterator[list[Target]]:
    """Serve 40 peers that accept the association and never answer C-ECHO."""
    behaviour = Application(on_echo=(Hold(),))
    peers = tuple(
        LabPeer(str(n), 0, Group.ASSOCIATION, f"Peer {n}", "", behaviour) for n in range(40)
    )
    with Lab(peers) as lab:
        yield list(lab.targets())


def on_addresses(peer: RealPeer, count: int, first: int = 2) -> list[Target]:
    """Return a target for each of ``count`` loopback addresses, which count as separate peers."""
    target = peer.target("PACS", "DCMECHO")
    return [replace(target, name=f"T{n}", host=f"127.0.0.{n}") for n in range(first, first + count)]


class Listener:
    """Collects the events of the runs of a pool."""

    def __init__(self) -> None:
        self.began: queue.Queue[Target] = queue.Queue()
        self.reports: queue.Queue[Report] = queue.Queue()

    def emit(self, event: Event) -> None:
        if isinstance(event, RunStarted):
            self.began.put(event.target)
        elif isinstance(event, RunFinished):
            self.reports.put(event.report)

    def start(self, targets: list[Target], jobs: int) -> CheckPool:
        return start_all([Check(target, self.emit) for target in targets], jobs)

    def next_reports(self, count: int) -> list[Report]:
        return [self.reports.get(timeout=PATIENCE_S) for _ in range(count)]


def test_each_target_has_its_report(counted: tuple[RealPeer, Counter]) -> None:
    peer, counter = counted
    targets = on_addresses(peer, 12)
    targets[5] = replace(targets[5], port=1)
    listener = Listener()

    pool = listener.start(targets, jobs=4)
    reports = {report.target.name: report for report in listener.next_reports(12)}

    assert pool.join(PATIENCE_S)
    assert pool.faults == []
    assert reports.keys() == {target.name for target in targets}
    failed = [name for name, r in reports.items() if r.verdict.status is VerdictStatus.FAILED]
    assert failed == ["T7"]
    assert reports["T7"].verdict.stage is StageId.CONNECT
    assert counter.answered == 11


def test_no_targets_end_at_once() -> None:
    assert start_all([]).join(CANCEL_DEADLINE_S)


def test_no_more_than_the_jobs_at_once(counted: tuple[RealPeer, Counter]) -> None:
    peer, counter = counted
    listener = Listener()
    pool = listener.start(on_addresses(peer, 12), jobs=3)
    assert pool.join(PATIENCE_S)
    assert counter.answered == 12
    assert 1 < counter.most <= 3


def test_targets_on_one_peer_never_overlap(counted: tuple[RealPeer, Counter]) -> None:
    peer, counter = counted
    spellings = ("127.0.0.1", "localhost", "::ffff:127.0.0.1")
    targets = [replace(peer.target(f"PACS{n}", "ME"), host=spellings[n % 3]) for n in range(9)]
    pool = Listener().start(targets, jobs=9)
    assert pool.join(PATIENCE_S)
    assert (counter.answered, counter.most) == (9, 1)


def test_a_busy_peer_holds_up_nobody_else(
    counted: tuple[RealPeer, Counter],
) -> None:
    peer, counter = counted
    counter.hold()
    listener = Listener()
    with counting_peer() as (other, _):
        same = [peer.target(f"PACS{n}", "ME") for n in range(5)]
        pool = listener.start([*same, *on_addresses(other, 6)], jobs=2)
        ended = {report.target.port for report in listener.next_reports(6)}
    counter.go_on()
    assert ended == {other.port}
    assert pool.join(PATIENCE_S)
    assert (counter.answered, counter.most) == (5, 1)


def test_dead_peers_lend_a_place(serve_peer: ServePeer) -> None:
    dead = [replace(serve_peer(FullQueue()), connect_timeout_s=LONG_S) for _ in range(4)]
    listener = Listener()
    pool = listener.start([*dead, serve_peer(Application())], jobs=4)
    (first,) = listener.next_reports(1)
    pool.cancel()
    assert first.verdict.status is VerdictStatus.OK
    assert pool.join(CANCEL_DEADLINE_S)


def test_cancel_ends_all_and_begins_no_more(silent_peers: list[Target]) -> None:
    threads, before = set(threading.enumerate()), sockets()
    listener = Listener()
    pool = listener.start(silent_peers, jobs=20)
    for _ in range(20):
        listener.began.get(timeout=PATIENCE_S)

    pool.cancel()
    assert pool.join(CANCEL_DEADLINE_S), "runs go on after they were cancelled"

    assert listener.began.empty()
    assert {r.verdict.status for r in listener.next_reports(20)} == {VerdictStatus.CANCELLED}
    assert set(threading.enumerate()) <= threads
    # The lab can still be closing its sockets; those of dcmecho must be gone.
    assert len(sockets() - before) <= 20
