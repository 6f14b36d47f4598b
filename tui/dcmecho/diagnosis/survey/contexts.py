"""Builds the presentation contexts to propose, and reads the answers to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from dcmecho.diagnosis.network.association import Acceptance
from dcmecho.diagnosis.run_options import ContextProposal
from dcmecho.diagnosis.services.catalogue import SopClass
from dcmecho.diagnosis.services.model import Cell, ContextReply, SopClassRow
from dcmecho.diagnosis.survey.associations import MAX_ASKED


@dataclass(frozen=True, slots=True)
class ContextQuestion:
    """One SOP class with one transfer syntax, asked about in a presentation context of its own."""

    sop_class_uid: str
    syntax_uid: str


Answers = Mapping[ContextQuestion, ContextReply]


def questions(sop_classes: Iterable[SopClass]) -> tuple[ContextQuestion, ...]:
    """Return every pair to ask about for these SOP classes."""
    return tuple(
        ContextQuestion(sop_class.uid, syntax.uid)
        for sop_class in sop_classes
        for syntax in sop_class.syntaxes
    )


def batches(asked: Sequence[ContextQuestion]) -> tuple[tuple[ContextQuestion, ...], ...]:
    """Split the questions into associations of at most :data:`MAX_ASKED` each."""
    starts = range(0, len(asked), MAX_ASKED)
    return tuple(tuple(asked[start : start + MAX_ASKED]) for start in starts)


def proposals(batch: Iterable[ContextQuestion]) -> tuple[ContextProposal, ...]:
    """Return the presentation contexts of one association, in order."""
    return tuple(ContextProposal(each.sop_class_uid, (each.syntax_uid,)) for each in batch)


def answers(batch: Sequence[ContextQuestion], acceptance: Acceptance | None) -> Answers:
    """Return the answer to each question; without an acceptance none was asked."""
    if acceptance is None:
        return dict.fromkeys(batch, ContextReply.NOT_ASKED)
    results = {context.context_id: context.result for context in acceptance.contexts}
    return {
        question: ContextReply.of(results[context_id])
        if (context_id := 2 * index + 1) in results
        else ContextReply.UNANSWERED
        for index, question in enumerate(batch)
    }


def row(sop_class: SopClass, name: str, known: Answers) -> SopClassRow:
    """Return the row of one SOP class."""
    return SopClassRow(
        sop_class,
        name,
        tuple(
            Cell(
                syntax,
                known.get(ContextQuestion(sop_class.uid, syntax.uid), ContextReply.NOT_ASKED),
            )
            for syntax in sop_class.syntaxes
        ),
    )
