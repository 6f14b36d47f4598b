"""``--experiments``: what was asked for, and the experiments made one after the other."""

from __future__ import annotations

import difflib
import secrets
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from dcmecho.cli.interruption import Interruption
from dcmecho.diagnosis.events import Emit
from dcmecho.diagnosis.experiments import Experiment, ExperimentId, Surroundings
from dcmecho.diagnosis.investigation import Investigation
from dcmecho.diagnosis.model import Report, RunOptions
from dcmecho.dicom.workers import start_experiment

_WITH_VALUE = {
    ExperimentId.OWN_CALLING: "a calling title of yours, as own.calling=TITLE",
    ExperimentId.SOURCE_ADDRESS: "a local address, as source.address=IP",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which experiments the command line asks for, and what they may use."""

    ids: frozenset[ExperimentId]
    own_titles: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()


def wanted(text: str) -> Wanted:
    """Read ``all`` or ``ID,ID=VALUE,...``. Raises ``ValueError`` that names the word at fault."""
    if text == "all":
        return Wanted(frozenset(ExperimentId))
    ids: set[ExperimentId] = set()
    values: dict[ExperimentId, list[str]] = {each: [] for each in _WITH_VALUE}
    for word in filter(None, (part.strip() for part in text.split(","))):
        name, _, value = word.partition("=")
        if name == "all":
            ids |= set(ExperimentId)
            continue
        experiment = _known(name)
        ids.add(experiment)
        if experiment not in _WITH_VALUE:
            if value:
                raise ValueError(f"{name} takes no value")
        elif not value:
            raise ValueError(f"{name} needs {_WITH_VALUE[experiment]}")
        else:
            values[experiment].append(value)
    return Wanted(
        frozenset(ids),
        tuple(values[ExperimentId.OWN_CALLING]),
        tuple(values[ExperimentId.SOURCE_ADDRESS]),
    )


def experiment(
    first: Report,
    options: RunOptions,
    asked: Wanted,
    emit: Emit,
    interruption: Interruption,
    *,
    quiet: bool,
) -> Report:
    """Make the experiments that apply, until one cause is proven; the report after them."""
    surroundings = Surroundings(nonsense_title(), options, asked.own_titles, asked.addresses)
    investigation = Investigation.of(first, surroundings)
    if investigation.refusal and not quiet:
        sys.stderr.write(f"dcmecho: {investigation.refusal}\n")
    while not (investigation.settled or interruption.requested):
        following = _following(investigation.possible(), asked)
        if following is None:
            break
        if not quiet:
            _announce(following)
        run = start_experiment(investigation, following, emit)
        interruption.cancels(run.cancel)
        report = run.join()
        if report is None:
            break
        investigation = investigation.with_result(following, report)
    return investigation.report


def nonsense_title() -> str:
    """An AE title that nobody has."""
    return f"NOSUCH{secrets.token_hex(5).upper()}"


def _following(possible: Sequence[Experiment], asked: Wanted) -> Experiment | None:
    return next((each for each in possible if each.id in asked.ids), None)


def _announce(following: Experiment) -> None:
    logged = "; the peer may log it" if following.logged else ""
    sys.stderr.write(
        f"experiment {following.id}: sends {following.sends}{logged}."
        f" It shows {following.splits}.\n"
    )


def _known(name: str) -> ExperimentId:
    try:
        return ExperimentId(name)
    except ValueError:
        near = difflib.get_close_matches(name, list(ExperimentId), n=1, cutoff=0.4)
        hint = f": did you mean {near[0]}?" if near else f": there are {', '.join(ExperimentId)}"
        raise ValueError(f"{name} is no experiment{hint}") from None
