"""The texts of the guide, from ``guide.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Set
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from dcmecho.diagnosis.cause import CauseId
from dcmecho.diagnosis.causes.texts import CAUSES
from dcmecho.diagnosis.experiments.plans import ExperimentId
from dcmecho.diagnosis.target.fields import Field
from dcmecho.diagnosis.target.tls_keys import TargetKey, target_key

_FILE = "guide.toml"


class Symptom(StrEnum):
    """The problem that the user starts with."""

    NO_IMAGES = "images-do-not-arrive"
    NO_QUERY = "cannot-query"
    NEW_DEVICE = "new-device"
    WORKED_YESTERDAY = "worked-yesterday"


@dataclass(frozen=True, slots=True)
class SymptomText:
    """A symptom, and what to say and do if C-ECHO succeeds."""

    title: str
    echo_works: str
    next: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """What to ask a person, the value that the answer changes, and what a yes means."""

    field: Field
    question: str
    confirmed: str


@cache
def symptom_text(symptom: Symptom) -> SymptomText:
    """Return the texts of a symptom, with placeholders."""
    table = _tables()["symptom"][symptom]
    return SymptomText(table["title"], " ".join(table["echo_works"].split()), tuple(table["next"]))


def experiment_title(experiment: ExperimentId) -> str:
    """Return what an experiment does, in plain words."""
    return str(_tables()["experiment"][experiment]["title"])


def question_about(cause: CauseId, values: Mapping[str, str]) -> Question | None:
    """Return the question that settles ``cause``; ``None`` if the user cannot answer it."""
    table = _tables()["ask"].get(cause)
    if table is None:
        return None
    question, confirmed = (CAUSES.fill(table[key], values) for key in ("question", "confirmed"))
    return Question(Field(table["field"]), question, confirmed)


def value_about(cause: CauseId) -> TargetKey | None:
    """Return the value that ``cause`` is about, if it is about one."""
    asked, edited = _tables()["ask"], _tables()["edit"]
    if cause in asked:
        return Field(asked[cause]["field"])
    return target_key(edited[cause]["value"]) if cause in edited else None


def look_for(cause: CauseId, values: Mapping[str, str], aside: Set[CauseId] = frozenset()) -> str:
    """Return what the recipient of the message should check; empty if there is nothing.

    What is only about causes ``aside`` is left out.
    """
    table = _tables()["look"].get(cause)
    passages = CAUSES.passages(f"look.{cause}", table["for"]) if table else ()
    return " ".join(CAUSES.told(passages, values, aside))


@cache
def _tables() -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
    text = files("dcmecho.diagnosis.guide").joinpath(_FILE).read_text("utf-8")
    tables: dict[str, dict[str, dict[str, Any]]] = tomllib.loads(text)
    return tables
