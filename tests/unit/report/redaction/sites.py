"""Reports in which one value of a site stands wherever a site's values can stand.

The real judges make them, so that the value is in the texts as it is in those of a real run.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta

from dcmecho.diagnosis.conclusion.conclusion import conclude
from dcmecho.diagnosis.conclusion.informed import with_history
from dcmecho.diagnosis.evidence import Evidence, EvidenceKind
from dcmecho.diagnosis.history.compared import Compared
from dcmecho.diagnosis.history.history import Change, History, State, Together
from dcmecho.diagnosis.move.model import MoveRequest
from dcmecho.diagnosis.move.verdict import judge as judge_move
from dcmecho.diagnosis.network.association import (
    Acceptance,
    Answer,
    ContextAnswer,
    EchoAnswer,
    Ending,
    Negotiation,
    Rejection,
)
from dcmecho.diagnosis.network.connection import Address, Connection, NameFailure, Resolution
from dcmecho.diagnosis.report import ExperimentResult, Report
from dcmecho.diagnosis.sanitize import PeerText, path_text, title_words
from dcmecho.diagnosis.services.catalogue import catalogue
from dcmecho.diagnosis.services.model import ContextReply, ObjectKind, ServicesResult
from dcmecho.diagnosis.stage import StageId, StageResult, Status, ladder_of
from dcmecho.diagnosis.stages import (
    ae_title,
    associate,
    connect,
    context,
    echo,
    profile,
    resolve,
    tls,
)
from dcmecho.diagnosis.stages.outcome import Outcome
from dcmecho.diagnosis.store.model import StoreAnswer, StoreAttempt, new_test_image
from dcmecho.diagnosis.store.verdict import judge as judge_store
from dcmecho.diagnosis.survey import like, query
from dcmecho.diagnosis.survey.contexts import questions, row
from dcmecho.diagnosis.survey.link import FindAnswer
from dcmecho.diagnosis.survey.proofs import with_services
from dcmecho.diagnosis.target.prohibition import Prohibition
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.target.tls import (
    Certificate,
    Handshake,
    TlsCheck,
    TlsEnding,
    TlsFileProblem,
    TlsSettings,
)
from dcmecho.standard.uids import IMPLICIT_VR_LITTLE_ENDIAN, VERIFICATION_SOP_CLASS
from tests.unit.report.reports import STARTED, TARGET
from tests.unit.services.moved import NOTHING, REACHED, WRONG_PORT, storing
from tests.unit.services.moved import answered as moved
from tests.unit.services.surveyed import surveyed

PEER = Address("192.168.7.50", 104)
OURS = Address("192.168.7.20", 53412)
SITE_ROOT = "1.3.12.2.1107.5.99.3"


def target_with(value: str) -> Target:
    """Return a target that has the value in every text."""
    return Target(
        host=value,
        port=104,
        called_ae=value,
        calling_ae=value,
        name=value,
        group=value,
        notes=value,
        no_experiments=value,
        tls=TlsSettings(
            ca_files=(f"/etc/{value}/ca.pem",), cert_file=f"{value}.pem", server_name=value
        ),
    )


def sites(value: str) -> Iterator[Report]:
    """Yield reports with the value at every place, one after the other."""
    target = target_with(value)
    for stage, outcome in _endings(target, value):
        report = _report(target, {**_passed(target, value), stage: outcome})
        yield _handed_on(report, value)


def surveyed_sites(value: str) -> Iterator[Report]:
    """Yield reports with services, a C-MOVE or a test image, and the value at every place."""
    target = target_with(value)
    accepted = _report(target, _passed(target, value))
    for services in surveys(value):
        yield with_services(accepted, services)


def surveys(value: str) -> Iterator[ServicesResult]:
    """Yield what services, a C-MOVE and a test image have told, with the value at every place."""
    target = target_with(value)
    none = replace(surveyed(), matrix=None)
    uids = (f"{SITE_ROOT}.1", f"{SITE_ROOT}.1", f"{SITE_ROOT}.2", f"{SITE_ROOT}.2")
    kind = ObjectKind(f"/data/{value}/IM1.dcm", *uids)
    yield replace(surveyed(), refusal=f"nothing more is sent to this target: {value}")
    yield replace(none, fault=f"ValueError: {value}")
    asked = like.asked_for(kind, catalogue())
    for reply in (ContextReply.ACCEPTED, ContextReply.ABSTRACT_SYNTAX):
        known = dict.fromkeys(questions([asked]), reply)
        judged = like.judge(kind, row(asked, SITE_ROOT, known), target, lambda uid: uid)
        yield replace(none, like=judged)
    said = PeerText(value.encode("utf-8", "surrogateescape"))
    found = FindAnswer(Answer(Ending.ANSWERED, 1.0, 1.0), 0xA700, "out of resources", said)
    yield replace(none, query=query.judge(found, target))
    for seen in (REACHED, WRONG_PORT, NOTHING):
        its = replace(
            seen,
            order=MoveRequest(f"{SITE_ROOT}.9", (Address(OURS.ip, 11112),)),
            title=value,
            peer=value,
            called_ae=value,
            calls=tuple(
                replace(each, request=storing(value[:16], value[:16])) for each in seen.calls
            ),
            answer=moved(0xA801, comment=value),
        )
        yield replace(none, move=judge_move(its))
        yield replace(none, move=judge_move(replace(its, not_listening=f"port in use by {value}")))
        yield replace(none, move=judge_move(replace(its, not_associated=f"rejected {value}")))
    stored = StoreAnswer(Answer(Ending.ANSWERED, 1.0, 1.0), 9, None, 0xA700, "resources", said)
    for attempt in (
        StoreAttempt(small_segments=False, answer=stored),
        StoreAttempt(small_segments=False, text=f"no {value}"),
    ):
        yield replace(none, store=judge_store(new_test_image(5000), [attempt], target))


def _endings(target: Target, value: str) -> Iterator[tuple[StageId, Outcome]]:
    raw = value.encode("utf-8", "surrogateescape")
    forbidden = replace(target, do_not_probe=value)
    told = Prohibition(value, value, 104, value)
    yield StageId.PROFILE, profile.judge(replace(target, tls=None), None, STARTED, 1.0)
    yield StageId.PROFILE, profile.judge(forbidden, None, STARTED, 1.0)
    yield StageId.PROFILE, profile.judge(target, _tls_check(value), STARTED, 1.0)
    failure = Resolution(1.0, 1.0, failure=NameFailure.NOT_FOUND, message=f"no such host: {value}")
    yield StageId.RESOLVE, resolve.judge(value, failure)
    for error in (value, "Connection refused"):
        failing = Connection(PEER, 1.0, 1.0, errno=errno.ECONNREFUSED, message=error)
        yield StageId.CONNECT, connect.judge([failing])
    yield StageId.CONNECT, connect.judge([Connection(PEER, 1.0, 1.0, forbidden=str(told))])
    doubt = f"{value}, which must not be probed ({value}): the address of {value} is not known, why"
    connected = Connection(PEER, 1.0, 1.0, OURS, doubt=doubt)
    yield StageId.CONNECT, connect.judge([connected])
    assert target.tls is not None
    yield StageId.TLS, tls.judge(_handshake(value, TlsEnding.FAILED), target.tls, value, STARTED)
    for ending in (Ending.NOT_DICOM, Ending.MALFORMED, Ending.TLS_ALERT):
        words = "" if ending is Ending.NOT_DICOM else f"a PDU of {PeerText(raw)}"
        answer = Answer(ending, 1.0, 1.0, data=b"SSH-2.0-" + raw, message=words)
        yield StageId.ASSOCIATE, associate.judge(Negotiation(answer))
    rejection = Rejection(1, 1, 7, "called AE title not recognized")
    rejected = Negotiation(Answer(Ending.ANSWERED, 1.0, 1.0), rejection=rejection)
    yield StageId.AE_TITLE, ae_title.judge(target, rejected)
    comment = PeerText(raw)
    refused = EchoAnswer(
        Answer(Ending.ANSWERED, 1.0, 1.0), 1, 0x0122, "SOP class not supported", comment
    )
    yield StageId.ECHO, echo.judge([refused])
    yield StageId.ECHO, echo.judge([refused._replace(status=0, status_words="success")])


def _passed(target: Target, value: str) -> Mapping[StageId, Outcome]:
    raw = PeerText(value.encode("utf-8", "surrogateescape"))
    accepted = ContextAnswer(
        1, VERIFICATION_SOP_CLASS, 0, IMPLICIT_VR_LITTLE_ENDIAN, "Implicit VR Little Endian"
    )
    remark = f"the called AE title at byte 11 is padded with NUL instead of spaces: {raw}"
    acceptance = Acceptance(16384, f"{SITE_ROOT}.7", raw, (accepted,), (remark,))
    negotiation = Negotiation(Answer(Ending.ANSWERED, 1.0, 1.0), acceptance)
    assert target.tls is not None
    done = _handshake(value, TlsEnding.DONE)
    valid = Evidence(EvidenceKind.PROFILE_VALID, 1.0, f"the values are valid: {target}")
    return {
        StageId.PROFILE: Outcome(Status.PASSED, "valid", (valid,)),
        StageId.RESOLVE: resolve.judge(value, Resolution(1.0, 1.0, (PEER,))),
        StageId.CONNECT: connect.judge([Connection(PEER, 1.0, 1.0, OURS)]),
        StageId.TLS: tls.judge(done, target.tls, value, STARTED),
        StageId.ASSOCIATE: associate.judge(negotiation),
        StageId.AE_TITLE: ae_title.judge(target, negotiation),
        StageId.CONTEXT: context.judge(negotiation),
    }


def _report(target: Target, outcomes: Mapping[StageId, Outcome]) -> Report:
    results: list[StageResult] = []
    reached = True
    for stage in ladder_of(target):
        outcome = outcomes.get(stage) if reached else None
        if outcome is None:
            results.append(StageResult(stage, Status.NOT_REACHED, "not reached"))
            continue
        status, summary, evidence, elapsed_ms = outcome
        results.append(StageResult(stage, status, summary, elapsed_ms, evidence))
        reached = status in (Status.PASSED, Status.WARNING)
    return conclude("1f2e3d4c5b6a", STARTED, 6.1, target, tuple(results))


def _handed_on(report: Report, value: str) -> Report:
    state = State(STARTED - timedelta(days=2), STARTED - timedelta(days=1), 9, 9, "ok", "echo", "")
    changes = (
        Change(Compared.CALLED_AE, value, f"{value}5"),
        Change(Compared.OUR_ADDRESS, "192.168.7.20", "192.168.7.37"),
        Change(Compared.SOFTWARE, "OFFIS_DCMTK_367", value),
        Change(Compared.CERTIFICATE_SUBJECT, f"CN={value}", f"CN={value},O={value}"),
        Change(Compared.CLASS_UID, f"{SITE_ROOT}.6", f"{SITE_ROOT}.7"),
    )
    shared = (
        Together("on 192.168.7.0/24", 3, 4),
        Together(f"with a certificate of CN={value}", 3, 4),
        Together(f"called as {value}", 3, 4),
    )
    history = History(
        30,
        9,
        9,
        last_ok=STARTED - timedelta(days=1),
        since=changes,
        together=shared,
        latest=(state,),
    )
    tried = (ExperimentResult("own.calling", f"calling {title_words(value)}", "rejected", value),)
    return replace(with_history(report, history), experiments=tried)


def _tls_check(value: str) -> TlsCheck:
    problem = TlsFileProblem(
        "ca_file", path_text(f"/etc/{value}/ca.pem"), f"is not a certificate of {value}"
    )
    return TlsCheck((problem,), _certificate(value))


def _handshake(value: str, ending: TlsEnding) -> Handshake:
    return Handshake(
        ending,
        1.0,
        1.0,
        "TLSv1.3",
        "TLS_AES_256_GCM_SHA384",
        (_certificate(value),),
        verify_code=0,
        message=PeerText(f"OpenSSL: {value}"),
    )


def _certificate(value: str) -> Certificate:
    return Certificate(
        PeerText(f"CN={value},O=Clinic"),
        PeerText(f"CN=CA of {value}"),
        (PeerText(value),),
        STARTED - timedelta(days=9),
        STARTED + timedelta(days=9),
        "RSA 2048",
        "ab" * 32,
        "7F00A1B2C3D4",
    )


__all__ = ["OURS", "PEER", "SITE_ROOT", "TARGET", "sites", "surveyed_sites", "target_with"]
