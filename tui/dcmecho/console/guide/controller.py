"""Carries out the user's decisions in the guide: experiments, edits, checks. No widgets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial, reduce

from dcmecho.console.diagnose.log_text import saved_log
from dcmecho.console.editing.draft import draft_of, has_errors
from dcmecho.console.file.edits import BookReading, SavedChange, edit_of, save_edits, take_back
from dcmecho.console.guide import decisions
from dcmecho.console.guide.decisions import Decision
from dcmecho.console.guide.page import Page
from dcmecho.console.guide.pages import page_of
from dcmecho.console.runs.guide_progress import GuidedEdit, GuideProgress
from dcmecho.console.runs.runs import Runs
from dcmecho.console.runs.session import Session
from dcmecho.console.runs.state.record import Record
from dcmecho.console.runs.writes import Writes
from dcmecho.console.saving import SavedKind, SaveResult
from dcmecho.console.symbols import Mark
from dcmecho.diagnosis.guide.walk import Ask, Edit, Propose, Walk, next_step
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.target.fields import Field, Value
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.target.validation import Complaint
from dcmecho.profiles.book.model import Profile

_BUSY = SaveResult("The file is being written. Wait until that is done.", Mark.RUNNING)


class GuideController:
    """One target's guide, and what the user can do in it.

    ``copy`` copies a text to the clipboard. ``tell`` is called when a decision has been carried
    out, at once or after the write that it needs, with the message for the user.
    """

    def __init__(
        self,
        session: Session,
        runs: Runs,
        writes: Writes,
        key: str,
        *,
        show_file: Callable[[str], object],
        copy: Callable[[str], object],
        tell: Callable[[SaveResult | None], object],
    ) -> None:
        self.key = key
        self._session = session
        self._runs = runs
        self._show_file = show_file
        self._writes = writes
        self._copy = copy
        self._tell = tell

    @property
    def is_possible(self) -> bool:
        """False if the target was deleted from the file meanwhile, or has errors now."""
        profile = self._session.find(self.key)
        return profile is not None and profile.target is not None

    @property
    def profile(self) -> Profile:
        """The profile as it is in the file now."""
        profile = self._session.find(self.key)
        assert profile is not None, "only while it is possible"
        return profile

    @property
    def target(self) -> Target:
        """The target as it is in the file now."""
        target = self.profile.target
        assert target is not None, "only while it is possible"
        return target

    @property
    def record(self) -> Record:
        """The results of its runs."""
        return self._session.record(self.profile)

    @property
    def guide_progress(self) -> GuideProgress:
        """The progress of its guide."""
        return self._session.guide(self.profile)

    @property
    def page(self) -> Page:
        """The page to show now."""
        return page_of(self.target, self.record, self.guide_progress)

    @property
    def can_run(self) -> bool:
        """True if a check can be started."""
        return (
            self.guide_progress.is_begun
            and not self.record.running
            and not self.target.do_not_probe
        )

    def judge(self, field: Field, text: str) -> Sequence[Complaint]:
        """Return the complaints about a text typed for ``field``, as the form does."""
        profile = self.profile
        return draft_of(self._session.book, profile).judge(field, text, profile.group)

    def answer(self, ask: Ask, text: str) -> None:
        """Apply a typed value, or say why not."""
        field = ask.question.field
        wrong = [each for each in self.judge(field, text) if has_errors((each,))]
        if not text:
            self._tell(SaveResult("You typed nothing. The other answers are below.", Mark.WARNING))
        elif wrong:
            message = wrong[0].message
            self._tell(SaveResult(f"{field.row.label}: {message}", Mark.FAILED))
        elif text == str(getattr(self.target, field.value)):
            self._tell(
                SaveResult("The file has that value already. Confirm it below.", Mark.WARNING)
            )
        else:
            self.do(decisions.Apply((Edit(field, text, "as you typed it"),)))

    def do(self, decision: Decision) -> None:
        """Carry out a decision. While the file is being written, refuse most of them."""
        match decision:
            case decisions.Cancel():
                self.guide_progress.stop_going_on()
                self._runs.cancel_run(self.profile)
                self._tell(None)
            case decisions.Copy():
                self._tell(self._copied())
            case decisions.KeepAll():
                self._tell(self._keep_all())
            case _ if self._writes.busy:
                self._tell(_BUSY)
            case decisions.Apply(edits):
                self._apply(edits)
            case decisions.Undo():
                self._undo()
            case _:
                self._go_on(decision)
                self._tell(None)

    def _go_on(self, decision: Decision) -> None:
        guide_progress = self.guide_progress
        match decision:
            case decisions.Begin(symptom):
                guide_progress.begin(symptom)
                if guide_progress.walk is None:
                    self._run()
            case decisions.NameSymptom():
                guide_progress.is_begun = False
            case decisions.Run():
                self._run()
            case decisions.Make(experiment):
                self._runs.start_experiment(self.profile, experiment)
            case decisions.MakeAll(experiment):
                guide_progress.go_on_from(self.record.investigation)
                self._runs.start_experiment(self.profile, experiment)
            case decisions.StepBack():
                guide_progress.step_back()
            case _:
                if guide_progress.walk is not None:
                    guide_progress.answer(_answered(guide_progress.walk, decision))

    def go_on(self) -> None:
        """Run the next experiment, if the user wanted all that follow and the last one counted."""
        progress, record = self.guide_progress, self.record
        if record.running or progress.walk is None or not progress.goes_on(record.investigation):
            return
        match next_step(progress.walk):
            case Propose(experiment):
                self._go_on(decisions.MakeAll(experiment))
            case _:
                progress.stop_going_on()

    def _run(self) -> None:
        self._runs.start_run(self.profile, guided=True)

    def _apply(self, edits: tuple[Edit, ...]) -> None:
        session, profile = self._session, self.profile
        typed = draft_of(session.book, profile).changes({each.field: each.value for each in edits})
        former = {field: profile.own.get(field) for field in typed}
        work = partial(save_edits, session.path, (edit_of(profile, typed),))
        self._writes.write(work, partial(self._applied, edits, former), self._not_written)

    def _applied(
        self,
        edits: tuple[Edit, ...],
        former: Mapping[Field, Value | None],
        written: SavedChange,
        reading: BookReading,
    ) -> None:
        self._session.applied(self.key, GuidedEdit(edits, former, written), reading)
        self._show_file(self.key)
        if self.is_possible and not self.record.running:
            self._run()
        self._tell(None)

    def _undo(self) -> None:
        change = self.guide_progress.changes[-1]
        work = partial(take_back, change.written)
        self._writes.write(work, partial(self._undone, change), self._not_written)

    def _undone(self, change: GuidedEdit, _: SavedChange, reading: BookReading) -> None:
        self._session.unapplied(self.key, change, reading)
        self._show_file(self.key)
        self._tell(SaveResult("Undone. The file is as it was before the change.", Mark.OK))

    def _not_written(self, reason: str) -> None:
        self._tell(SaveResult(f"Not written. {reason}", Mark.FAILED))

    def _copied(self) -> SaveResult | None:
        handover, report = self.page.handover, self.record.new_report
        if handover:
            return self._session.saving.copy_and_keep(
                self._copy, SavedKind.HANDOVER, self.target.name, handover
            )
        if report is None:
            return None
        return self._session.saving.copy_and_keep(
            self._copy, SavedKind.REPORT, self.target.name, _text_of(report)
        )

    def _keep_all(self) -> SaveResult | None:
        target, record = self.target, self.record
        if record.new_report is None:
            return None
        report = self._session.saving.keep(
            SavedKind.REPORT, target.name, _text_of(record.new_report)
        )
        log = self._session.saving.keep(
            SavedKind.LOG,
            target.name,
            saved_log(target, record.log, datetime.now(UTC)),
        )
        worse = report.mark if report.mark is not Mark.OK else log.mark
        return SaveResult(f"{report.text}\n{log.text}", worse)


def _answered(walk: Walk, decision: Decision) -> Walk:
    """Return the walk after a decision; decisions about other things leave it unchanged."""
    match decision:
        case decisions.Decline(experiments):
            return reduce(Walk.declining, experiments, walk)
        case decisions.Refuse(edits):
            return walk.refusing(edits)
        case decisions.Confirm(cause):
            return walk.confirming(cause)
        case decisions.LeaveOpen(cause):
            return walk.leaving_open(cause)
        case decisions.Correct(cause):
            return walk.correct(cause)
        case _:
            return walk


def _text_of(report: Report) -> str:
    from dcmecho.report.diagnose import render

    return render(report)
