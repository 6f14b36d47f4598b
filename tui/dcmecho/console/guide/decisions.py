"""What a person can decide in the guide: one frozen dataclass a decision."""

from __future__ import annotations

from dataclasses import dataclass

from dcmecho.diagnosis.cause import CauseId
from dcmecho.diagnosis.experiments.plans import Experiment
from dcmecho.diagnosis.guide.walk import Edit
from dcmecho.diagnosis.guide.words import Complaint


@dataclass(frozen=True, slots=True)
class Begin:
    """Say what is wrong, ``None`` for a failure that speaks for itself."""

    complaint: Complaint | None


@dataclass(frozen=True, slots=True)
class Complain:
    """Go and say what is wrong."""


@dataclass(frozen=True, slots=True)
class Run:
    """Run the diagnosis, and go on from there."""


@dataclass(frozen=True, slots=True)
class Cancel:
    """End what runs."""


@dataclass(frozen=True, slots=True)
class Make:
    """Make this experiment."""

    experiment: Experiment


@dataclass(frozen=True, slots=True)
class Decline:
    """Do without these experiments."""

    experiments: tuple[Experiment, ...]


@dataclass(frozen=True, slots=True)
class Apply:
    """Write these values to the file, and run again."""

    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Refuse:
    """Leave these values as they are."""

    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Confirm:
    """It is not this cause: what it asks about is as it should be."""

    cause: CauseId


@dataclass(frozen=True, slots=True)
class LeaveOpen:
    """Nobody here knows: let the other side say."""

    cause: CauseId


@dataclass(frozen=True, slots=True)
class Undo:
    """Take the newest change of the file back."""


@dataclass(frozen=True, slots=True)
class StepBack:
    """Take the last answer back."""


@dataclass(frozen=True, slots=True)
class Copy:
    """Copy the text of this page or the report, and save it."""


@dataclass(frozen=True, slots=True)
class KeepAll:
    """Save the report and the log."""


@dataclass(frozen=True, slots=True)
class Leave:
    """Back to the console."""


Decision = (
    Begin
    | Complain
    | Run
    | Cancel
    | Make
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
