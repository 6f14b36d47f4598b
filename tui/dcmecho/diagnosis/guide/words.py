"""The words of the guided walk, from ``guide.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from dcmecho.diagnosis.cause import CauseId
from dcmecho.diagnosis.causes.texts import CAUSES
from dcmecho.diagnosis.experiments.plans import ExperimentId
from dcmecho.diagnosis.target.fields import Field

_FILE = "guide.toml"


class Complaint(StrEnum):
    """What a person comes with."""

    NO_IMAGES = "images-do-not-arrive"
    NO_QUERY = "cannot-query"
    NEW_DEVICE = "new-device"
    WORKED_YESTERDAY = "worked-yesterday"


@dataclass(frozen=True, slots=True)
class ComplaintText:
    """A complaint, and what to say and do where C-ECHO is green all the same."""

    title: str
    green: str
    next: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """What to find out from a person, the value it changes, and what a yes means."""

    field: Field
    question: str
    confirmed: str


@cache
def complaint_text(complaint: Complaint) -> ComplaintText:
    """The words of a complaint, placeholders unfilled."""
    table = _tables()["complaint"][complaint]
    return ComplaintText(table["title"], " ".join(table["green"].split()), tuple(table["next"]))


def experiment_title(experiment: ExperimentId) -> str:
    """What an experiment does, in plain words."""
    return str(_tables()["experiment"][experiment]["title"])


def question_about(cause: CauseId, values: Mapping[str, str]) -> Question | None:
    """The question that settles ``cause``, filled; ``None`` where nobody here can answer it."""
    table = _tables()["ask"].get(cause)
    if table is None:
        return None
    question, confirmed = (CAUSES.fill(table[key], values) for key in ("question", "confirmed"))
    return Question(Field(table["field"]), question, confirmed)


def look_for(cause: CauseId, values: Mapping[str, str]) -> str:
    """What the other side should look for in its log, filled; empty where there is nothing."""
    table = _tables()["look"].get(cause)
    return CAUSES.fill(table["for"], values) if table else ""


@cache
def _tables() -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
    text = files("dcmecho.diagnosis.guide").joinpath(_FILE).read_text("utf-8")
    tables: dict[str, dict[str, dict[str, Any]]] = tomllib.loads(text)
    return tables
