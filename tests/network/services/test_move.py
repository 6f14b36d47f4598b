"""A C-MOVE to this machine through real archives, with each leg broken on purpose."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from dcmecho.diagnosis.cause import Confidence
from dcmecho.diagnosis.causes.findings import FindingId
from dcmecho.diagnosis.move.model import LegId, LegState, MoveOutcome, MoveResult
from tests.network.peers.real_peers import unused_port
from tests.network.services import move_archives
from tests.network.services.move_archives import OBJECTS, Archive, Start
from tests.network.services.surveying import Suspect, suspects

ARCHIVES: dict[str, Start] = {
    "dcmqrscp": move_archives.dcmqrscp,
    "Orthanc": move_archives.orthanc,
    "qrscp": move_archives.qrscp,
}

SAYS_NOTHING: tuple[Suspect, ...] = (
    (FindingId.MOVE_NOT_REACHED, Confidence.LIKELY),
    (FindingId.MOVE_DESTINATION_UNKNOWN, Confidence.LIKELY),
    (FindingId.MOVE_STATUS, Confidence.POSSIBLE),
)
"""Orthanc answers 0xC000 without counts for unknown and for unreachable destinations."""
NOT_REACHED: tuple[Suspect, ...] = (
    (FindingId.MOVE_NOT_REACHED, Confidence.LIKELY),
    (FindingId.MOVE_CANNOT_SEND, Confidence.POSSIBLE),
)
DESTINATION_UNKNOWN: tuple[Suspect, ...] = (
    (FindingId.MOVE_DESTINATION_UNKNOWN, Confidence.LIKELY),
    (FindingId.MOVE_NOT_REACHED, Confidence.POSSIBLE),
    (FindingId.MOVE_NOT_AUTHORISED, Confidence.POSSIBLE),
)


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Archive]]:
    with ExitStack() as running:
        yield {
            name: running.enter_context(start(tmp_path_factory.mktemp("archive")))
            for name, start in ARCHIVES.items()
        }


@pytest.fixture(params=ARCHIVES)
def archive(archives: dict[str, Archive], request: pytest.FixtureRequest) -> Archive:
    return archives[request.param]


def state(result: MoveResult, leg: LegId) -> LegState:
    return next(each.state for each in result.legs if each.id is leg)


def test_the_way_back_is_proven_without_moving_anything(archive: Archive) -> None:
    result = archive.move()
    assert result.outcome is MoveOutcome.REACHED
    assert result.findings == ()
    assert all(call.stored_objects == 0 for call in result.evidence.calls)
    assert state(result, LegId.REGISTRATION) is LegState.PASSED


def test_what_is_let_in_is_counted(archive: Archive) -> None:
    result = archive.move(accept=True)
    assert result.outcome is MoveOutcome.STORED
    assert result.summary.startswith(f"{OBJECTS} objects stored")
    assert sum(call.stored_objects for call in result.evidence.calls) == OBJECTS


def test_another_port_is_registered(archive: Archive) -> None:
    result = archive.move(unused_port(), archive.registered)
    assert result.outcome is MoveOutcome.WRONG_PORT
    assert suspects(result.findings) == ((FindingId.MOVE_WRONG_PORT, Confidence.PROVEN),)
    assert str(archive.registered) in result.summary
    assert state(result, LegId.WAY_BACK) is LegState.PASSED
    assert state(result, LegId.REGISTRATION) is LegState.FAILED


@pytest.mark.parametrize(
    ("name", "outcome", "expected"),
    [
        ("dcmqrscp", MoveOutcome.NOT_REACHED, NOT_REACHED),
        ("Orthanc", MoveOutcome.UNCLEAR, SAYS_NOTHING),
        ("qrscp", MoveOutcome.DESTINATION_UNKNOWN, DESTINATION_UNKNOWN),
    ],
)
def test_we_listen_elsewhere(
    archives: dict[str, Archive], name: str, outcome: MoveOutcome, expected: tuple[Suspect, ...]
) -> None:
    archive = archives[name]
    result = archive.move(address="127.0.0.5")
    assert (result.outcome, suspects(result.findings)) == (outcome, expected)
    missed = next(each for each in result.findings if each.id is FindingId.MOVE_NOT_REACHED)
    assert f"127.0.0.5:{archive.registered}" in missed.explanation


@pytest.mark.parametrize(
    ("name", "outcome", "expected"),
    [
        ("dcmqrscp", MoveOutcome.DESTINATION_UNKNOWN, DESTINATION_UNKNOWN),
        ("Orthanc", MoveOutcome.UNCLEAR, SAYS_NOTHING),
        ("qrscp", MoveOutcome.DESTINATION_UNKNOWN, DESTINATION_UNKNOWN),
    ],
)
@pytest.mark.parametrize("title", [move_archives.UNKNOWN, "MY_W0RKSTATION"])
def test_the_destination_is_unknown_or_mistyped(
    archives: dict[str, Archive],
    name: str,
    outcome: MoveOutcome,
    expected: tuple[Suspect, ...],
    title: str,
) -> None:
    result = archives[name].move(title=title)
    assert (result.outcome, suspects(result.findings)) == (outcome, expected)
    assert title in result.findings[0].explanation or outcome is MoveOutcome.UNCLEAR


def test_an_archive_that_ignores_case_calls_us_as_it_was_typed(
    archives: dict[str, Archive],
) -> None:
    result = archives["Orthanc"].move(title=move_archives.IN_OTHER_CASE)
    assert result.outcome is MoveOutcome.WRONG_TITLE
    assert suspects(result.findings) == ((FindingId.MOVE_WRONG_TITLE, Confidence.PROVEN),)
    assert move_archives.IN_OTHER_CASE.title() in result.summary


@pytest.mark.parametrize("name", ARCHIVES)
def test_a_study_that_is_not_there_proves_nothing(archives: dict[str, Archive], name: str) -> None:
    archive = archives[name]
    result = archive.move(study=move_archives.NO_STUDY, title=move_archives.OURS)
    assert result.outcome is MoveOutcome.STUDY_UNKNOWN
    assert suspects(result.findings) == ((FindingId.MOVE_STUDY_UNKNOWN, Confidence.LIKELY),)
    assert state(result, LegId.WAY_BACK) is LegState.NOT_REACHED


def test_a_port_that_is_taken_is_said_and_nothing_is_sent(archive: Archive) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        result = archive.move(taken.getsockname()[1])
    assert result.outcome is MoveOutcome.CANNOT_LISTEN
    assert "is taken by" in result.summary
    assert result.evidence.context_result is None
