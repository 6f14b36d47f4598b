"""The progress of one target's guide, kept while the console runs, so it can be resumed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from dcmecho.console.file.edits import SavedChange
from dcmecho.diagnosis.guide.walk import Edit, Walk
from dcmecho.diagnosis.guide.words import Symptom
from dcmecho.diagnosis.investigation import Investigation
from dcmecho.diagnosis.target.fields import Field, Value
from dcmecho.diagnosis.verdict import VerdictStatus


@dataclass(frozen=True, slots=True)
class GuidedEdit:
    """Edits that are in the file now, and the target's own values before them."""

    edits: tuple[Edit, ...]
    former: Mapping[Field, Value | None]
    written: SavedChange


@dataclass(slots=True)
class GuideProgress:
    """One target's guide. ``walk`` is ``None`` until a run with the current values has finished."""

    symptom: Symptom | None = None
    is_begun: bool = False
    """The user has said what is wrong, or a failed run shows it."""
    walk: Walk | None = None
    changes: list[GuidedEdit] = field(default_factory=list)
    """The applied changes, the newest last."""
    _past: list[Walk] = field(default_factory=list)
    _goes_on_above: int | None = None
    """While all experiments run in one go: the attempts when the newest one began."""

    @property
    def can_step_back(self) -> bool:
        """True if an answer of the user can be undone."""
        return bool(self._past)

    def begin(self, symptom: Symptom | None) -> None:
        """Begin with the symptom that the user reports."""
        self.symptom, self.is_begun = symptom, True
        if self.walk is not None:
            self.walk = replace(self.walk, symptom=symptom)

    def run_finished(self, investigation: Investigation) -> None:
        """Continue from a run. A cancelled run changes nothing."""
        self.is_begun = True
        self._past.clear()
        edits = tuple(edit for change in self.changes for edit in change.edits)
        finished = investigation.report.verdict.status is not VerdictStatus.CANCELLED
        self.walk = Walk(investigation, self.symptom, edits=edits) if finished else None

    def experiment_finished(self, investigation: Investigation) -> None:
        """Continue from an experiment."""
        if self.walk is not None:
            self.walk = self.walk.after(investigation)

    def go_on_from(self, investigation: Investigation | None) -> None:
        """Run all experiments that follow in one go, beginning now."""
        self._goes_on_above = len(investigation.attempts) if investigation else None

    def stop_going_on(self) -> None:
        """Propose each experiment again."""
        self._goes_on_above = None

    def goes_on(self, investigation: Investigation | None) -> bool:
        """Return whether the next experiment follows by itself: the last one must have counted."""
        above = self._goes_on_above
        if above is None or investigation is None or len(investigation.attempts) <= above:
            self.stop_going_on()
            return False
        return True

    def answer(self, walk: Walk) -> None:
        """Continue with the user's decision; :meth:`step_back` undoes it."""
        if self.walk is not None:
            self._past.append(self.walk)
        self.walk = walk

    def step_back(self) -> None:
        """Undo the user's last answer. The results of experiments stay."""
        if self.walk is not None and self._past:
            self.walk = self._past.pop().after(self.walk.investigation)

    def changed(self, change: GuidedEdit) -> None:
        """Note that ``change`` was written. Earlier findings are about other values."""
        self.changes.append(change)
        self._forget()

    def undone(self, change: GuidedEdit) -> None:
        """Note that ``change`` was undone in the file."""
        if change in self.changes:
            self.changes.remove(change)
            self._forget()

    def _forget(self) -> None:
        self.walk = None
        self._past.clear()


def resumed(
    guide_progress: GuideProgress | None, investigation: Investigation | None, *, running: bool
) -> GuideProgress:
    """Return the walk to resume. After a failed or during a running check it needs no symptom.

    ``investigation`` is that of the newest run, if that run used the current values.
    """
    if guide_progress is not None:
        return guide_progress
    begun = GuideProgress(is_begun=running)
    if investigation is None or running:
        return begun
    status = investigation.report.verdict.status
    if status is not VerdictStatus.CANCELLED:
        begun.walk = Walk(investigation)
        begun.is_begun = status.is_failing
    return begun
