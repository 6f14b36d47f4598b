"""``--experiments``: reads the option, and runs the experiments one after the other."""

from __future__ import annotations

import difflib
import ipaddress
import sys
from dataclasses import dataclass, replace

from dcmecho.cli.diagnose.after_check import AfterCheck
from dcmecho.cli.output.printing import bug_message
from dcmecho.diagnosis.experiments.confirming import REPEATS
from dcmecho.diagnosis.experiments.differential import is_repeated
from dcmecho.diagnosis.experiments.plans import (
    Experiment,
    ExperimentId,
    OperatorSetup,
    nonsense_title,
)
from dcmecho.diagnosis.investigation import Investigation
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.run_options import RunOptions
from dcmecho.diagnosis.sanitize import own_text
from dcmecho.diagnosis.target.value_checks import Severity, check_ae_title
from dcmecho.diagnosis.verdict import VerdictStatus
from dcmecho.dicom.runs.workers import start_experiment

_ALL = "all"
_UNSTEADY = "no experiments: the peer gives different answers to the same request"

_NAMED = tuple(each for each in ExperimentId if each is not ExperimentId.CONTROL_REPEAT)
"""The experiments a user can name; the repeat belongs to the one it confirms."""

_WITH_VALUE = {
    ExperimentId.OWN_CALLING: "one of your calling AE titles: own.calling=TITLE",
    ExperimentId.SOURCE_ADDRESS: "an address of this machine: source.address=IP",
}


@dataclass(frozen=True, slots=True)
class ExperimentRequest:
    """The experiments that the command line asks for, and the values they can use."""

    ids: frozenset[ExperimentId]
    own_titles: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()

    @property
    def leaves_the_choice(self) -> bool:
        """Report whether only those are run that are expected to tell enough: none is named."""
        return self.ids.issuperset(_NAMED)


def experiment_request(text: str) -> ExperimentRequest:
    """Read ``all`` or ``ID,ID=VALUE,...``. Raises ``ValueError``, which quotes the wrong word."""
    ids: set[ExperimentId] = set()
    values: dict[ExperimentId, list[str]] = {each: [] for each in _WITH_VALUE}
    for word in filter(None, (part.strip() for part in text.split(","))):
        name, equals, value = word.partition("=")
        if word == _ALL:
            ids.update(_NAMED)
            continue
        experiment = _known(name)
        ids.add(experiment)
        if experiment not in _WITH_VALUE:
            if equals:
                raise ValueError(f"{name} takes no value")
        elif not value:
            raise ValueError(f"{name} needs {_WITH_VALUE[experiment]}")
        else:
            values[experiment].append(_valid(experiment, value))
    if not ids:
        raise ValueError(f"name an experiment, or {_ALL}. Experiments: {', '.join(_NAMED)}")
    return ExperimentRequest(
        frozenset(ids),
        tuple(values[ExperimentId.OWN_CALLING]),
        tuple(values[ExperimentId.SOURCE_ADDRESS]),
    )


def experiment(
    first: Report, options: RunOptions, asked: ExperimentRequest, shared: AfterCheck
) -> Report:
    """Run the experiments that apply until one cause is proven, and return the new report."""
    if first.is_unsteady:
        if not shared.quiet:
            sys.stderr.write(f"dcmecho: {_UNSTEADY}\n")
        return first
    report = _investigated(first, options, asked, shared)
    return replace(report, repeats=first.repeats)


def _investigated(
    first: Report, options: RunOptions, asked: ExperimentRequest, shared: AfterCheck
) -> Report:
    operator_setup = OperatorSetup(nonsense_title(), options, asked.own_titles, asked.addresses)
    investigation = Investigation.of(first, operator_setup)
    while not (investigation.settled or shared.interruption.requested):
        following = investigation.next if asked.leaves_the_choice else _named(investigation, asked)
        if following is None:
            break
        if not shared.quiet:
            _announce(investigation, following)
        run = start_experiment(investigation, following, shared.emit, shared.slots, shared.budget)
        shared.interruption.cancels(run.cancel)
        report = run.join()
        if report is None:
            sys.stderr.write(bug_message(run.fault) + "\n")
            return investigation.report
        if report.verdict.status is VerdictStatus.ERROR:
            _tell(investigation, f"no more experiments: {report.verdict.title}")
            return investigation.report
        investigation = investigation.with_result(following, report)
    if not shared.quiet and not shared.interruption.requested:
        _tell_why_no_more(investigation)
    return investigation.report


def _tell_why_no_more(investigation: Investigation) -> None:
    """Say why, if a refusal ended the experiments or none could start."""
    if investigation.refusal:
        _tell(investigation, investigation.refusal)
    elif not investigation.report.experiments:
        settled = "the cause is already proven"
        why = settled if investigation.settled else "none can narrow the causes down"
        _tell(investigation, f"no experiment was run: {why}")


def _announce(investigation: Investigation, following: Experiment) -> None:
    logged = "; the peer might log it" if following.logged else ""
    again = f" If the answers differ, {REPEATS} more are sent." if is_repeated(following) else ""
    _tell(
        investigation,
        f"experiment {following.id}: sends {following.sends}{logged}. It shows {following.splits}."
        + again,
    )


def _tell(investigation: Investigation, text: str) -> None:
    name = investigation.first.target.name
    sys.stderr.write(f"dcmecho: {name}: {text}\n" if name else f"dcmecho: {text}\n")


def _named(investigation: Investigation, asked: ExperimentRequest) -> Experiment | None:
    # A result counts only after the repeat, so every experiment may need it.
    wanted_ids = asked.ids | {ExperimentId.CONTROL_REPEAT}
    return next((each for each in investigation.possible() if each.id in wanted_ids), None)


def _valid(experiment: ExperimentId, value: str) -> str:
    """Return ``value`` in the form in which it is used. Raises ``ValueError``."""
    said = f"{experiment}={own_text(value)}"
    if experiment is ExperimentId.SOURCE_ADDRESS:
        try:
            return str(ipaddress.ip_address(value))
        except ValueError:
            raise ValueError(f"{said}: give an IP address of this machine, not a name") from None
    for flaw in check_ae_title(value):
        if flaw.severity is Severity.ERROR:
            raise ValueError(f"{said}: {flaw.message}")
    return value


def _known(name: str) -> ExperimentId:
    if name in _NAMED:
        return ExperimentId(name)
    near = difflib.get_close_matches(name, _NAMED, n=1, cutoff=0.4)
    hint = f"Did you mean {near[0]}?" if near else f"Experiments: {', '.join(_NAMED)}"
    raise ValueError(f"{own_text(name)} is not an experiment. {hint}")
