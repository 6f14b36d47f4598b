"""What programs write that store, query and move, and their packets, tell what dcmecho finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from dcmecho.capture.associations.reading import read_associations
from dcmecho.diagnosis.cause import Confidence
from dcmecho.diagnosis.causes.findings import FindingId
from dcmecho.diagnosis.observed.association import ObservedAssociation
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.texts.explaining import explain
from dcmecho.diagnosis.verdict import VerdictStatus
from dcmecho.lab.peers import PEERS
from dcmecho.lab.server import Lab
from tests.network.peers.real_peers import ARCHIVE_TITLE, unused_port
from tests.network.roundtrip.messages import unknown_errors
from tests.network.roundtrip.recording import recorded
from tests.network.roundtrip.service_callers import Command, Order, callers
from tests.network.services import move_archives
from tests.network.services.move_archives import OURS, UNKNOWN

Start = Callable[[Path], AbstractContextManager[tuple[Target, int]]]
"""Runs a peer; gives the target, and the port that is registered for the destination."""


@dataclass(frozen=True)
class Scene:
    """A peer, what is asked of it, and the true cause of the failure."""

    name: str
    start: Start
    command: Command
    cause: FindingId | None = None
    destination: str = OURS
    text_is_open: str = ""
    """Why the text cannot tell, if it cannot."""


def _lab(peer_id: str) -> Start:
    (peer,) = (each for each in PEERS if each.id == peer_id)

    @contextmanager
    def start(_folder: Path) -> Iterator[tuple[Target, int]]:
        with Lab((peer,)) as lab:
            (target,) = lab.targets()
            yield target, unused_port()

    return start


def _archive(archive: move_archives.Start) -> Start:
    @contextmanager
    def start(folder: Path) -> Iterator[tuple[Target, int]]:
        with archive(folder) as running:
            yield running.peer.target(ARCHIVE_TITLE, OURS), running.registered

    return start


_ARCHIVES = {
    "dcmqrscp": _archive(move_archives.dcmqrscp),
    "Orthanc": _archive(move_archives.orthanc),
    "qrscp": _archive(move_archives.qrscp),
}
_NOT_SAID = "DCMTK and pynetdicom do not write what they asked for"

SCENES = (
    *(Scene(f"healthy {each.value}", _lab("healthy"), each) for each in Command),
    Scene("refuses", _lab("refuses-queries"), Command.FIND, FindingId.QUERY_NOT_AUTHORISED),
    Scene("full", _lab("storage-full"), Command.STORE, FindingId.STORE_OUT_OF_RESOURCES),
    Scene("printer, store", _lab("film-printer"), Command.STORE, FindingId.STORE_NOT_OFFERED),
    Scene("printer, find", _lab("film-printer"), Command.FIND, FindingId.QUERY_NOT_OFFERED),
    Scene("printer, move", _lab("film-printer"), Command.MOVE, FindingId.MOVE_NOT_OFFERED),
    Scene(
        "rejects, find",
        _lab("rejects-unknown-services"),
        Command.FIND,
        FindingId.QUERY_NOT_OFFERED,
        text_is_open=_NOT_SAID,
    ),
    Scene(
        "rejects, move",
        _lab("rejects-unknown-services"),
        Command.MOVE,
        FindingId.MOVE_NOT_OFFERED,
        text_is_open=_NOT_SAID,
    ),
    Scene(
        "does not know",
        _lab("destination-unknown"),
        Command.MOVE,
        FindingId.MOVE_DESTINATION_UNKNOWN,
    ),
    Scene("cannot reach", _lab("cannot-reach-us"), Command.MOVE, FindingId.MOVE_NOT_REACHED),
    *(Scene(f"{name}, find", start, Command.FIND) for name, start in _ARCHIVES.items()),
    *(Scene(f"{name}, store", start, Command.STORE) for name, start in _ARCHIVES.items()),
    *(
        Scene(
            f"{name}, nobody listens",
            start,
            Command.MOVE,
            FindingId.MOVE_NOT_REACHED,
        )
        for name, start in _ARCHIVES.items()
    ),
    *(
        Scene(
            f"{name}, unknown destination",
            start,
            Command.MOVE,
            FindingId.MOVE_DESTINATION_UNKNOWN,
            destination=UNKNOWN,
        )
        for name, start in _ARCHIVES.items()
    ),
)
_SMOKE = ("refuses", "full", "dcmqrscp, nobody listens")


def _assert_told(scene: Scene, folder: Path) -> None:
    with scene.start(folder) as (target, registered):
        order = Order(scene.command, folder, scene.destination, registered)
        for caller in callers(order):
            file = folder / f"{caller.name}.pcap"
            with recorded(file, target.port, registered):
                text = caller.ask(target)
            found = explain([[text]])
            assert found.is_dicom
            assert unknown_errors(text) == []
            if not scene.text_is_open:
                _assert_agrees(scene, found.failures, text)
            read = read_associations([str(file)]).associations
            _assert_agrees(scene, [each for each in read if each.sub_of is None], text)


def _assert_agrees(scene: Scene, told: Sequence[ObservedAssociation], text: bytes) -> None:
    failed = [each for each in told if each.report.verdict.status is not VerdictStatus.OK]
    if scene.cause is None:
        assert failed == [], text
        return
    (failure,) = failed
    assert scene.cause in {each.id for each in failure.causes}, (text, failure)
    proven = {each.id for each in failure.causes if each.confidence is Confidence.PROVEN}
    assert proven <= {scene.cause}


def _of_practice(scene: Scene) -> bool:
    return scene.cause is not None and not scene.name.startswith(tuple(_ARCHIVES))


@pytest.mark.parametrize("name", _SMOKE)
def test_text_and_packets_tell_what_is_true(name: str, tmp_path: Path) -> None:
    (scene,) = (each for each in SCENES if each.name == name)
    _assert_told(scene, tmp_path)


@pytest.mark.nightly
@pytest.mark.parametrize(
    "scene", [each for each in SCENES if each.name not in _SMOKE], ids=lambda scene: scene.name
)
def test_text_and_packets_tell_it_of_every_command(scene: Scene, tmp_path: Path) -> None:
    _assert_told(scene, tmp_path)


@pytest.mark.nightly
@pytest.mark.parametrize(
    "scene", [each for each in SCENES if _of_practice(each)], ids=lambda scene: scene.name
)
def test_dcmecho_finds_the_same(scene: Scene, tmp_path: Path) -> None:
    with scene.start(tmp_path) as (target, registered):
        order = Order(scene.command, tmp_path, scene.destination, registered)
        assert scene.cause in {each.id for each in order.live(target)}
