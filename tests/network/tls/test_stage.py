"""Stage ``tls`` against servers that speak TLS, or fail to."""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import replace
from operator import attrgetter

import pytest

from dcmecho.diagnosis.cause import Cause, CauseId, Confidence
from dcmecho.diagnosis.evidence import Evidence, EvidenceKind
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.stage import StageId, Status
from dcmecho.diagnosis.target.tls import TlsVersion
from dcmecho.diagnosis.verdict import VerdictStatus
from dcmecho.exit_codes import ExitCode, exit_code
from tests.network.diagnose.diagnosing import diagnose
from tests.network.tls.certificates import HOST, PASSPHRASE, Certificates
from tests.network.tls.mistakes import LOCAL_MISTAKES, LocalMistake, own
from tests.network.tls.scenario import (
    CLIENT,
    OLD,
    REQUIRED,
    STRANGER,
    Ask,
    Scenario,
    ask,
    tls_target,
)
from tests.network.tls.scenarios import SCENARIOS, WARNINGS
from tests.network.tls.servers import OpenSslServer, PythonServer, Server, Servers, Storescp

Meet = Callable[[Server, Ask], Report]
"""Checks a server with a target's values."""


@pytest.fixture
def meet(tls_servers: Servers, certificates: Certificates) -> Meet:
    def meeting(server: Server, ask: Ask) -> Report:
        return diagnose(tls_target(tls_servers.port_of(server), ask(certificates)))

    return meeting


def evidence(report: Report, kind: EvidenceKind) -> list[Evidence]:
    """Return the evidence of one kind from stage ``tls``."""
    return [each for each in report.stage(StageId.TLS).evidence if each.kind is kind]


def words(cause: Cause[CauseId]) -> str:
    return " ".join((cause.explanation, *cause.actions))


@pytest.mark.parametrize("scenario", SCENARIOS, ids=attrgetter("id"))
def test_scenario(tls_servers: Servers, certificates: Certificates, scenario: Scenario) -> None:
    target = tls_target(
        tls_servers.port_of(scenario.server), scenario.ask(certificates), scenario.patience_s
    )
    report = diagnose(target)
    assert (report.verdict.status, report.verdict.stage) == (scenario.status, scenario.stage)
    assert tuple((cause.id, cause.confidence) for cause in report.causes) == scenario.causes
    assert exit_code(report) is scenario.exit_code
    assert scenario.says in report.verdict.title


def test_a_proven_cause_has_only_proven_ones_beside_it() -> None:
    """Several errors of one certificate are all proven. Otherwise only one cause is proven."""
    for scenario in SCENARIOS:
        proven = [cause for cause, sure in scenario.causes if sure is Confidence.PROVEN]
        assert not proven or len(scenario.causes) == len(proven), scenario.id
        assert len(proven) < 2 or all(cause.startswith("tls.cert-") for cause in proven)


def test_the_cause_quotes_openssl(meet: Meet) -> None:
    (cause,) = meet(PythonServer(attrgetter("for_clients_only")), ask()).causes
    assert cause.id == "tls.cert-invalid"
    assert "unsuitable certificate purpose" in cause.explanation
    assert "CN=for-clients-only" in cause.explanation


@pytest.mark.parametrize(
    ("own_certificate", "said"),
    [
        ("expired_client", "CN=expired-client expired 2 days ago, on 20"),
        ("client_not_yet_valid", "CN=client-not-yet-valid is valid only from 20"),
        ("client_ends_soon", "CN=client-ends-soon expires in 10 days, on 20"),
    ],
)
def test_the_own_certificate_is_checked_before_anything_is_sent(
    meet: Meet, own_certificate: str, said: str
) -> None:
    """A server that does not request it does not refuse it, so the run does not fail."""
    report = meet(PythonServer(), ask(showing=attrgetter(own_certificate)))
    assert report.verdict.status is VerdictStatus.OK
    stage = report.stage(StageId.PROFILE)
    assert stage.status is Status.WARNING
    assert stage.summary.startswith(f"tls: your certificate {said}")


def test_says_nothing_about_a_valid_own_certificate(meet: Meet) -> None:
    report = meet(PythonServer(client_certificate=REQUIRED), ask(showing=CLIENT))
    assert report.stage(StageId.PROFILE).status is Status.PASSED


def test_an_expired_own_certificate_is_named_if_the_peer_refuses_it(meet: Meet) -> None:
    report = meet(
        PythonServer(client_certificate=REQUIRED), ask(showing=attrgetter("expired_client"))
    )
    assert [cause.id for cause in report.causes] == ["tls.client-cert-refused"]
    assert "expired 2 days ago" in report.stage(StageId.PROFILE).summary


@pytest.mark.parametrize("scenario", WARNINGS, ids=attrgetter("id"))
def test_a_channel_with_a_warning_is_never_ok(
    tls_servers: Servers, certificates: Certificates, scenario: Scenario
) -> None:
    settings = scenario.ask(certificates)
    report = diagnose(tls_target(tls_servers.port_of(scenario.server), settings))
    assert report.stage(StageId.TLS).status is Status.WARNING
    assert report.stage(StageId.ECHO).status is Status.PASSED
    assert not any("encrypted" in sentence for sentence in report.proven)


def test_a_successful_check_proves_the_channel(meet: Meet) -> None:
    report = meet(PythonServer(), ask())
    assert any("the connection is encrypted" in sentence for sentence in report.proven)


@pytest.mark.parametrize("mistake", LOCAL_MISTAKES, ids=attrgetter("id"))
def test_a_local_mistake_is_found_before_connecting(
    certificates: Certificates, mistake: LocalMistake
) -> None:
    with socket.create_server((HOST, 0)) as listener:
        report = diagnose(tls_target(listener.getsockname()[1], mistake.ask(certificates)))
        listener.setblocking(False)
        with pytest.raises(BlockingIOError):
            listener.accept()
    assert (report.verdict.status, report.verdict.stage) == (VerdictStatus.FAILED, StageId.PROFILE)
    assert exit_code(report) is ExitCode.PROFILE
    (cause,) = report.causes
    assert (cause.id, cause.confidence) == ("profile.tls-file-invalid", Confidence.PROVEN)
    assert mistake.says in report.verdict.title
    assert report.verdict.title in words(cause)


@pytest.mark.parametrize(
    "opened",
    [
        pytest.param({"passphrase": PASSPHRASE}, id="typed"),
        pytest.param({"env": "DCMECHO_TEST_PASSPHRASE"}, id="environment"),
        pytest.param({"command": f"printf '%s\\n' {PASSPHRASE}"}, id="command"),
    ],
)
def test_the_right_passphrase_opens_the_key(
    tls_servers: Servers,
    certificates: Certificates,
    monkeypatch: pytest.MonkeyPatch,
    opened: dict[str, str],
) -> None:
    monkeypatch.setenv("DCMECHO_TEST_PASSPHRASE", PASSPHRASE)
    credential = attrgetter("encrypted_client.cert_file"), attrgetter("encrypted_client.key_file")
    settings = replace(
        own(*credential, **opened)(certificates),  # type: ignore[arg-type]
        ca_files=(str(certificates.ca_file),),
    )
    port = tls_servers.port_of(PythonServer(client_certificate=REQUIRED))
    assert diagnose(tls_target(port, settings)).verdict.status is VerdictStatus.OK


class TestEvidence:
    def test_version_cipher_and_profile(self, meet: Meet) -> None:
        (established,) = evidence(meet(PythonServer(), ask()), EvidenceKind.TLS_ESTABLISHED)
        assert established.data["version"] == "TLSv1.3"
        assert established.data["cipher"] == "TLS_AES_256_GCM_SHA384"
        assert "B.12" in str(established.data["profile"])

    def test_an_old_version_meets_no_profile(self, meet: Meet) -> None:
        report = meet(PythonServer(versions=OLD), ask(minimum_version=TlsVersion.TLS_1_0))
        (established,) = evidence(report, EvidenceKind.TLS_ESTABLISHED)
        assert "TLSv1.1 is forbidden by RFC 8996" in str(established.data["profile"])

    def test_the_chain_as_sent_and_what_was_added(
        self, meet: Meet, certificates: Certificates
    ) -> None:
        own, intermediate, root = (
            each.data for each in evidence(meet(PythonServer(), ask()), _CERTIFICATE)
        )
        assert own["subject"] == "CN=server"
        assert own["issuer"] == intermediate["subject"] == certificates.intermediate.subject
        assert (
            intermediate["issuer"] == root["subject"] == root["issuer"] == certificates.root.subject
        )
        assert own["names"] == ["archive.hospital.test", "127.0.0.1"]
        assert own["key"] == "EC secp256r1"
        assert own["days_left"] in (364, 365)
        assert own["valid_today"] is True
        assert [each["sent"] for each in (own, intermediate, root)] == [True, True, False]

    @pytest.mark.parametrize(
        ("server", "valid_today", "says"),
        [
            ("expired", False, "expired 2 days ago"),
            ("not_yet_valid", False, "becomes valid in 2 days, expires in 36"),
            ("weak", True, "RSA 1024"),
            ("of_another_host", True, "other.hospital.test, 192.0.2.7"),
        ],
    )
    def test_a_refused_certificate_is_shown(
        self, meet: Meet, server: str, valid_today: bool, says: str
    ) -> None:
        report = meet(PythonServer(attrgetter(server)), ask())
        own = evidence(report, _CERTIFICATE)[0]
        assert own.data["valid_today"] is valid_today
        assert says in own.text

    @pytest.mark.parametrize(
        ("server", "trusting", "missing"),
        [
            ("without_intermediate", "ca_file", "CN=Hospital Radiology CA"),
            ("without_intermediate", "stranger_ca_file", "CN=Hospital Radiology CA"),
            ("without_intermediate", "intermediate_file", "CN=Hospital Root CA"),
            ("server", "stranger_ca_file", "CN=Hospital Root CA"),
            ("with_root", "stranger_ca_file", "CN=Hospital Root CA"),
            ("with_unrelated", "stranger_ca_file", "CN=Hospital Root CA"),
        ],
    )
    def test_the_missing_certificate_is_named(
        self, meet: Meet, server: str, trusting: str, missing: str
    ) -> None:
        report = meet(PythonServer(attrgetter(server)), ask(trusting=trusting))
        (failure,) = evidence(report, EvidenceKind.TLS_FAILED)
        assert failure.data["missing"] == missing
        assert f"Missing: {missing}." in report.causes[0].explanation

    @pytest.mark.parametrize(
        ("server", "says"),
        [("expired", ", 2 days ago."), ("not_yet_valid", " 2 days from now.")],
    )
    def test_the_text_counts_the_days(self, meet: Meet, server: str, says: str) -> None:
        (cause,) = meet(PythonServer(attrgetter(server)), ask()).causes
        assert says in cause.explanation

    def test_a_wrong_name_is_shown_with_the_expected_one(self, meet: Meet) -> None:
        (cause,) = meet(PythonServer(), ask(server_name="pacs.hospital.test")).causes
        assert "You asked for pacs.hospital.test" in cause.explanation
        assert "is for archive.hospital.test, 127.0.0.1" in cause.explanation

    @pytest.mark.parametrize(
        ("server", "showing", "sent"),
        [
            (PythonServer(), CLIENT, None),
            (PythonServer(client_certificate=REQUIRED), CLIENT, True),
            (PythonServer(client_certificate=REQUIRED), None, False),
            (Storescp(REQUIRED), CLIENT, True),
            (Storescp(REQUIRED), STRANGER, True),
            (OpenSslServer(options=("-Verify", "2")), None, False),
        ],
    )
    def test_whether_a_client_certificate_was_requested_and_sent(
        self,
        meet: Meet,
        server: Server,
        showing: Callable[[Certificates], object] | None,
        sent: bool | None,
    ) -> None:
        report = meet(server, ask(showing=showing))  # type: ignore[arg-type]
        asked = evidence(report, EvidenceKind.TLS_CLIENT_CERTIFICATE)
        assert [each.data["sent"] for each in asked] == ([] if sent is None else [sent])

    @pytest.mark.parametrize(
        ("server", "asking", "from_peer", "from_us"),
        [
            (PythonServer(attrgetter("expired")), ask(), [], ["certificate_expired"]),
            (PythonServer(attrgetter("self_signed")), ask(), [], ["unknown_ca"]),
            (PythonServer(client_certificate=REQUIRED), ask(), ["certificate_required"], []),
            (Storescp(REQUIRED), ask(showing=STRANGER), ["unknown_ca"], []),
            (PythonServer(versions=OLD), ask(), ["protocol_version"], []),
        ],
    )
    def test_which_alert_came_from_which_side(
        self, meet: Meet, server: Server, asking: Ask, from_peer: list[str], from_us: list[str]
    ) -> None:
        (failure,) = evidence(meet(server, asking), EvidenceKind.TLS_FAILED)
        assert failure.data["peer_alerts"] == from_peer
        assert failure.data["our_alerts"] == from_us

    def test_the_text_names_the_side(self, meet: Meet) -> None:
        (cause,) = meet(PythonServer(refuses_every_name=True), ask(server_name="x.test")).causes
        assert "unrecognized_name, sent by the peer" in cause.explanation


_CERTIFICATE = EvidenceKind.TLS_CERTIFICATE
