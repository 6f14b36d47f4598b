"""``dcmecho move`` and ``dcmecho store-test`` as people type them, on the lab's peers."""

from __future__ import annotations

import json
import os
import pty
import subprocess
from pathlib import Path

import pytest

from dcmecho.diagnosis.events import LogLine
from dcmecho.diagnosis.move.model import MoveOutcome, MoveRequest
from dcmecho.diagnosis.network.connection import Address
from dcmecho.diagnosis.survey.survey import SurveyRequest
from dcmecho.diagnosis.target.target import Target
from dcmecho.dicom.listen.binding import bind_all
from dcmecho.exit_codes import ExitCode
from dcmecho.lab.behaviour import Application, CallBack, Hold
from dcmecho.lab.offers import EVERYTHING
from dcmecho.lab.server import Lab
from dcmecho.report.wrapping import WIDTH
from tests.network.diagnose.test_cancel import CANCEL_DEADLINE_S, patient
from tests.network.diagnose.test_command_line import COMMAND, DEADLINE_S, dcmecho
from tests.network.peers.real_peers import unused_port
from tests.network.peers.scripted import ServePeer
from tests.network.services.test_life import Watched

STUDY = "1.2.826.0.1.3680043.8.498.1"
US = ("-aet", "MY_WORKSTATION")


def peer(lab: Lab, name: str) -> str:
    return f"TARGET_PACS@127.0.0.1:{lab.port_of(name)}"


def calling_back(title: str, port: int) -> Application:
    return Application(offers=EVERYTHING, on_move=CallBack(title, port, objects=2))


def word(target: Target) -> str:
    return f"{target.called_ae}@{target.host}:{target.port}"


def test_the_way_back_works(serve_peer: ServePeer) -> None:
    port = unused_port()
    target = word(serve_peer(calling_back("MY_WORKSTATION", port)))
    done = dcmecho("move", "--yes", "--study", STUDY, "--port", str(port), *US, target)
    assert done.returncode == ExitCode.OK
    assert "the peer reached you at 127.0.0.1" in done.stdout
    assert "The peer logs it" in done.stderr
    assert done.stdout.isascii()
    assert max(map(len, done.stdout.splitlines())) <= WIDTH


def test_what_is_let_in_is_counted_in_json(serve_peer: ServePeer) -> None:
    port = unused_port()
    target = word(serve_peer(calling_back("MY_WORKSTATION", port)))
    asked = ("--yes", "--accept", "--json", "--study", STUDY, "--port", str(port), *US, target)
    move = json.loads(dcmecho("move", *asked).stdout)["services"]["move"]
    assert move["outcome"] == MoveOutcome.STORED
    assert [call["stored"] for call in move["calls"]] == [2]
    assert move["response"]["sub_operations"]["completed"] == 2


def test_another_title_is_called(serve_peer: ServePeer) -> None:
    port = unused_port()
    target = word(serve_peer(calling_back("MY_W0RKSTATION", port)))
    done = dcmecho("move", "--yes", "--study", STUDY, "--port", str(port), *US, target)
    assert done.returncode == ExitCode.SERVICES
    assert "title MY_W0RKSTATION instead of MY_WORKSTATION" in " ".join(done.stdout.split())


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("destination-unknown", MoveOutcome.DESTINATION_UNKNOWN),
        ("cannot-reach-us", MoveOutcome.NOT_REACHED),
    ],
)
def test_the_labs_peers(lab: Lab, name: str, outcome: MoveOutcome) -> None:
    port = str(unused_port())
    asked = ("--yes", "--json", "--study", STUDY, "--port", port, *US, peer(lab, name))
    done = dcmecho("move", *asked)
    assert done.returncode == ExitCode.SERVICES
    assert json.loads(done.stdout)["services"]["move"]["outcome"] == outcome


def test_a_call_outranks_a_destination_said_to_be_unknown(serve_peer: ServePeer) -> None:
    """pynetdicom's qrscp answers 0xA801 also if it was rejected."""
    ours, theirs = unused_port(), unused_port()
    how = CallBack("MY_WORKSTATION", theirs, objects=2, failure=0xA801)
    target = word(serve_peer(Application(offers=EVERYTHING, on_move=how)))
    ports = ("--port", str(ours), "--port", str(theirs))
    done = dcmecho("move", "--yes", "--json", "--study", STUDY, *ports, *US, target)
    move = json.loads(done.stdout)["services"]["move"]
    assert move["outcome"] == MoveOutcome.WRONG_PORT
    assert [each["id"] for each in move["findings"]] == ["move.wrong-port"]
    legs = {leg["id"]: leg["state"] for leg in move["legs"]}
    assert (legs["destination"], legs["registration"]) == ("passed", "failed")


def test_without_consent_nothing_is_sent(lab: Lab) -> None:
    for command in (("move", "--study", STUDY), ("store-test",)):
        done = subprocess.run(
            [*COMMAND, *command, peer(lab, "healthy")],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=DEADLINE_S,
            check=False,
        )
        assert done.returncode == ExitCode.USAGE
        assert done.stdout == ""
        assert "nothing was sent" in done.stderr


@pytest.mark.parametrize(("typed", "code"), [("n\n", ExitCode.INTERRUPTED), ("y\n", ExitCode.OK)])
def test_a_person_is_asked(lab: Lab, typed: str, code: ExitCode) -> None:
    main, side = pty.openpty()
    with os.fdopen(main, "wb", buffering=0) as keyboard, os.fdopen(side) as terminal:
        keyboard.write(typed.encode())
        done = subprocess.run(
            [*COMMAND, "store-test", peer(lab, "healthy")],
            stdin=terminal,
            capture_output=True,
            text=True,
            timeout=DEADLINE_S,
            check=False,
        )
    assert done.returncode == code
    assert "no delete" in " ".join(done.stderr.split())


def test_what_the_profile_forbids_is_not_asked(lab: Lab, tmp_path: Path) -> None:
    path = tmp_path / "profiles.toml"
    path.write_text(
        f'[[target]]\nname = "CT"\nhost = "127.0.0.1"\nport = {lab.port_of("healthy")}\n'
        'called_ae = "CT"\ncalling_ae = "US"\nno_experiments = "clinical hours"\n'
    )
    done = dcmecho("store-test", "--yes", "--profiles", str(path), "CT")
    assert done.returncode == ExitCode.PROFILE
    assert "clinical hours" in done.stderr


@pytest.mark.parametrize(
    "argv",
    [
        ("move", "--study", "1.02", "A@127.0.0.1:104"),
        ("move", "A@127.0.0.1:104"),
        ("move", "--study", "1.2", "--port", "70000", "A@127.0.0.1:104"),
        ("store-test", "--size", "1T", "A@127.0.0.1:104"),
        ("store-test", "--size", "65M", "A@127.0.0.1:104"),
    ],
    ids=" ".join,
)
def test_what_cannot_work_is_a_usage_error(argv: tuple[str, ...]) -> None:
    assert dcmecho(*argv).returncode == ExitCode.USAGE


def test_a_port_that_is_taken(lab: Lab) -> None:
    (taken,) = bind_all((Address("127.0.0.1", 0),))
    with taken:
        port = str(taken.getsockname()[1])
        asked = ("--yes", "--study", STUDY, "--port", port, peer(lab, "healthy"))
        done = dcmecho("move", *asked)
    assert done.returncode == ExitCode.CANNOT_LISTEN


def test_cancelling_ends_the_listener_too(serve_peer: ServePeer) -> None:
    target = patient(serve_peer(Application(offers=EVERYTHING, on_move=(Hold(),))))
    end = Address("127.0.0.1", unused_port())
    watched = Watched(target, SurveyRequest(move=MoveRequest(STUDY, (end,))))
    watched.until_sent("P-DATA-TF  data set")
    watched.run.cancel()
    result = watched.run.join(CANCEL_DEADLINE_S)
    assert result is not None
    assert result.cancelled
    assert not result.succeeded
    (again,) = bind_all((end,))
    again.close()
    lines = [event.text for event in watched.rest() if isinstance(event, LogLine)]
    assert "A-ABORT" in lines[-1]


def test_once_the_way_back_is_proven_nobody_waits_for_the_rest(serve_peer: ServePeer) -> None:
    end = Address("127.0.0.1", unused_port())
    behaviour = Application(
        offers=EVERYTHING, on_move=CallBack("MY_WORKSTATION", end.port, objects=900, ends=False)
    )
    watched = Watched(
        patient(serve_peer(behaviour)), SurveyRequest(move=MoveRequest(STUDY, (end,)))
    )
    result = watched.run.join(DEADLINE_S)
    assert result is not None
    assert result.move is not None
    assert (result.move.outcome, result.move.evidence.cut_short) == (MoveOutcome.REACHED, True)
    lines = [event.text for event in watched.rest() if isinstance(event, LogLine)]
    assert any("C-CANCEL-RQ" in line for line in lines)
    assert "A-ABORT" in lines[-1]
