"""From a handshake to causes: tables, and the rule that a proven cause is the only one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from dcmecho.diagnosis.cause import CauseId, Confidence
from dcmecho.diagnosis.causes.reasoning import suspects
from dcmecho.diagnosis.network.association import Answer, Ending
from dcmecho.diagnosis.sanitize import PeerText
from dcmecho.diagnosis.stage import StageId, StageResult
from dcmecho.diagnosis.stages import tls
from dcmecho.diagnosis.stages.outcome import Outcome
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.target.tls import Certificate, Handshake, TlsAlert, TlsEnding, TlsSettings
from tests.scenarios.command_line import Suspect, likely, possible, proven

TODAY = datetime(2026, 3, 1, tzinfo=UTC)
TARGET = Target("pacs", 2762, "PACS", "WS", tls=TlsSettings())


def judged(
    ending: TlsEnding,
    *,
    alert: str = "",
    asked: bool = False,
    sent: bool = False,
    verify_code: int = 0,
    message: str = "",
    data: bytes = b"",
    spoke: bool = False,
) -> tuple[Suspect, ...]:
    """Return the causes of a handshake that ended in this way."""
    handshake = Handshake(
        ending,
        at_ms=2.0,
        elapsed_ms=1.0,
        certificate_asked=asked,
        certificate_sent=sent,
        peer_spoke_tls=spoke,
        alerts=(TlsAlert(0, alert, from_peer=True),) if alert else (),
        verify_code=verify_code,
        message=PeerText(message),
        data=data,
    )
    return found(tls.judge(handshake, TlsSettings(), "pacs", TODAY))


def found(outcome: Outcome) -> tuple[Suspect, ...]:
    result = StageResult(StageId.TLS, outcome.status, outcome.summary, 1.0, outcome.evidence)
    return suspects(result, TARGET)


def later(ending: Ending, alert: str = "", *, sent: bool = False) -> tuple[Suspect, ...]:
    """Return the causes of a handshake that was completed, and then refused."""
    handshake = Handshake(
        TlsEnding.DONE, 2.0, 1.0, "TLSv1.3", certificate_asked=True, certificate_sent=sent
    )
    answer = Answer(ending, 3.0, 1.0, message=alert)
    assert tls.belongs_to_tls(answer, handshake)
    return found(tls.refused_later(answer, handshake, TlsSettings(), "pacs"))


@pytest.mark.parametrize(
    ("code", "cause"),
    [
        (2, CauseId.TLS_CERT_UNKNOWN_ISSUER),
        (9, CauseId.TLS_CERT_NOT_YET_VALID),
        (10, CauseId.TLS_CERT_EXPIRED),
        (18, CauseId.TLS_CERT_SELF_SIGNED),
        (19, CauseId.TLS_CERT_UNKNOWN_ISSUER),
        (20, CauseId.TLS_CERT_UNKNOWN_ISSUER),
        (21, CauseId.TLS_CERT_UNKNOWN_ISSUER),
        (62, CauseId.TLS_CERT_NAME_MISMATCH),
        (64, CauseId.TLS_CERT_NAME_MISMATCH),
        (66, CauseId.TLS_CIPHER),
        (67, CauseId.TLS_CIPHER),
        (68, CauseId.TLS_CIPHER),
    ],
)
def test_the_verify_code_of_openssl_gives_the_cause(code: int, cause: CauseId) -> None:
    assert judged(TlsEnding.CERTIFICATE_REFUSED, verify_code=code) == (proven(cause),)


@pytest.mark.parametrize("code", [1, 7, 23, 24, 25, 26, 79, 999])
def test_other_certificate_errors_are_cert_invalid(code: int) -> None:
    """Invalid signature, revoked, no authority, path too long, wrong purpose, ..."""
    found = judged(TlsEnding.CERTIFICATE_REFUSED, verify_code=code)
    assert found == (proven(CauseId.TLS_CERT_INVALID),)


def bearing(
    *names: str, days: tuple[int, int] = (-30, 30), subject: str = "CN=pacs"
) -> Certificate:
    begins, ends = (TODAY + timedelta(days=each) for each in days)
    called, issuer, *sent = map(PeerText, (subject, "CN=issuer", *names))
    return Certificate(called, issuer, tuple(sent), begins, ends, "RSA 2048", "00")


EXPIRED, NAME = proven(CauseId.TLS_CERT_EXPIRED), proven(CauseId.TLS_CERT_NAME_MISMATCH)
UNKNOWN = proven(CauseId.TLS_CERT_UNKNOWN_ISSUER)


@pytest.mark.parametrize(
    ("sent", "host", "faults"),
    [
        (bearing("pacs"), "pacs", ()),
        (bearing("PACS."), "pacs", ()),
        (bearing("*.hospital.test"), "pacs.hospital.test", ()),
        (bearing("*.hospital.test"), "a.b.hospital.test", (NAME,)),
        (bearing("p*.hospital.test"), "pacs.hospital.test", ()),
        (bearing("other"), "pacs", (NAME,)),
        (bearing("other"), "pâcs", ()),
        (bearing(), "pacs", ()),
        (bearing("10.0.0.5"), "10.0.0.5", ()),
        (bearing("2001:db8::1"), "2001:db8:0::1", ()),
        (bearing("pacs", "10.0.0.6"), "10.0.0.5", (NAME,)),
        (bearing("pacs", days=(-30, -1)), "pacs", (EXPIRED,)),
        (
            bearing("pacs", days=(1, 30)),
            "pacs",
            (proven(CauseId.TLS_CERT_NOT_YET_VALID),),
        ),
        (bearing("other", days=(-30, -1)), "pacs", (EXPIRED, NAME)),
    ],
)
def test_further_errors_are_read_from_the_peers_certificate(
    sent: Certificate, host: str, faults: tuple[Suspect, ...]
) -> None:
    old = bearing("other", days=(-60, -30), subject="CN=beside it")
    handshake = Handshake(
        TlsEnding.CERTIFICATE_REFUSED, 2.0, 1.0, chain=(sent, old), verify_code=20
    )
    assert found(tls.judge(handshake, TlsSettings(), host, TODAY)) == (UNKNOWN, *faults)


ABOUT_OURS = (
    "bad_certificate",
    "unsupported_certificate",
    "certificate_revoked",
    "certificate_expired",
    "certificate_unknown",
    "unknown_ca",
    "access_denied",
)


@pytest.mark.parametrize("alert", ABOUT_OURS)
def test_an_alert_about_a_certificate(alert: str) -> None:
    refused = (proven(CauseId.TLS_CLIENT_CERT_REFUSED),)
    missing = (likely(CauseId.TLS_CLIENT_CERT_REQUIRED), possible(CauseId.TLS_ALERT))
    assert judged(TlsEnding.ALERT, alert=alert, asked=True, sent=True) == refused
    assert judged(TlsEnding.ALERT, alert=alert, asked=True) == missing
    assert judged(TlsEnding.ALERT, alert=alert) == (proven(CauseId.TLS_ALERT),)


def test_an_alert_about_a_signature_does_not_prove_a_certificate() -> None:
    assert judged(TlsEnding.ALERT, alert="decrypt_error", asked=True, sent=True) == (
        likely(CauseId.TLS_CLIENT_CERT_REFUSED),
        possible(CauseId.TLS_ALERT),
    )


@dataclass(frozen=True)
class Case:
    seen: str
    causes: tuple[Suspect, ...]
    expected: tuple[Suspect, ...]


FAILED, ALERT, RESET = TlsEnding.FAILED, TlsEnding.ALERT, TlsEnding.RESET
CLOSED, NOT_TLS = TlsEnding.CLOSED, TlsEnding.NOT_TLS
DISAGREEMENT = (possible(CauseId.TLS_CIPHER), possible(CauseId.TLS_VERSION))
IS_PLAIN = (proven(CauseId.TLS_PEER_IS_PLAIN),)
IS_OTHER = (proven(CauseId.PEER_IS_OTHER),)

CASES = (
    Case(
        "certificate_required",
        judged(ALERT, alert="certificate_required", asked=True),
        (proven(CauseId.TLS_CLIENT_CERT_REQUIRED),),
    ),
    Case(
        "protocol_version",
        judged(ALERT, alert="protocol_version"),
        (proven(CauseId.TLS_VERSION),),
    ),
    Case(
        "insufficient_security",
        judged(ALERT, alert="insufficient_security"),
        (proven(CauseId.TLS_CIPHER),),
    ),
    Case("internal_error", judged(ALERT, alert="internal_error"), (proven(CauseId.TLS_ALERT),)),
    Case(
        "handshake_failure",
        judged(ALERT, alert="handshake_failure"),
        (likely(CauseId.TLS_CIPHER), possible(CauseId.TLS_VERSION)),
    ),
    Case(
        "handshake_failure, a certificate asked for and not sent",
        judged(ALERT, alert="handshake_failure", asked=True),
        (likely(CauseId.TLS_CLIENT_CERT_REQUIRED), *DISAGREEMENT),
    ),
    Case(
        "handshake_failure, ours sent",
        judged(ALERT, alert="handshake_failure", asked=True, sent=True),
        (likely(CauseId.TLS_CLIENT_CERT_REFUSED), *DISAGREEMENT),
    ),
    Case(
        "reset",
        judged(RESET),
        (likely(CauseId.TLS_PEER_IS_PLAIN), possible(CauseId.TLS_CLOSED)),
    ),
    Case(
        "closed",
        judged(CLOSED),
        (likely(CauseId.TLS_PEER_IS_PLAIN), possible(CauseId.TLS_CLOSED)),
    ),
    Case("reset after a TLS answer", judged(RESET, spoke=True), (likely(CauseId.TLS_CLOSED),)),
    Case("closed after a TLS answer", judged(CLOSED, spoke=True), (likely(CauseId.TLS_CLOSED),)),
    Case(
        "reset, a certificate asked for and not sent: no plain port",
        judged(RESET, asked=True),
        (likely(CauseId.TLS_CLIENT_CERT_REQUIRED), possible(CauseId.TLS_CLOSED)),
    ),
    Case(
        "silent",
        judged(TlsEnding.SILENT),
        (
            likely(CauseId.PEER_SILENT),
            possible(CauseId.TLS_PEER_IS_PLAIN),
            possible(CauseId.PEER_NAME_LOOKUP),
        ),
    ),
    Case("A-ABORT", judged(NOT_TLS, data=b"\7\0\0\0\0"), IS_PLAIN),
    Case("A-ASSOCIATE-RJ", judged(NOT_TLS, data=b"\3\0\0\0\0"), IS_PLAIN),
    Case("RDP begins as A-ASSOCIATE-RJ does", judged(NOT_TLS, data=b"\3\0\0\x13\x0e"), IS_OTHER),
    Case("SOCKS 5", judged(NOT_TLS, data=b"\5\xff\0\0\0"), IS_OTHER),
    Case("MySQL", judged(NOT_TLS, data=b"\x4a\0\0\0\x0a"), IS_OTHER),
    Case("HTTP", judged(NOT_TLS, data=b"HTTP/"), (proven(CauseId.PEER_IS_HTTP),)),
    Case("SSH", judged(NOT_TLS, data=b"SSH-2"), (proven(CauseId.PEER_IS_SSH),)),
    Case(
        "a version that we refuse",
        judged(FAILED, message="unsupported protocol"),
        (proven(CauseId.TLS_VERSION),),
    ),
    Case(
        "a suite that we refuse",
        judged(FAILED, message="wrong cipher returned"),
        (proven(CauseId.TLS_CIPHER),),
    ),
    Case(
        "a Diffie-Hellman group that is too weak",
        judged(FAILED, message="dh key too small"),
        (proven(CauseId.TLS_CIPHER),),
    ),
    Case(
        "TLS that makes no sense",
        judged(FAILED, message="unexpected message"),
        (
            likely(CauseId.TLS_ALERT),
            possible(CauseId.PEER_IS_OTHER),
            possible(CauseId.TLS_PEER_IS_PLAIN),
        ),
    ),
    Case(
        "TLS 1.3: certificate_required after the handshake",
        later(Ending.TLS_ALERT, "certificate_required"),
        (proven(CauseId.TLS_CLIENT_CERT_REQUIRED),),
    ),
    Case(
        "TLS 1.3: unknown_ca after the handshake",
        later(Ending.TLS_ALERT, "unknown_ca", sent=True),
        (proven(CauseId.TLS_CLIENT_CERT_REFUSED),),
    ),
    Case(
        "closed after the handshake: our request may be the reason",
        later(Ending.CLOSED),
        (
            likely(CauseId.TLS_CLIENT_CERT_REQUIRED),
            possible(CauseId.PEER_CLOSED_ON_REQUEST),
            possible(CauseId.PEER_CLOSED_ON_CONNECT),
        ),
    ),
    Case(
        "reset after the handshake",
        later(Ending.RESET),
        (
            likely(CauseId.TLS_CLIENT_CERT_REQUIRED),
            possible(CauseId.PEER_RESET_ON_REQUEST),
            possible(CauseId.PEER_CLOSED_ON_CONNECT),
        ),
    ),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.seen)
def test_causes(case: Case) -> None:
    assert case.causes == case.expected


@pytest.mark.parametrize("ending", [e for e in TlsEnding if e is not TlsEnding.DONE])
@pytest.mark.parametrize("asked", [True, False])
@pytest.mark.parametrize("sent", [True, False])
def test_a_proven_cause_is_the_only_one(ending: TlsEnding, asked: bool, sent: bool) -> None:
    for name in ("handshake_failure", "unknown_ca", "internal_error", "no such alert"):
        alert = name if ending is ALERT else ""
        causes = judged(ending, alert=alert, asked=asked, sent=sent, message="?", data=b"?")
        assert causes
        assert len(causes) == 1 or Confidence.PROVEN not in {sure for _, sure in causes}


@pytest.mark.parametrize("ending", [Ending.CLOSED, Ending.RESET])
@pytest.mark.parametrize(("asked", "sent"), [(False, False), (True, True)])
def test_an_end_after_the_handshake_is_about_certificates_only_if_one_is_missing(
    ending: Ending, asked: bool, sent: bool
) -> None:
    handshake = Handshake(TlsEnding.DONE, 2.0, 1.0, certificate_asked=asked, certificate_sent=sent)
    assert not tls.belongs_to_tls(Answer(ending, 3.0, 1.0), handshake)


def test_close_notify_is_not_a_refusal() -> None:
    alerts = tuple(TlsAlert(0, name, from_peer=True) for name in ("unknown_ca", "close_notify"))
    handshake = Handshake(ALERT, 2.0, 1.0, certificate_sent=True, alerts=alerts)
    outcome = tls.judge(handshake, TlsSettings(), "pacs", TODAY)
    assert found(outcome) == (proven(CauseId.TLS_CLIENT_CERT_REFUSED),)


class TestMissing:
    @pytest.mark.parametrize(
        ("sent", "added", "missing"),
        [
            ("leaf<middle", "", "middle"),
            ("leaf<middle middle<root", "", "root"),
            ("leaf<middle middle<root root<root", "", "root"),
            ("leaf<middle", "middle<root", "root"),
            ("leaf<middle other<others", "", "middle"),
            ("leaf<middle root<root middle<root", "", "root"),
            ("leaf<a a<b b<a", "", "b"),
            ("", "", ""),
        ],
    )
    def test_is_the_issuer_that_neither_side_has(self, sent: str, added: str, missing: str) -> None:
        handshake = Handshake(
            TlsEnding.CERTIFICATE_REFUSED,
            2.0,
            1.0,
            chain=tuple(map(certificate, sent.split())),
            added=tuple(map(certificate, added.split())),
            verify_code=20,
        )
        failure = tls.judge(handshake, TlsSettings(), "pacs", TODAY).evidence[0]
        assert failure.data["missing"] == missing


def certificate(names: str, days_left: float = 365) -> Certificate:
    """Of ``subject<issuer``."""
    subject, _, issuer = names.partition("<")
    return Certificate(
        subject=PeerText(subject),
        issuer=PeerText(issuer),
        names=(),
        not_before=TODAY - timedelta(days=400),
        not_after=TODAY + timedelta(days=days_left),
        key="RSA 2048",
        fingerprint="00",
    )


@pytest.mark.parametrize(
    ("days_left", "status"),
    [(0.5, "warning"), (30.9, "warning"), (31, "passed"), (365, "passed")],
)
@pytest.mark.parametrize("position", [0, 1, 2])
def test_warns_of_any_certificate_that_expires_within_30_days(
    days_left: float, status: str, position: int
) -> None:
    names = ["leaf<middle", "middle<root", "root<root"]
    leaf, middle, root = (
        certificate(name, days_left if at == position else 365) for at, name in enumerate(names)
    )
    handshake = Handshake(
        TlsEnding.DONE, 2.0, 1.0, "TLSv1.3", "X", chain=(leaf, middle), added=(root,)
    )
    assert tls.judge(handshake, TlsSettings(), "pacs", TODAY).status == status


@pytest.mark.parametrize("days_left", [-3, 10, 365])
def test_not_verified_is_a_warning_and_comes_first(days_left: float) -> None:
    handshake = Handshake(
        TlsEnding.DONE, 2.0, 1.0, "TLSv1.3", "X", chain=(certificate("leaf<leaf", days_left),)
    )
    outcome = tls.judge(handshake, TlsSettings(verify=False), "pacs", TODAY)
    assert outcome.status == "warning"
    assert outcome.summary == "TLSv1.3, encrypted, peer not authenticated (verify = false)"
