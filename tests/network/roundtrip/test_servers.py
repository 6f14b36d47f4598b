"""What both sides write of a real server, and the packets, tell what a check of it says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from dcmecho.capture.associations.reading import read_associations
from dcmecho.diagnosis.observed.association import EndedBy, NextKind
from dcmecho.diagnosis.texts.explaining import Explained, explain
from tests.network.diagnose.diagnosing import diagnose
from tests.network.roundtrip.callers import DCMECHO, ECHOSCU, PYNETDICOM, Caller
from tests.network.roundtrip.comparing import Agreement, Truth, compare
from tests.network.roundtrip.messages import unknown_errors
from tests.network.roundtrip.recording import recorded
from tests.network.roundtrip.servers import LOG, SCENES, Scene

Folder = Callable[[str], Path]
_SMOKE = ("dcmqrscp, wrong calling", "Orthanc, a stranger's command")
_CALLERS = (ECHOSCU, PYNETDICOM, DCMECHO)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Return new folders by name."""

    def made(name: str) -> Path:
        (tmp_path / name).mkdir()
        return tmp_path / name

    return made


def _assert_told(scene: Scene, callers: tuple[Caller, ...], folder: Folder) -> None:
    truth = _truth(scene, folder("live"))
    for caller in callers:
        place = folder(caller.name)
        with scene.start(place) as peer, recorded(place / "run.pcap", peer.port):
            text = caller.ask(peer.target(scene.called, scene.calling))
        log = (place / LOG).read_bytes()
        assert unknown_errors(text) + unknown_errors(log) == []
        _assert_agree(truth, explain([[text]]))
        _assert_agree(truth, explain([[log]]), of_server=True)
        assert len(explain([[text], [log]]).failures) <= (1 if scene.log_says_all else 2)
        read = read_associations([str(place / "run.pcap")]).associations
        assert compare(truth, read) is not Agreement.DIFFERED, read
        assert [each.ended_by for each in read] == [_ended_by(scene)]


def _truth(scene: Scene, place: Path) -> Truth:
    with scene.start(place) as peer:
        live = diagnose(peer.target(scene.called, scene.calling))
    return Truth(live, frozenset([scene.cause] if scene.cause else []))


def _assert_agree(truth: Truth, found: Explained, *, of_server: bool = False) -> None:
    assert found.is_dicom
    assert compare(truth, found.failures) is not Agreement.DIFFERED, found
    if of_server:
        steps = [each.next_step for each in found.failures if each.next_step is not None]
        assert all(step.kind is NextKind.OTHER_LOG for step in steps)


def _ended_by(scene: Scene) -> EndedBy:
    return EndedBy.CLIENT if scene.cause is None else EndedBy.SERVER


@pytest.mark.parametrize("name", _SMOKE)
def test_both_sides_and_packets_tell_what_a_check_says(name: str, folder: Folder) -> None:
    (scene,) = (each for each in SCENES if each.name == name)
    _assert_told(scene, (ECHOSCU,), folder)


@pytest.mark.nightly
@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_both_sides_and_packets_tell_it_of_every_server(scene: Scene, folder: Folder) -> None:
    _assert_told(scene, _CALLERS, folder)
