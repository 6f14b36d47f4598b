"""Each line of the log counts its time from the association that it belongs to."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from dcmecho.console.runs.session import Session
from dcmecho.diagnosis.events import (
    Direction,
    Emit,
    Event,
    LogLayer,
    LogLine,
    ServicesProgressed,
)
from dcmecho.diagnosis.services.model import ServicesResult
from dcmecho.diagnosis.stage import StageId
from dcmecho.diagnosis.survey.survey import SurveyRequest
from dcmecho.diagnosis.target.target import Target
from tests.console.driving import PROFILES
from tests.console.playback import STARTED, PlayedEngine, PlayedSurvey

LATER = STARTED + timedelta(seconds=2)
RESULT = ServicesResult("survey-1", STARTED)


def line(text: str, at_ms: float) -> LogLine:
    return LogLine("survey-1", StageId.CONNECT, at_ms, LogLayer.TCP, Direction.SENT, text)


TOLD: tuple[Event, ...] = (
    ServicesProgressed("survey-1", STARTED, "3 presentation contexts", RESULT),
    line("connect", 1.0),
    line("released", 40.0),
    ServicesProgressed("survey-1", LATER, "27 presentation contexts", RESULT),
    line("connect again", 1.0),
)


@dataclass
class Telling(PlayedEngine):
    """A survey that has told all of it before the screen looks for the first time."""

    told: threading.Event = field(default_factory=threading.Event)

    def survey(
        self, _target: Target, _asked: SurveyRequest, _used: int, emit: Emit
    ) -> PlayedSurvey:
        for event in TOLD:
            emit(event)
        self.told.set()
        survey = PlayedSurvey(lambda _: None)
        survey.go.set()
        return survey


def test_lines_told_before_the_screen_woke_stand_below_what_their_association_is_for(
    tmp_path: Path,
) -> None:
    path = tmp_path / "profiles.toml"
    path.write_text(PROFILES, encoding="utf-8")
    engine = Telling()
    session = Session(path, engine, lambda: None, lambda: None)
    session.survey(session.book.profiles[0], SurveyRequest(matrix=True))
    assert engine.told.wait(10)
    session.absorb_news()
    session.absorb_lines()
    entries = session.record(session.book.profiles[0]).log.entries
    millisecond = timedelta(milliseconds=1)
    assert [(each.line.text, (each.at - STARTED) / millisecond) for each in entries] == [
        ("services: 3 presentation contexts", 0.0),
        ("connect", 1.0),
        ("released", 40.0),
        ("services: 27 presentation contexts", 2000.0),
        ("connect again", 2001.0),
    ]
