"""Where one target's guided walk stands: kept while the console runs, so that it can be resumed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from dcmecho.console.file.edits import Written
from dcmecho.diagnosis.guide.walk import Edit, Walk
from dcmecho.diagnosis.guide.words import Complaint
from dcmecho.diagnosis.investigation import Investigation
from dcmecho.diagnosis.target.fields import Field, Value
from dcmecho.diagnosis.verdict import VerdictStatus


@dataclass(frozen=True, slots=True)
class GuidedEdit:
    """Edits that stand in the file now, and what the target itself said there before."""

    edits: tuple[Edit, ...]
    former: Mapping[Field, Value | None]
    written: Written


@dataclass(slots=True)
class GuideProgress:
    """One target's walk. ``walk`` is ``None`` until a run of the target as it is has finished."""

    complaint: Complaint | None = None
    is_begun: bool = False
    """The person has said what is wrong, or a failed run says it."""
    walk: Walk | None = None
    changes: list[GuidedEdit] = field(default_factory=list)
    """What was applied, the newest last."""
    _past: list[Walk] = field(default_factory=list)

    @property
    def can_step_back(self) -> bool:
        """True where an answer of the person can be taken back."""
        return bool(self._past)

    def begin(self, complaint: Complaint | None) -> None:
        """Take what the person came with."""
        self.complaint, self.is_begun = complaint, True
        if self.walk is not None:
            self.walk = replace(self.walk, complaint=complaint)

    def run_finished(self, investigation: Investigation) -> None:
        """Walk on from a run. One that was cancelled tells nothing."""
        self.is_begun = True
        self._past.clear()
        edits = tuple(edit for change in self.changes for edit in change.edits)
        finished = investigation.report.verdict.status is not VerdictStatus.CANCELLED
        self.walk = Walk(investigation, self.complaint, edits=edits) if finished else None

    def experiment_finished(self, investigation: Investigation) -> None:
        """Walk on from an experiment."""
        if self.walk is not None:
            self.walk = self.walk.after(investigation)

    def answer(self, walk: Walk) -> None:
        """Go on as the person decided; :meth:`step_back` takes it back."""
        if self.walk is not None:
            self._past.append(self.walk)
        self.walk = walk

    def step_back(self) -> None:
        """Take the person's last answer back. What experiments have shown stays."""
        if self.walk is not None and self._past:
            self.walk = self._past.pop().after(self.walk.investigation)

    def changed(self, change: GuidedEdit) -> None:
        """Note that ``change`` was written: what was found before is about other values."""
        self.changes.append(change)
        self._forget()

    def undone(self, change: GuidedEdit) -> None:
        """Note that ``change`` was taken back from the file."""
        if change in self.changes:
            self.changes.remove(change)
            self._forget()

    def _forget(self) -> None:
        self.walk = None
        self._past.clear()


def resumed(
    guide_progress: GuideProgress | None, investigation: Investigation | None, *, running: bool
) -> GuideProgress:
    """Give the walk to go on with. A failed run needs no complaint, and neither does one that runs.

    ``investigation`` is that of the newest run, if it is about the target as it is.
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
