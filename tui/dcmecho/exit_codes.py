"""Exit codes, one for each kind of failure, for use in scripts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import IntEnum
from typing import TYPE_CHECKING

from dcmecho.diagnosis.evidence import EvidenceKind
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.stage import StageId
from dcmecho.diagnosis.verdict import Verdict, VerdictStatus

if TYPE_CHECKING:
    from dcmecho.diagnosis.services.model import ServicesResult


class ExitCode(IntEnum):
    """The exit codes of ``dcmecho``."""

    OK = 0
    """This run saw C-ECHO-RSP 0x0000; ``dcmecho listen``: the peer reached this machine."""
    INTERNAL = 1
    """A bug in dcmecho, or another check by this dcmecho was using the peer all the time."""
    USAGE = 2
    """The command line or profiles.toml cannot be read."""
    PROFILE = 10
    """The target's values are not valid, or it must not be checked."""
    NAME = 11
    """The name has no address."""
    TCP = 12
    """The port is not reachable."""
    NOT_DICOM = 13
    """The service on the port is not DICOM, does not answer or closes the connection."""
    TLS = 14
    """The TLS handshake failed."""
    REJECTED = 15
    """A-ASSOCIATE-RJ."""
    ABORTED = 16
    """A-ABORT at any stage, or closed or reset after the association was accepted."""
    CONTEXT = 17
    """The Verification SOP class was refused."""
    NO_ECHO = 18
    """No answer to C-ECHO, or a wrong one."""
    ECHO_STATUS = 19
    """C-ECHO-RSP with a status other than 0x0000."""
    NOBODY_CALLED = 30
    """``dcmecho listen``: no connection came."""
    OTHERS_CALLED = 31
    """``dcmecho listen``: calls came, but none as expected."""
    CANNOT_LISTEN = 32
    """``dcmecho listen`` and ``dcmecho move``: the port cannot be listened on."""
    SERVICES = 20
    """C-ECHO succeeded, but something beyond it failed.

    That is an object, a query, a large request, a C-MOVE to this machine or a test image.
    """
    DIFFERENT = 21
    """``dcmecho compare``: the two differ in verdict or facts."""
    NOTHING_OF_DICOM = 22
    """``dcmecho explain`` and ``dcmecho read``: nothing of DICOM in what was given."""
    NO_VANTAGE = 33
    """The peer could not be asked from any vantage point."""
    INTERRUPTED = 130
    """Ctrl-C, or the run was cancelled."""


class NagiosCode(IntEnum):
    """The exit codes of a monitoring plugin, with ``--format nagios``."""

    OK = 0
    WARNING = 1
    CRITICAL = 2
    UNKNOWN = 3
    """The check was not sent or not finished, so nothing is known about the peer."""


_BY_FINDING: Mapping[EvidenceKind, ExitCode] = {
    EvidenceKind.DO_NOT_PROBE: ExitCode.PROFILE,
    EvidenceKind.ASSOCIATION_REJECTED: ExitCode.REJECTED,
    EvidenceKind.ASSOCIATION_ABORTED: ExitCode.ABORTED,
    EvidenceKind.ECHO_RESPONSE: ExitCode.ECHO_STATUS,
}

_CLOSED = frozenset({EvidenceKind.PEER_CLOSED, EvidenceKind.PEER_RESET})


def exit_code(report: Report) -> ExitCode:
    """Return the exit code of one run: 0 only if it saw C-ECHO-RSP 0x0000."""
    match report.verdict.status:
        case VerdictStatus.CANCELLED:
            return ExitCode.INTERRUPTED
        case VerdictStatus.ERROR | VerdictStatus.UNKNOWN:
            is_vantage = report.verdict.finding is EvidenceKind.VANTAGE_FAILED
            return ExitCode.NO_VANTAGE if is_vantage else ExitCode.INTERNAL
        case VerdictStatus.OK | VerdictStatus.WARNING:
            echoed = report.stage(StageId.ECHO).status.is_success
            if not echoed:
                return ExitCode.INTERNAL
            return _beyond(report.services) if report.services else ExitCode.OK
        case VerdictStatus.FAILED:
            return failure_code(report.verdict)


def _beyond(services: ServicesResult) -> ExitCode:
    """Return the exit code of a survey. A SOP class that the peer refuses is not a failure."""
    if services.cancelled:
        return ExitCode.INTERRUPTED
    if services.fault:
        return ExitCode.INTERNAL
    if services.refusal:
        return ExitCode.PROFILE
    if services.move is not None and services.move.could_not_listen:
        return ExitCode.CANNOT_LISTEN
    return ExitCode.OK if services.succeeded else ExitCode.SERVICES


_SAYS_NOTHING = frozenset(
    {ExitCode.INTERNAL, ExitCode.PROFILE, ExitCode.NO_VANTAGE, ExitCode.INTERRUPTED}
)


def worst(codes: Iterable[ExitCode]) -> ExitCode:
    """Return the worst of several exit codes: the highest number; 0 if there are none."""
    return max(codes, default=ExitCode.OK)


def nagios_code(report: Report) -> NagiosCode:
    """Return the plugin's exit code of one run: 0 only for C-ECHO-RSP 0x0000 without a warning."""
    code = exit_code(report)
    if code is ExitCode.OK:
        is_ok = report.verdict.status is VerdictStatus.OK
        return NagiosCode.OK if is_ok else NagiosCode.WARNING
    if code in _SAYS_NOTHING:
        return NagiosCode.UNKNOWN
    return NagiosCode.CRITICAL


def worst_for_nagios(codes: Iterable[NagiosCode]) -> NagiosCode:
    """Return the worst of several: CRITICAL before UNKNOWN; UNKNOWN if there are none."""
    found = set(codes)
    order = (NagiosCode.CRITICAL, NagiosCode.UNKNOWN, NagiosCode.WARNING, NagiosCode.OK)
    return next((code for code in order if code in found), NagiosCode.UNKNOWN)


def failure_code(verdict: Verdict) -> ExitCode:
    """Return the exit code of a run that failed."""
    stage, finding = verdict.stage, verdict.finding
    if stage.row.after_acceptance and finding in _CLOSED:
        return ExitCode.ABORTED
    return _BY_FINDING.get(finding, ExitCode(stage.row.exit_code))
