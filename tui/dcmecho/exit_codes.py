"""Exit codes, one a phase, so that a script can tell them apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import IntEnum
from typing import TYPE_CHECKING

from dcmecho.diagnosis.evidence import EvidenceKind
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.stage import StageId, Status
from dcmecho.diagnosis.verdict import VerdictStatus

if TYPE_CHECKING:
    from dcmecho.diagnosis.services.model import ServicesResult


class ExitCode(IntEnum):
    """The exit codes of ``dcmecho``."""

    OK = 0
    """This run saw C-ECHO-RSP 0x0000; ``dcmecho listen``: the peer reached us."""
    INTERNAL = 1
    """A fault of dcmecho itself, or no turn at a peer that another run of it had all the time."""
    USAGE = 2
    """The command line or the profile file cannot be read."""
    PROFILE = 10
    """The target's values cannot work, or it must not be probed."""
    NAME = 11
    """The name has no address."""
    TCP = 12
    """The port is not reachable."""
    NOT_DICOM = 13
    """What answers is not DICOM, is silent or closes."""
    TLS = 14
    """The TLS handshake failed."""
    REJECTED = 15
    """A-ASSOCIATE-RJ."""
    ABORTED = 16
    """A-ABORT at any stage, or closed or reset after the association was accepted."""
    CONTEXT = 17
    """The Verification SOP class was refused."""
    NO_ECHO = 18
    """No answer to C-ECHO, or none that answers it."""
    ECHO_STATUS = 19
    """C-ECHO-RSP with another status than 0x0000."""
    NOBODY_CALLED = 30
    """``dcmecho listen``: nothing came."""
    OTHERS_CALLED = 31
    """``dcmecho listen``: somebody called, and nobody as expected."""
    CANNOT_LISTEN = 32
    """``dcmecho listen`` and ``dcmecho move``: the port cannot be taken."""
    SERVICES = 20
    """C-ECHO succeeded, and what was asked beyond it did not.

    An object, a query, a large request, a C-MOVE to ourselves, a test object.
    """
    INTERRUPTED = 130
    """Ctrl-C, or the run was cancelled."""


class NagiosCode(IntEnum):
    """The exit codes of a monitoring plugin, with ``--format nagios``."""

    OK = 0
    WARNING = 1
    CRITICAL = 2
    UNKNOWN = 3
    """Nothing was asked of the peer, or not to the end: no statement about it."""


_BY_FINDING: Mapping[EvidenceKind, ExitCode] = {
    EvidenceKind.ASSOCIATION_REJECTED: ExitCode.REJECTED,
    EvidenceKind.ASSOCIATION_ABORTED: ExitCode.ABORTED,
    EvidenceKind.ECHO_RESPONSE: ExitCode.ECHO_STATUS,
}

_CLOSED = frozenset({EvidenceKind.PEER_CLOSED, EvidenceKind.PEER_RESET})


def exit_code(report: Report) -> ExitCode:
    """The exit code of one run: 0 only where it saw C-ECHO-RSP 0x0000."""
    match report.verdict.status:
        case VerdictStatus.CANCELLED:
            return ExitCode.INTERRUPTED
        case VerdictStatus.ERROR:
            return ExitCode.INTERNAL
        case VerdictStatus.OK | VerdictStatus.WARNING:
            echoed = report.stage(StageId.ECHO).status is Status.PASSED
            if not echoed:
                return ExitCode.INTERNAL
            return _beyond(report.services) if report.services else ExitCode.OK
        case VerdictStatus.FAILED:
            return _failure(report.verdict.stage, report.verdict.finding)


def _beyond(services: ServicesResult) -> ExitCode:
    """What comes after C-ECHO. A SOP class that the matrix shows as refused is no failure."""
    if services.cancelled:
        return ExitCode.INTERRUPTED
    if services.fault:
        return ExitCode.INTERNAL
    if services.refusal:
        return ExitCode.PROFILE
    if services.move is not None and services.move.could_not_listen:
        return ExitCode.CANNOT_LISTEN
    return ExitCode.OK if services.succeeded else ExitCode.SERVICES


def worst(codes: Iterable[ExitCode]) -> ExitCode:
    """The worst of several: the highest number; 0 of none."""
    return max(codes, default=ExitCode.OK)


def nagios_code(report: Report) -> NagiosCode:
    """The plugin's exit code of one run: 0 if and only if it saw C-ECHO-RSP 0x0000, unqualified."""
    code = exit_code(report)
    if code is ExitCode.OK:
        is_ok = report.verdict.status is VerdictStatus.OK
        return NagiosCode.OK if is_ok else NagiosCode.WARNING
    if code in (ExitCode.INTERNAL, ExitCode.PROFILE, ExitCode.INTERRUPTED):
        return NagiosCode.UNKNOWN
    return NagiosCode.CRITICAL


def worst_for_nagios(codes: Iterable[NagiosCode]) -> NagiosCode:
    """The worst of several: what is known to be broken before what is not known; 3 of none."""
    found = set(codes)
    order = (NagiosCode.CRITICAL, NagiosCode.UNKNOWN, NagiosCode.WARNING, NagiosCode.OK)
    return next((code for code in order if code in found), NagiosCode.UNKNOWN)


def _failure(stage: StageId, finding: EvidenceKind) -> ExitCode:
    if stage.row.after_acceptance and finding in _CLOSED:
        return ExitCode.ABORTED
    return _BY_FINDING.get(finding, ExitCode(stage.row.exit_code))
