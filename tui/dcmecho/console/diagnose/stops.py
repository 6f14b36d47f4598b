"""The lines of the diagnosis pane, and what its cursor can be on. No I/O."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

from textual.content import Content

from dcmecho.diagnosis.stage import StageId

if TYPE_CHECKING:
    from dcmecho.diagnosis.experiments.plans import Experiment


@dataclass(frozen=True, slots=True)
class StageStop:
    """The cursor is on a stage."""

    stage: StageId


@dataclass(frozen=True, slots=True)
class VerdictStop:
    """The cursor is on the verdict."""


@dataclass(frozen=True, slots=True)
class CauseStop:
    """The cursor is on a cause, counted from 0."""

    index: int


@dataclass(frozen=True, slots=True)
class NextStop:
    """The cursor is on the next experiment."""


Stop = StageStop | VerdictStop | CauseStop | NextStop


@dataclass(frozen=True, slots=True)
class DiagnosisRow:
    """One line. When a check ends, the pane scrolls to show the ``wanted`` lines.

    ``announces`` is the experiment whose description begins on this line. The cursor's place for
    :class:`VerdictStop` is the line that ``is_verdict``.
    """

    content: Content
    stop: Stop | None = None
    wanted: bool = False
    announces: Experiment | None = None
    is_verdict: bool = False

    def holds(self, stop: Stop) -> bool:
        """Return whether a cursor at ``stop`` is on this line."""
        return self.stop == stop or (self.is_verdict and stop == VerdictStop())


class Density(Enum):
    """The density of the rows."""

    ROOMY = auto()
    BRIEF = auto()
    """Stages that were not reached share one line, and so do those that a failed check passed."""
    DENSE = auto()
    """Like ``BRIEF``, and without empty lines above the first action."""
