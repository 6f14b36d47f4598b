"""The decisions of the user in the guide: one frozen dataclass each."""

from __future__ import annotations

from dataclasses import dataclass

from dcmecho.diagnosis.cause import CauseId
from dcmecho.diagnosis.experiments.plans import Experiment
from dcmecho.diagnosis.guide.walk import Edit
from dcmecho.diagnosis.guide.words import Symptom


@dataclass(frozen=True, slots=True)
class Begin:
    """Say what is wrong; ``None`` to begin with the failure that was found."""

    symptom: Symptom | None


@dataclass(frozen=True, slots=True)
class NameSymptom:
    """Go back to the question what is wrong."""


@dataclass(frozen=True, slots=True)
class Run:
    """Check the target, and go on from there."""


@dataclass(frozen=True, slots=True)
class Cancel:
    """Cancel what is running."""


@dataclass(frozen=True, slots=True)
class Make:
    """Run this experiment."""

    experiment: Experiment


@dataclass(frozen=True, slots=True)
class MakeAll:
    """Run this experiment and, one after the other, each that is proposed after it."""

    experiment: Experiment


@dataclass(frozen=True, slots=True)
class Correct:
    """Correct the value that the question about this cause asks for."""

    cause: CauseId


@dataclass(frozen=True, slots=True)
class Decline:
    """Skip these experiments."""

    experiments: tuple[Experiment, ...]


@dataclass(frozen=True, slots=True)
class Apply:
    """Write these values to the file, and check again."""

    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Refuse:
    """Leave these values as they are."""

    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Confirm:
    """Rule this cause out: the value it asks about is correct."""

    cause: CauseId


@dataclass(frozen=True, slots=True)
class LeaveOpen:
    """Leave the question to the peer's administrator: nobody here knows."""

    cause: CauseId


@dataclass(frozen=True, slots=True)
class Undo:
    """Undo the newest change to the file."""


@dataclass(frozen=True, slots=True)
class StepBack:
    """Undo the last answer."""


@dataclass(frozen=True, slots=True)
class Copy:
    """Copy the message of this page or the report, and save it."""


@dataclass(frozen=True, slots=True)
class KeepAll:
    """Save the report and the log."""


@dataclass(frozen=True, slots=True)
class Leave:
    """Go back to the console."""


Decision = (
    Begin
    | NameSymptom
    | Run
    | Cancel
    | Make
    | MakeAll
    | Correct
    | Decline
    | Apply
    | Refuse
    | Confirm
    | LeaveOpen
    | Undo
    | StepBack
    | Copy
    | KeepAll
    | Leave
)
