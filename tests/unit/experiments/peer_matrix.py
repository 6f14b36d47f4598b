"""How families of peers answer wrong titles and addresses: a table, measured on real software.

And a peer played from a row of it: a site knows titles at addresses, a request has some of them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from dcmecho.diagnosis.cause import CauseId
from dcmecho.diagnosis.evidence import EvidenceKind
from dcmecho.diagnosis.experiments.answers import AnswerKind
from dcmecho.diagnosis.experiments.plans import Attempt, Experiment
from dcmecho.diagnosis.run_options import RunOptions
from dcmecho.diagnosis.stage import StageId, Status
from dcmecho.diagnosis.target.target import Target
from tests.unit.experiments.answered import EXAMPLES, Answered, Stages, rejected

AC, R7, R3, AE, AB = (
    AnswerKind.SUCCESS,
    AnswerKind.REJECTED_CALLED,
    AnswerKind.REJECTED_CALLING,
    AnswerKind.ABORTED_AT_ECHO,
    AnswerKind.ABORTED,
)

FIN, OPEN = True, False
IGNORED = Answered(StageId.ASSOCIATE, EvidenceKind.ASSOCIATION_ACCEPTED, {}, Status.PASSED)


@dataclass(frozen=True, eq=False)
class Family:
    """What a family answers, by what is wrong; ``other_context`` to a nonsense one (else ignores).

    ``case`` and ``space`` tell how it takes the called title in other letters, or with a space
    before it; ``calling_case`` the calling title in other letters.
    """

    name: str
    called: AnswerKind
    calling: AnswerKind
    both: AnswerKind
    case: AnswerKind
    calling_case: AnswerKind
    space: AnswerKind
    host: AnswerKind
    other_context: Answered | None = None
    titles_first: bool = False
    """It looks at the titles before the application context."""

    def __str__(self) -> str:
        return self.name


def _rj(result: int, source: int, reason: int, *, then: bool) -> Answered:
    return rejected(result, source, reason, closed_after=then)


DCMQRSCP, ORTHANC = _rj(2, 1, 2, then=FIN), _rj(1, 1, 2, then=OPEN)
DCMRECV, CTN = _rj(2, 1, 2, then=OPEN), _rj(1, 1, 2, then=FIN)

FAMILIES = (
    #                               called calling both case calling_case space host
    Family("storescp", AC, AC, AC, AC, AC, AC, AC, ORTHANC),
    Family("dcmrecv", AC, AC, AC, AC, AC, AC, AC, DCMRECV),
    Family("dcmqrscp, HostTable", R7, R7, R7, R7, R7, R7, R7, DCMQRSCP),
    Family("dcmqrscp, area ANY", R7, AC, R7, R7, AC, R7, AC, DCMQRSCP),
    Family("wlmscpfs", R7, AC, R7, R7, AC, R7, AC, DCMQRSCP),
    Family("Orthanc", AC, AC, AC, AC, AC, AC, AC, ORTHANC),
    Family("Orthanc, called title", R7, AC, R7, AC, AC, R7, AC, ORTHANC),
    Family("Orthanc, each command", R7, AE, R7, AC, AC, R7, AE, ORTHANC),
    Family("Orthanc, association", R7, R3, R7, AC, AC, R7, R3, ORTHANC),
    Family("Orthanc, calling title", AC, R3, R3, AC, AC, AC, AC, ORTHANC),
    Family("pynetdicom", AC, AC, AC, AC, AC, AC, AC),
    Family("pynetdicom, called", R7, AC, R7, R7, AC, AC, AC),
    Family("pynetdicom, calling", AC, R3, R3, AC, R3, AC, AC),
    Family("pynetdicom, both", R7, R3, R7, R7, R3, AC, AC),
    Family("CTN", R7, AC, R7, R7, AC, R7, AC, CTN, titles_first=True),
    Family("PixelMed", R7, AC, R7, R7, AC, AC, AC),
    Family("dcmjs", R7, R3, R3, R7, R3, AC, AC),
    Family("aborts strangers", AB, AB, AB, AC, AC, AC, AC),
)

UNSEEN = (
    # dcm4che looks at the application context, then at the called title, then at the calling one;
    # dcm4chee-arc can also compare the host name, and answers as to an unknown calling title.
    #                                       called calling both case calling_case space host
    Family("dcm4che, called title", R7, AC, R7, R7, AC, AC, AC, CTN),
    Family("dcm4chee-arc, host names", R7, R3, R7, R7, R3, AC, R3, CTN),
    # DCMTK's DcmSCP, if a program made of it looks at both titles; it is what dcmrecv is made of.
    Family("DcmSCP, both titles", R7, R3, R7, R7, R3, R7, AC, DCMRECV),
    # Servers of fo-dicom, written after its samples: they look at the called title only.
    Family("fo-dicom", R7, AC, R7, R7, AC, AC, AC),
)
"""Families that no rule, order or weight was chosen with, written from what is known of software.

They are measured after a change, and never looked at for one.
"""

HERE, AWAY, ELSEWHERE = "127.0.0.1", "127.0.0.9", "192.0.2.9"
"""This machine's address, another address of it, and one of another machine."""


@dataclass(frozen=True)
class Site:
    """The settings of a peer: its own title, and each caller with its only address."""

    called: str
    callers: tuple[tuple[str, str], ...]


def answer(family: Family, site: Site, target: Target, options: RunOptions) -> Stages:
    """Answer a request as ``family`` does with what ``site`` knows."""
    kind = _kind(family, site, target, options.source_address or HERE)
    if not options.application_context or (family.titles_first and kind is not AC):
        return EXAMPLES[kind].stages
    if family.other_context is not None:
        return family.other_context.stages
    return IGNORED.stages if kind is AC else EXAMPLES[kind].stages


@cache
def _kind(family: Family, site: Site, target: Target, source: str) -> AnswerKind:
    called = _called(family, site, target.called_ae)
    calling = _calling(family, site, target.calling_ae, source)
    if called is AC:
        return calling
    return called if calling is AC else family.both


def _called(family: Family, site: Site, title: str) -> AnswerKind:
    if title.startswith(" ") and not site.called.startswith(" "):
        if family.space is not AC:
            return family.space
        title = title.lstrip(" ")
    if title == site.called:
        return AC
    return family.case if title.casefold() == site.called.casefold() else family.called


def _calling(family: Family, site: Site, title: str, source: str) -> AnswerKind:
    for known, address in site.callers:
        if known == title or (family.calling_case is AC and known.casefold() == title.casefold()):
            return AC if address == source else family.host
    if any(known.casefold() == title.casefold() for known, _ in site.callers):
        return family.calling_case
    return family.calling


def what_is_wrong(family: Family, site: Site, target: Target) -> tuple[frozenset[CauseId], ...]:
    """Return a set for each thing that this peer minds in a request from ``HERE``.

    It holds the causes that name the thing, mostly one.
    """
    found = []
    title = target.called_ae.lstrip(" ")
    if title != target.called_ae and family.space is not AC:
        found.append({CauseId.AE_SPACES})
    if _called(family, site, title) is not AC:
        in_case_only = title.casefold() == site.called.casefold()
        found.append({CauseId.AE_CASE if in_case_only else CauseId.AE_CALLED_UNKNOWN})
    answered = _calling(family, site, target.calling_ae, HERE)
    if answered is not AC:
        named = {_about_the_caller(site, target.calling_ae)}
        found.append(named | {CauseId.AUTH_PER_COMMAND} if answered is AE else named)
    return tuple(map(frozenset, found))


def what_is_minded_first(family: Family, site: Site, target: Target) -> frozenset[CauseId]:
    """Return the causes of what this peer's answer is about; all, if it answers to all alike."""
    found = what_is_wrong(family, site, target)
    calling = _calling(family, site, target.calling_ae, HERE)
    called = _called(family, site, target.called_ae)
    if AC not in (called, calling) and called is not calling:
        found = found[-1:] if family.both is calling else found[:-1]
    return frozenset().union(*found)


def _about_the_caller(site: Site, title: str) -> CauseId:
    if any(known == title for known, _ in site.callers):
        return CauseId.AE_HOST_NOT_ALLOWED
    in_case_only = any(known.casefold() == title.casefold() for known, _ in site.callers)
    return CauseId.AE_CASE if in_case_only else CauseId.AE_CALLING_UNKNOWN


def attempt(
    family: Family, site: Site, target: Target, experiment: Experiment | None = None
) -> Attempt:
    """Play the first attempt, or an experiment."""
    if experiment is None:
        return Attempt(None, answer(family, site, target, RunOptions()))
    return Attempt(experiment, answer(family, site, experiment.target, experiment.options))


def called_with_a_space(target: Target) -> Target:
    return replace(target, called_ae=f" {target.called_ae}")
