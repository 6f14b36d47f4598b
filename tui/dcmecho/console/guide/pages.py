"""The pages of the guide: one question or one step each, with its choices. No I/O."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dcmecho.console.diagnose.announcing import outcome_words, progress, sent_words
from dcmecho.console.guide import decisions
from dcmecho.console.guide.page import Choice, Page
from dcmecho.console.runs.guide_progress import GuideProgress
from dcmecho.console.runs.state.record import Phase, Record
from dcmecho.console.symbols import Mark, verdict_mark
from dcmecho.diagnosis.cause import Cause, CauseId
from dcmecho.diagnosis.counting import count
from dcmecho.diagnosis.experiments.confirming import REPEATS
from dcmecho.diagnosis.experiments.differential import is_repeated
from dcmecho.diagnosis.experiments.plans import Experiment
from dcmecho.diagnosis.guide.walk import (
    Act,
    Advice,
    Ask,
    Fixed,
    HandOver,
    OfferEdits,
    Propose,
    RunAgain,
    Unknown,
    Walk,
    alternatives,
    is_slow,
    most_associations,
    next_step,
    visible,
)
from dcmecho.diagnosis.guide.words import Symptom, experiment_title, symptom_text
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.sanitize import title_words
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.verdict import VerdictStatus
from dcmecho.report.handover import message
from dcmecho.report.page import Gap, Item, Part, Text, Tone, Verbatim

_BACK = Choice("Back to the console", decisions.Leave(), "esc")
_RUN = Choice("Check again", decisions.Run(), "r")
_ELSE = Choice("Something else is wrong", decisions.NameSymptom(), "c")
_UNDO = Choice("Undo the change", decisions.Undo(), "u")


def page_of(target: Target, record: Record, guide_progress: GuideProgress) -> Page:
    """Return the page to show now."""
    walk = guide_progress.walk
    if record.running:
        return _running(record)
    if target.do_not_probe:
        return _not_probed(target)
    if record.forbidden and record.is_about(target) and walk is not None:
        return _address_not_probed(walk.report)
    if not guide_progress.is_begun or (
        walk is not None and _is_success_without_symptom(walk, guide_progress)
    ):
        return _what_is_wrong(walk)
    if walk is None:
        return _to_run(guide_progress)
    return _step(walk, guide_progress)


def _is_success_without_symptom(walk: Walk, guide_progress: GuideProgress) -> bool:
    """Return whether C-ECHO passes, nothing was changed and the user has reported no symptom."""
    nothing_done = walk.symptom is None and not guide_progress.changes
    return nothing_done and walk.report.verdict.status is VerdictStatus.OK


def _running(record: Record) -> Page:
    if record.trial is not None:
        experiment = record.trial.experiment
        told = Item("sends", experiment.sends)
        state = progress(record, record.trial)
        title = experiment_title(experiment.id)
    else:
        told = Item("stage", record.current.row.label if record.current else "none yet")
        cancelling = record.phase is Phase.CANCELLING
        state = f"{'cancelling' if cancelling else 'running'} {record.elapsed_s:.1f} s"
        title = "Checking"
    parts = (
        told,
        Item("state", state, Tone.ACTIVE),
        Gap(),
        Text("Press esc to cancel.", Tone.QUIET),
    )
    # No choices here: one press of enter too many must not cancel the run it has just started.
    return Page(title, parts, (), Mark.RUNNING)


def _not_probed(target: Target) -> Page:
    reason = target.do_not_probe
    return Page(
        "This target must not be probed",
        (
            Item("reason", reason, Tone.WARNING),
            Text(
                "The file forbids every check of this target (do_not_probe). Ask the person who "
                "wrote that. If you are allowed to change it, press e in the console."
            ),
        ),
        (_BACK,),
        Mark.WARNING,
    )


def _address_not_probed(report: Report) -> Page:
    return Page(
        "This address must not be probed",
        (
            Item("reason", report.verdict.title, Tone.WARNING),
            Text(
                "Another target of the file forbids every check of this address (do_not_probe). "
                "Ask the person who wrote that. Nothing was sent."
            ),
        ),
        (_BACK, _RUN),
        Mark.WARNING,
    )


def _what_is_wrong(walk: Walk | None) -> Page:
    symptoms = tuple(Choice(symptom_text(c).title, decisions.Begin(c)) for c in Symptom)
    if walk is None:
        first = Choice("I don't know. Check how far a C-ECHO gets", decisions.Begin(None))
        text = (
            "dcmecho sends one C-ECHO first, whichever you choose. It stores nothing and queries "
            "nothing."
        )
        return Page("What is wrong?", (Text(text),), (first, *symptoms))
    title = walk.report.verdict.title
    mark = verdict_mark(walk.report.verdict.status)
    if walk.report.verdict.status in (VerdictStatus.OK, VerdictStatus.WARNING):
        text = "A successful C-ECHO proves less than it seems. What does not work?"
        slow = Choice("Nothing: it is only slow", decisions.Begin(None))
        choices = (*([slow] if is_slow(walk.report) else []), *symptoms, _BACK)
        return Page("C-ECHO works", (Text(title), Text(text)), choices, mark)
    first = Choice("Nothing else: only the check that failed", decisions.Begin(None))
    return Page("What is wrong?", (Text(title, mark.tone),), (first, *symptoms))


def _to_run(guide_progress: GuideProgress) -> Page:
    text = "No check with the current values has finished, so nothing is known yet."
    undo = (_UNDO,) if guide_progress.changes else ()
    choices = (Choice("Check the target", decisions.Run(), "r"), *undo, _BACK)
    return Page("Check it", (Text(text),), choices)


def _step(walk: Walk, guide_progress: GuideProgress) -> Page:
    match next_step(walk):
        case Propose(experiment):
            return _propose(walk, experiment)
        case OfferEdits() as offer:
            return _offer(walk, offer)
        case Ask() as ask:
            return _ask(walk, ask)
        case Act(cause):
            return _act(walk, cause)
        case RunAgain():
            text = "The same request was answered a little later, so the failure was temporary."
            return Page("It worked a little later", (Text(text),), (_RUN, _BACK), Mark.OK)
        case HandOver() as end:
            return _hand_over(walk, end)
        case Fixed():
            return _fixed(walk, guide_progress)
        case Advice() as advice:
            return _advice(advice)
        case Unknown(causes):
            return _unknown(walk, causes)


_THEN = f"if the answers differ, both requests are sent again ({REPEATS} more associations)"


def _propose(walk: Walk, experiment: Experiment) -> Page:
    same_kind = alternatives(walk)
    note = "likely, as a rejected association" if experiment.logged else "an ordinary association"
    shows = "; ".join(dict.fromkeys(each.splits for each in same_kind))
    parts: tuple[Part, ...] = (
        *_last_result(walk),
        *_look_first(walk),
        Text(_why_ask(len(walk.causes), most_associations(walk))),
        Gap(),
        *([] if len(same_kind) > 1 else [Item("sends    ", experiment.sends)]),
        Item("shows    ", shows),
        Item("log entry", note),
        *([Item("then     ", _THEN)] if is_repeated(experiment) else []),
    )
    if len(same_kind) > 1:
        makes = [Choice(f"Send {each.sends}", decisions.Make(each)) for each in same_kind]
    else:
        makes = [Choice("Send it", decisions.Make(experiment))]
    skip = Choice("Skip", decisions.Decline(same_kind), "s")
    choices = (*makes, *_in_one_go(walk, experiment), *_corrections(walk), skip)
    return Page(experiment_title(experiment.id), parts, choices)


def _why_ask(causes: int, most: int) -> str:
    follow = f" At most {count(most, 'association')} can follow." if most > 1 else ""
    if causes < 2:
        return f"The failure might be temporary. One more association would show it.{follow}"
    return (
        f"{causes} causes are still possible. One more association would narrow them down.{follow}"
    )


def _in_one_go(walk: Walk, experiment: Experiment) -> Iterator[Choice]:
    most = most_associations(walk)
    if most > 1:
        label = f"Send this and all that follow, at most {most} associations"
        yield Choice(label, decisions.MakeAll(experiment))


def _look_first(walk: Walk) -> Iterator[Part]:
    """Ask for what users can see themselves, before the peer is asked anything."""
    if walk.report.experiments:
        return
    for ask in visible(walk):
        value, label = _value(walk, ask), ask.question.field.row.label
        yield Text(f"First look yourself: is {value} exactly the {_lower(label)} you were given?")
        yield Gap()


def _corrections(walk: Walk) -> Iterator[Choice]:
    if walk.report.experiments:
        return
    for ask in visible(walk):
        label = _lower(ask.question.field.row.label)
        yield Choice(f"The {label} is wrong: correct it", decisions.Correct(ask.cause.id))


def _value(walk: Walk, ask: Ask) -> str:
    return title_words(str(getattr(walk.report.target, ask.question.field.value)))


def _lower(label: str) -> str:
    return f"{label[:1].lower()}{label[1:]}"


def _offer(walk: Walk, offer: OfferEdits) -> Page:
    parts: tuple[Part, ...] = (
        *_last_result(walk),
        *(Item(edit.field.row.label, edit.why) for edit in offer.edits),
        Gap(),
        Text("dcmecho writes this to the file and checks the target again. Press u to undo it."),
    )
    choices = (
        Choice("Apply it and check again", decisions.Apply(offer.edits)),
        Choice("Leave it as it is", decisions.Refuse(offer.edits), "s"),
    )
    return Page("This would work", parts, choices, Mark.OK)


def _ask(walk: Walk, ask: Ask) -> Page:
    question = ask.question
    value = _value(walk, ask)
    label = question.field.row.label
    parts = (*_refusal(walk), *_last_result(walk), Text(question.question))
    choices = (
        Choice(f"It is correct: {value}", decisions.Confirm(ask.cause.id)),
        Choice(
            "Nobody here knows. Ask the peer's administrator", decisions.LeaveOpen(ask.cause.id)
        ),
    )
    title = f"Is the {_lower(label)} correct?"
    return Page(title, parts, choices, question=ask)


def _act(walk: Walk, cause: Cause[CauseId]) -> Page:
    parts = (
        *_refusal(walk),
        Text(cause.explanation, Tone.QUIET),
        Gap(),
        *_numbered(cause.actions),
        *(Item(hint.product.label, hint.text) for hint in cause.where),
    )
    choices = (
        Choice("Done: check again", decisions.Run(), "r"),
        Choice("This is not the cause", decisions.Confirm(cause.id)),
        Choice("Save the report and the log", decisions.KeepAll()),
    )
    return Page(cause.title, parts, choices, Mark.WARNING)


def _hand_over(walk: Walk, end: HandOver) -> Page:
    zone = walk.report.started.astimezone()
    text = message.render(walk.report, end.who, end.causes, zone)
    whom = end.who.words
    parts = (
        *_refusal(walk),
        Text(f"The {whom} must continue from here. Send them this message:"),
        Gap(),
        Verbatim(text),
    )
    answered = Choice("Back to the questions, with their answer", decisions.StepBack(), "b")
    choices = (
        Choice("Copy message and save it", decisions.Copy(), "y"),
        Choice("They changed something: check again", decisions.Run(), "r"),
        *([answered] if walk.unanswered else []),
        _BACK,
    )
    return Page(f"Next: the {whom}", parts, choices, handover=text)


def _fixed(walk: Walk, guide_progress: GuideProgress) -> Page:
    verdict = walk.report.verdict
    with_warning = verdict.status is VerdictStatus.WARNING
    title = "Fixed" if guide_progress.changes else "It works"
    parts = (
        Text(verdict.title, verdict_mark(verdict.status).tone),
        *_changed(guide_progress),
        *_listed("Not proven by this", walk.report.not_proven),
    )
    undo = (_UNDO,) if guide_progress.changes else ()
    return Page(
        f"{title}, with a warning" if with_warning else title,
        parts,
        (_BACK, _ELSE, *undo),
        verdict_mark(verdict.status),
    )


def _changed(guide_progress: GuideProgress) -> Iterator[Part]:
    for change in guide_progress.changes:
        for edit in change.edits:
            before = change.former.get(edit.field)
            was = "inherited" if before is None else title_words(str(before))
            now = title_words(edit.value)
            yield Item("changed", f"{edit.field.row.label}: {now} (was {was})")


def _advice(advice: Advice) -> Page:
    parts = (
        Text(advice.text),
        Gap(),
        *_numbered(advice.next),
    )
    return Page(advice.title, parts, (_ELSE, _RUN, _BACK))


def _unknown(walk: Walk, causes: tuple[Cause[CauseId], ...]) -> Page:
    verdict = walk.report.verdict
    left = (line for cause in causes for line in _possible(cause))
    parts = (
        *_refusal(walk),
        Text(verdict.title, verdict_mark(verdict.status).tone),
        *_listed("Still possible", left),
        Gap(),
        Text(
            "No more experiments can help from here. The report and the log contain all that "
            "was seen. Show them to someone who knows the peer."
        ),
    )
    choices = (Choice("Save the report and the log", decisions.KeepAll()), _RUN, _BACK)
    return Page("The cause cannot be found from here", parts, choices, Mark.WARNING)


def _possible(cause: Cause[CauseId]) -> Iterator[str]:
    """Yield a cause and who acts; of a symptom, what can be behind it."""
    behind = cause.behind or ((cause.who, cause.title),)
    yield from (f"{text} ({who.words})" for who, text in behind)


def _refusal(walk: Walk) -> Iterator[Part]:
    if refusal := walk.investigation.refusal:
        yield Text(f"{refusal}. The guide continues without experiments.", Tone.WARNING)
        yield Gap()


def _last_result(walk: Walk) -> Iterator[Part]:
    """Yield what the newest experiment has shown."""
    if walk.report.experiments:
        told = walk.report.experiments[-1]
        yield Item("tried", f"{sent_words(told)}; {outcome_words(told)}", Tone.QUIET)
        yield Gap()


def _listed(title: str, texts: Iterable[str]) -> Iterator[Part]:
    for number, text in enumerate(texts):
        if number == 0:
            yield Gap()
            yield Text(title, Tone.HEADING)
        yield Item("-", text)


def _numbered(texts: Iterable[str]) -> Iterator[Part]:
    for number, text in enumerate(texts, start=1):
        yield Item(str(number), text)
