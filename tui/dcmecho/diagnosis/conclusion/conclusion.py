"""Makes the report of a finished run: verdict, causes, what is proven and what is not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from dcmecho.diagnosis.cause import Cause, CauseId, Confidence
from dcmecho.diagnosis.conclusion.clock import moment_and_utc
from dcmecho.diagnosis.conclusion.proofs import proofs
from dcmecho.diagnosis.counting import count
from dcmecho.diagnosis.evidence import Evidence, EvidenceKind, JsonValue
from dcmecho.diagnosis.report import ExperimentResult, Report, Source
from dcmecho.diagnosis.sanitize import path_text, title_words
from dcmecho.diagnosis.stage import StageId, StageResult, Status
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.verdict import Verdict, VerdictStatus

if TYPE_CHECKING:
    from dcmecho.diagnosis.causes.tls_reasoning import Suspects
    from dcmecho.diagnosis.experiments.plans import Attempt

_NO_END = (EvidenceKind.CANCELLED, EvidenceKind.NO_TURN, EvidenceKind.VANTAGE_FAILED)
"""The first evidence of a stage that says nothing about the peer."""


def conclude(
    run_id: str,
    started: datetime,
    elapsed_ms: float,
    target: Target,
    stages: tuple[StageResult, ...],
    attempts: Sequence[Attempt] = (),
) -> Report:
    """Return the report of a finished run and of the experiments after it. No I/O.

    ``attempts`` begins with the run itself.
    """
    verdict = _verdict(stages)
    fails = verdict.status in (VerdictStatus.FAILED, VerdictStatus.WARNING)
    is_ours = verdict.finding in (EvidenceKind.LOCAL_SHORTAGE, EvidenceKind.VANTAGE_FAILED)
    proven, not_proven = proofs(stages, target, attempts)
    causes: tuple[Cause[CauseId], ...] = ()
    aside: frozenset[CauseId] = frozenset()
    if fails or is_ours:
        causes, aside = _causes(target, started, stages, attempts)
    return Report(
        run_id=run_id,
        started=started,
        elapsed_ms=elapsed_ms,
        target=target,
        verdict=verdict,
        causes=causes,
        stages=stages,
        proven=proven,
        not_proven=not_proven,
        experiments=_experiments(attempts),
        set_aside=aside,
        source=Source.VANTAGE if target.vantage else Source.LIVE,
    )


def _causes(
    target: Target,
    started: datetime,
    stages: Sequence[StageResult],
    attempts: Sequence[Attempt],
) -> tuple[tuple[Cause[CauseId], ...], frozenset[CauseId]]:
    """Return the causes, and those that the experiments, or TLS itself, speak against."""
    # Imported here because a successful run has no causes, and starts faster without these. A pool
    # of runs imports them before its first thread starts (``dicom.runs.loading``).
    from dcmecho.diagnosis.causes.texts import CAUSES
    from dcmecho.diagnosis.experiments.recognition import recognized

    found = _suspects(target, stages, [each.stages for each in attempts[1:]])
    aside = frozenset(_seen_not_to_be(target, stages))
    if attempts:
        from dcmecho.diagnosis.experiments.differential import set_aside, weigh

        aside |= set_aside(found, attempts)
        found = weigh(found, attempts)
    values = values_of(target, started, stages)
    products = recognized(stages, attempts)
    causes = tuple(CAUSES.describe(cause, sure, values, products, aside) for cause, sure in found)
    return causes, aside


def _seen_not_to_be(target: Target, stages: Sequence[StageResult]) -> Iterator[CauseId]:
    """Yield what the check itself has shown not to be the cause."""
    if target.tls is not None:
        yield CauseId.PEER_IS_TLS
    if any(each.id is StageId.CONNECT and each.status is Status.PASSED for each in stages):
        yield CauseId.TCP_UNREACHABLE


def _suspects(
    target: Target, stages: Sequence[StageResult], later: Sequence[Sequence[StageResult]]
) -> Suspects:
    """Return the causes of the failure, or else of each warning, without repeating one."""
    from dcmecho.diagnosis.causes.reasoning import suspects
    from dcmecho.diagnosis.causes.slow_reasoning import slow_suspects

    decided = deciding_stage(stages)
    if decided.status is not Status.WARNING:
        return suspects(decided, target)
    found: dict[CauseId, Confidence] = {}
    for stage in _warned(stages):
        for cause, sure in (*suspects(stage, target), *slow_suspects(stage, stages, later)):
            found.setdefault(cause, sure)
    return tuple(found.items())


def _experiments(attempts: Sequence[Attempt]) -> tuple[ExperimentResult, ...]:
    if not attempts:
        return ()
    from dcmecho.diagnosis.experiments.differential import results

    return results(attempts)


_ABOUT_THIS_MACHINE = frozenset(
    {
        EvidenceKind.INTERNAL_ERROR,
        EvidenceKind.LOCAL_SHORTAGE,
        EvidenceKind.NO_TURN,
        EvidenceKind.VANTAGE_FAILED,
    }
)


def _verdict(stages: Sequence[StageResult]) -> Verdict:
    decided = deciding_stage(stages)
    finding = decided.evidence[0].kind
    if finding is EvidenceKind.CANCELLED:
        title = f"cancelled at {decided.id.row.label}"
        return Verdict(VerdictStatus.CANCELLED, decided.id, title, finding)
    if finding in _ABOUT_THIS_MACHINE:
        return Verdict(VerdictStatus.ERROR, decided.id, decided.summary, finding)
    if decided.status is Status.FAILED:
        return Verdict(VerdictStatus.FAILED, decided.id, decided.summary, finding)
    echo = next(result for result in stages if result.id is StageId.ECHO)
    if decided.status is Status.WARNING:
        warnings = (words for each in _warned(stages) for words in _warning(each))
        title = "; ".join(dict.fromkeys((echo.summary, *warnings)))
        return Verdict(VerdictStatus.WARNING, decided.id, title, finding)
    return Verdict(VerdictStatus.OK, decided.id, echo.summary, finding)


def _warning(stage: StageResult) -> Iterator[str]:
    """Yield what a stage warns about; the summary of one that is only slow warns about nothing."""
    if stage.evidence[0].kind is not EvidenceKind.SLOW:
        yield stage.summary
    yield from (each.text for each in stage.evidence if each.kind is EvidenceKind.SLOW)


def values_of(target: Target, started: datetime, stages: Sequence[StageResult]) -> dict[str, str]:
    """Return what the texts in ``causes.toml`` can name; ``started`` is aware, UTC."""
    values = {
        "called_ae": title_words(target.called_ae),
        "calling_ae": title_words(target.calling_ae),
        "host": target.shown_host,
        "port": str(target.port),
        "peer_address": f"{target.shown_host}:{target.port}",
        "time": moment_and_utc(started),
    }
    if target.vantage:
        values["this_machine"] = values["This_machine"] = target.vantage
    if _is_loopback(target.host):
        values["loopback"] = target.shown_host
    if target.tls is not None:
        values["own_subject"] = path_text(target.tls.cert_file)
    for evidence in (evidence for result in stages for evidence in result.evidence):
        values |= _connection_values(evidence, stages)
    for result in stages:
        if result.status is Status.FAILED and result.elapsed_ms is not None:
            values["seconds"] = f"{result.elapsed_ms / 1000:.1f}"
    return values


def _is_loopback(host: str) -> bool:
    return host in ("localhost", "::1") or host.startswith("127.")


def _connection_values(evidence: Evidence, stages: Sequence[StageResult]) -> dict[str, str]:
    data = evidence.data
    match evidence.kind:
        case EvidenceKind.TCP_CONNECTED:
            # With several addresses, a warning is about the one that was not reached.
            decided = deciding_stage(stages)
            if any(each.kind is EvidenceKind.TCP_FAILED for each in decided.evidence):
                return {}
            local = str(data["local"]).rpartition(":")[0]
            return {"local_address": local, "peer_address": str(data["peer"])}
        case EvidenceKind.TCP_FAILED:
            return {
                "peer_address": str(data["peer"]),
                "local_address": str(data.get("tried_from", "")),
                "error": str(data["error"]),
                "seconds": f"{_number(data['elapsed_ms']) / 1000:.1f}",
            }
        case EvidenceKind.SLOW:
            return {"seconds": f"{_number(data['elapsed_ms']) / 1000:.1f}"}
        case EvidenceKind.TCP_FAMILY:
            return {"ipv6_only": evidence.text}
        case EvidenceKind.LOCAL_SHORTAGE:
            return {"error": evidence.text}
        case EvidenceKind.VANTAGE_FAILED:
            known = ("vantage", "login", "said")
            return {name: str(data[name]) for name in known if data.get(name)}
        case EvidenceKind.NAME_FAILED:
            return {"error": str(data.get("error", ""))}
        case EvidenceKind.TLS_CERTIFICATE if data["position"] == 0 or not data["valid_today"]:
            # An issuer that has expired is the cause, not the peer's own certificate.
            return _certificate_values(data)
        case EvidenceKind.TLS_FAILED:
            return _tls_values(data)
        case EvidenceKind.PROFILE_INVALID:
            return {"error": evidence.text}
        case _:
            return _association_values(evidence)


def _association_values(evidence: Evidence) -> dict[str, str]:
    data = evidence.data
    match evidence.kind:
        case EvidenceKind.ASSOCIATION_ABORTED | EvidenceKind.PEER_CLOSED | EvidenceKind.PEER_RESET:
            return {"moment": "before C-ECHO was sent"} if data.get("before_request") else {}
        case EvidenceKind.ASSOCIATION_REJECTED:
            return {"triple": f"{data['result']}/{data['source']}/{data['reason']}"}
        case EvidenceKind.ECHO_RESPONSE:
            return {"status": f"0x{int(_number(data['status'])):04X} ({data['status_words']})"}
        case (
            EvidenceKind.PEER_BYTES | EvidenceKind.PEER_MALFORMED | EvidenceKind.CONTEXTS_UNANSWERED
        ):
            return {"seen": str(data.get("seen", ""))}
        case _:
            return {}


def _tls_values(data: Mapping[str, JsonValue]) -> dict[str, str]:
    values = {key: str(data[key]) for key in ("server_name", "error", "missing")}
    values["own_subject"] = str(data["own_certificate"])
    if "alert" in data:
        values["alert"] = f"{data['alert']}, sent by the peer"
    elif isinstance(ours := data["our_alerts"], list) and ours:
        values["alert"] = f"{ours[-1]}, sent by this machine"
    values["seen"] = str(data.get("seen", ""))
    return values


def _certificate_values(data: Mapping[str, JsonValue]) -> dict[str, str]:
    names = data["names"]
    return {
        "subject": str(data["subject"]),
        "issuer": str(data["issuer"]),
        "names": ", ".join(map(str, names)) if isinstance(names, list) else "",
        "not_before": str(data["not_before"]),
        "not_after": str(data["not_after"]),
        "days": _days(data["days_off"]),
    }


def _days(value: object) -> str:
    days = int(_number(value))
    if not days:
        return "less than a day"
    return count(days, "day")


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def deciding_stage(stages: Sequence[StageResult]) -> StageResult:
    """Return the stage that decides the verdict.

    It is the failed one, else one that was cancelled or got no turn, else the first warning, else
    the last that ran.
    """
    failed = [each for each in stages if each.status is Status.FAILED]
    no_end = [each for each in stages if each.evidence and each.evidence[0].kind in _NO_END]
    ran = [each for each in stages if each.status is not Status.NOT_REACHED]
    return next(iter((*failed, *no_end, *_warned(stages), *ran[-1:], *stages)))


def _warned(stages: Sequence[StageResult]) -> list[StageResult]:
    """Return the warnings. A doubtful value that works is not one about the peer."""
    return [
        each for each in stages if each.status is Status.WARNING and each.id is not StageId.PROFILE
    ]
