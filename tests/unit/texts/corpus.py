"""Texts with their truth: what was printed in runs, by whom, and what it can mean."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, NamedTuple

from dcmecho.diagnosis.texts.explaining import Explained, explain
from dcmecho.report.json.observed import observed_data

FOLDER = Path(__file__).parents[2] / "corpora" / "texts"


class Case(NamedTuple):
    """A text and its truth."""

    name: str
    text: str
    truth: dict[str, Any]

    @property
    def is_about_dicom(self) -> bool:
        """Report whether anything in it can be explained."""
        return bool(self.truth["stage"] != "none")


def _case(path: Path) -> Case:
    truth = tomllib.loads(path.read_text(encoding="utf-8"))
    return Case(path.stem, truth["text"].strip("\n") + "\n", truth)


CASES = [_case(path) for path in sorted(FOLDER.glob("*.toml"))]


def explained(text: str | bytes) -> Explained:
    """Explain a text."""
    return explain([[text.encode() if isinstance(text, str) else text]])


def reports(text: str | bytes) -> list[dict[str, Any]]:
    """Explain a text, as JSON."""
    return [observed_data(each) for each in explained(text).failures]


def causes(found: list[dict[str, Any]]) -> list[list[str]]:
    """Return the ids of the causes of each report, in order."""
    return [[cause["id"] for cause in each["causes"]] for each in found]


def proven(found: list[dict[str, Any]]) -> set[str]:
    """Return the causes that are called proven."""
    every = [cause for each in found for cause in each["causes"]]
    return {cause["id"] for cause in every if cause["confidence"] == "proven"}
