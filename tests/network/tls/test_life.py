"""A TLS run from start to end: secrets, cancelling, leftovers, many C-ECHOs."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from dcmecho.diagnosis.events import Event
from dcmecho.diagnosis.run_options import RunOptions
from dcmecho.diagnosis.stage import StageId
from dcmecho.diagnosis.target.tls import TlsSettings
from dcmecho.diagnosis.verdict import VerdictStatus
from dcmecho.dicom.runs.workers import start
from dcmecho.exit_codes import ExitCode, exit_code
from dcmecho.lab.behaviour import Hold, Script
from dcmecho.report import diagnose as diagnose_text
from dcmecho.report import steps
from dcmecho.report.json import diagnose as diagnose_json
from tests.network.diagnose.diagnosing import diagnose
from tests.network.diagnose.test_cancel import (
    CANCEL_DEADLINE_S,
    PATIENCE_S,
    Watched,
    patient,
    sockets,
)
from tests.network.peers.scripted import lab_of
from tests.network.tls import peer as tls_peer
from tests.network.tls.certificates import PASSPHRASE, WRONG_PASSPHRASE, Certificates
from tests.network.tls.scenario import CLIENT, OPTIONAL, REQUIRED, Ask, ask, tls_target
from tests.network.tls.servers import (
    OpenSslServer,
    OrthancServer,
    PlainStorescp,
    PythonServer,
    Server,
    Servers,
    Storescp,
)

VARIABLE = "DCMECHO_TEST_PASSPHRASE"


class TestCancel:
    def test_an_unanswered_handshake(self, certificates: Certificates) -> None:
        threads, before = our_threads(), sockets()
        # The peer's own sockets are closed with it, so any left belong to dcmecho.
        with lab_of(Script((Hold(),))) as peer:
            (target,) = peer.targets()
            watched = Watched(patient(replace(target, tls=ask()(certificates))))
            watched.until_waiting_at(StageId.TLS)

            watched.run.cancel()
            report = watched.run.join(CANCEL_DEADLINE_S)

        assert report is not None, "the run goes on after it was cancelled"
        assert (report.verdict.status, report.verdict.stage) == (
            VerdictStatus.CANCELLED,
            StageId.TLS,
        )
        assert exit_code(report) is ExitCode.INTERRUPTED
        assert report.causes == ()
        assert our_threads() <= threads
        assert sockets() <= before

    def test_a_passphrase_command_that_does_not_end(
        self, certificates: Certificates, tmp_path: Path
    ) -> None:
        began = tmp_path / "began"
        os.mkfifo(began)
        settings = TlsSettings(
            cert_file=str(certificates.encrypted_client.cert_file),
            key_file=str(certificates.encrypted_client.key_file),
            passphrase_command=f"echo > '{began}'; exec sleep 60",
        )
        watched = Watched(tls_target(1, settings))
        began.read_text()
        watched.run.cancel()
        report = watched.run.join(CANCEL_DEADLINE_S)
        assert report is not None, "the run waits for the command"
        assert (report.verdict.status, report.verdict.stage) == (
            VerdictStatus.CANCELLED,
            StageId.PROFILE,
        )

    def test_a_request_that_gets_only_session_tickets(
        self, tls_servers: Servers, certificates: Certificates
    ) -> None:
        port = tls_servers.port_of(PythonServer(act=tls_peer.send_tickets_and_hold))
        watched = Watched(patient(tls_target(port, ask()(certificates))))
        watched.until_waiting_at(StageId.ASSOCIATE)
        watched.run.cancel()
        report = watched.run.join(CANCEL_DEADLINE_S)
        assert report is not None
        assert report.verdict.status is VerdictStatus.CANCELLED


def our_threads() -> set[threading.Thread]:
    """Return the running threads, except those of the test's own servers."""
    return {each for each in threading.enumerate() if each.name != tls_peer.THREADS}


@pytest.mark.parametrize(
    ("server", "asking"),
    [
        pytest.param(Storescp(REQUIRED), ask(showing=CLIENT), id="works"),
        pytest.param(Storescp(REQUIRED), ask(), id="refuses after the handshake"),
        pytest.param(OpenSslServer(), ask(trusting="stranger_ca_file"), id="not trusted"),
        pytest.param(PlainStorescp(), ask(), id="plain"),
    ],
)
def test_no_thread_and_no_socket_is_left(
    tls_servers: Servers, certificates: Certificates, server: Server, asking: Ask
) -> None:
    target = tls_target(tls_servers.port_of(server), asking(certificates))
    diagnose(target)
    threads, before = our_threads(), sockets()
    for _ in range(3):
        diagnose(target)
    assert our_threads() <= threads
    assert sockets() <= before


@pytest.mark.parametrize(
    "server", [Storescp(OPTIONAL), OrthancServer(OPTIONAL), PythonServer()], ids=str
)
def test_many_c_echos_on_one_association(
    tls_servers: Servers, certificates: Certificates, server: Server
) -> None:
    target = tls_target(tls_servers.port_of(server), ask()(certificates))
    report = start(target, lambda _event: None, RunOptions(repeat=20)).join(PATIENCE_S)
    assert report is not None
    assert report.verdict.title == "20 times C-ECHO-RSP 0x0000, success"


def test_no_limit_on_a_blocked_read(tls_servers: Servers, certificates: Certificates) -> None:
    target = tls_target(tls_servers.port_of(PythonServer()), ask()(certificates))
    report = start(target, lambda _event: None, RunOptions(socket_timeout_s=0)).join(PATIENCE_S)
    assert report is not None
    assert report.verdict.status is VerdictStatus.OK


def printed(events: list[Event]) -> Iterator[str]:
    """Return the output of a run in every format."""
    for event in events:
        yield diagnose_json.render_event(event)
        yield from steps.steps(event)
        yield from steps.details(event)


class TestSecrets:
    @pytest.mark.parametrize(
        "secret",
        [
            pytest.param(TlsSettings(passphrase=PASSPHRASE), id="typed"),
            pytest.param(TlsSettings(passphrase_env=VARIABLE), id="environment"),
            pytest.param(TlsSettings(passphrase_command=f"echo {PASSPHRASE}"), id="command"),
            pytest.param(
                TlsSettings(passphrase_command=f"echo {PASSPHRASE} >&2; exit 3"),
                id="failing command",
            ),
            pytest.param(TlsSettings(passphrase=WRONG_PASSPHRASE), id="wrong"),
            pytest.param(TlsSettings(passphrase=WRONG_PASSPHRASE * 50), id="too long"),
            pytest.param(TlsSettings(passphrase=WRONG_PASSPHRASE + "\udcff"), id="no text"),
            pytest.param(
                TlsSettings(passphrase_command=f"echo {WRONG_PASSPHRASE}"), id="wrong command"
            ),
        ],
    )
    @pytest.mark.parametrize("server", [Storescp(REQUIRED), PlainStorescp()], ids=str)
    def test_no_output_shows_a_secret(
        self,
        tls_servers: Servers,
        certificates: Certificates,
        monkeypatch: pytest.MonkeyPatch,
        capfd: pytest.CaptureFixture[str],
        secret: TlsSettings,
        server: Server,
    ) -> None:
        monkeypatch.setenv(VARIABLE, PASSPHRASE)
        settings = replace(
            secret,
            ca_files=(str(certificates.ca_file),),
            cert_file=str(certificates.encrypted_client.cert_file),
            key_file=str(certificates.encrypted_client.key_file),
        )
        events: list[Event] = []
        target = tls_target(tls_servers.port_of(server), settings)
        report = start(target, events.append).join(PATIENCE_S)
        assert report is not None
        shown = "\n".join(
            (*printed(events), diagnose_json.render(report), diagnose_text.render(report))
        )
        assert "ClientHello" in shown or "tls-file-invalid" in shown
        assert PASSPHRASE not in shown
        assert WRONG_PASSPHRASE not in shown
        assert capfd.readouterr() == ("", "")

    def test_settings_do_not_show_a_typed_secret(self) -> None:
        assert PASSPHRASE not in repr(TlsSettings(passphrase=PASSPHRASE))
