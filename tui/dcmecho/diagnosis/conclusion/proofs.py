"""The sentences about what a run proved, and what it might seem to prove but did not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from dcmecho.diagnosis.evidence import EvidenceKind
from dcmecho.diagnosis.sanitize import title_bytes
from dcmecho.diagnosis.stage import RETURN_CONNECTION, StageId, StageResult, Status
from dcmecho.diagnosis.target.target import Target

if TYPE_CHECKING:
    from dcmecho.diagnosis.experiments.plans import Attempt

_FAILED = "anything after {stage}: it was not reached"

_UNSURE: Mapping[EvidenceKind, str] = {
    EvidenceKind.TURN_UNSEEN: (
        "that nobody else on this machine was connected to the peer at the same time: {}"
    ),
    EvidenceKind.MAY_BE_FORBIDDEN: "that this is not {}",
}
"""What the connection itself leaves open, by its evidence."""

_UNTESTED: Mapping[tuple[str, ...], str] = {
    ("called", "calling"): "that the peer checks AE titles at all: many accept any title",
    ("called",): "that the peer checks the called AE title: many accept any",
    ("calling",): "that the peer checks the calling AE title: many accept any",
}
"""By the titles of which no experiment has shown it."""

OFFER = " (to find out, press x in the console or use --experiments)"
"""How to settle what no experiment has shown; the console says it in words of its own."""


def proofs(
    stages: Sequence[StageResult], target: Target, attempts: Sequence[Attempt] = ()
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return ``(proven, not_proven)``, each a list of sentences.

    They follow from the stages that passed, and from experiments with made-up titles after a
    successful check.
    """
    values = _values(target)
    passed = [result.id for result in stages if _proves(result)]
    rows = [stage.row for stage in passed]
    proven = tuple([row.proves.format_map(values) for row in rows if row.proves])
    not_proven = tuple([text.format_map(values) for row in rows for text in row.leaves_open])
    not_proven += tuple(
        _UNSURE[seen.kind].format(seen.text)
        for stage in stages
        if stage.id is StageId.CONNECT
        for seen in stage.evidence
        if seen.kind in _UNSURE
    )
    failed = next((result for result in stages if result.status is Status.FAILED), None)
    if failed is not None and failed.id is StageId.ASSOCIATE and _is_rejected(failed):
        proven += (StageId.ASSOCIATE.row.proves,)
    if failed is not None and failed.id is not StageId.RELEASE:
        not_proven += (_FAILED.format(stage=failed.id.row.label),)
    shown = _controls(attempts)
    untested = tuple(title for title in ("called", "calling") if title not in shown)
    if StageId.AE_TITLE in passed and untested:
        # After a failure, the experiments are about its cause.
        is_open = failed is None or failed.id is StageId.RELEASE
        can_tell = is_open and len(untested) > 1 and not _tried(attempts) >= set(untested)
        offer = OFFER if can_tell else ""
        not_proven = (_UNTESTED[untested] + offer, *not_proven)
    return (*proven, *shown.values()), not_proven


def return_connection(target: Target) -> str:
    """Return the sentence about what C-ECHO leaves open and C-MOVE to this machine settles."""
    return RETURN_CONNECTION.format(**_values(target))


def _values(target: Target) -> dict[str, str | int]:
    return {
        "this_machine": target.asked_from,
        "host": target.host,
        "port": target.port,
        "called_ae": title_bytes(target.called_ae),
        "calling_ae": title_bytes(target.calling_ae),
    }


def _proves(result: StageResult) -> bool:
    if result.status is Status.WARNING:
        is_only_slow = result.evidence[0].kind is EvidenceKind.SLOW
        return is_only_slow or result.id is StageId.CONNECT
    sent_abort = result.evidence and result.evidence[0].kind is EvidenceKind.ABORT_SENT
    return result.status is Status.PASSED and not sent_abort


def _is_rejected(result: StageResult) -> bool:
    """Report whether the association was rejected, which only a DICOM application does."""
    return any(each.kind is EvidenceKind.ASSOCIATION_REJECTED for each in result.evidence)


def _tried(attempts: Sequence[Attempt]) -> set[str]:
    """Return the titles for which a made-up one was tried, whatever it has shown."""
    made = {each.experiment.id for each in attempts if each.experiment is not None}
    return {each.value.removeprefix("control.") for each in made}


def _controls(attempts: Sequence[Attempt]) -> dict[str, str]:
    """Return by title what a made-up one showed after acceptance: whether the peer checks it."""
    shown: dict[str, str] = {}
    if not attempts:
        return shown
    # Imported here because most runs make no experiment, and start faster without these.
    from dcmecho.diagnosis.experiments.answers import (
        ACCEPTED,
        REFUSED,
        AnswerKind,
        answer_of,
    )
    from dcmecho.diagnosis.experiments.plans import ExperimentId

    first = answer_of(attempts[0].stages)
    if first not in ACCEPTED:
        return shown
    controls = {ExperimentId.CONTROL_CALLED: "called", ExperimentId.CONTROL_CALLING: "calling"}
    for attempt in attempts[1:]:
        title = controls.get(attempt.experiment.id) if attempt.experiment else None
        answer = answer_of(attempt.stages)
        if title and first is answer is AnswerKind.SUCCESS:
            shown[title] = (
                f"the peer does not check the {title} AE title: a made-up one is accepted too"
            )
        elif title and answer in REFUSED:
            shown[title] = (
                f"the peer checks the {title} AE title: it accepts this one and rejects a"
                " made-up one"
            )
    return shown
