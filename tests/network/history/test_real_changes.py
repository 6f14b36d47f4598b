"""Real changes between two checks of a real server: each is named as what changed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from dcmecho.diagnosis.history.compared import Compared
from tests.network.history.remembering import Remembering
from tests.network.peers import dcmtk, orthanc
from tests.network.peers.real_peers import (
    REGISTERED,
    RealPeer,
    require_program,
    running,
    unused_port,
)
from tests.network.tls.certificates import Certificates, Credential

_PYNETDICOM = """
import sys
from pynetdicom import AE
ae = AE()
ae.add_supported_context("1.2.840.10008.1.1")
ae.implementation_version_name = sys.argv[1]
ae.start_server(("127.0.0.1", int(sys.argv[2])))
"""


def pynetdicom_of(version: str, port: int, folder: Path) -> AbstractContextManager[RealPeer]:
    """Run a server made with pynetdicom that gives itself this version."""

    def command(at: int) -> list[str]:
        return [sys.executable, "-c", _PYNETDICOM, version, str(at)]

    return running(command, folder, port)


@contextmanager
def storescp(folder: Path, port: int, *options: str) -> Iterator[RealPeer]:
    """Run DCMTK's storescp with these options, on this port."""
    program = require_program("storescp", "dcmtk")
    with running(lambda at: [program, "--ignore", *options, str(at)], folder, port) as peer:
        yield peer


@pytest.fixture
def main_pacs(tmp_path: Path) -> Remembering:
    return Remembering(tmp_path, unused_port())


def test_the_control_nothing_has_changed(main_pacs: Remembering, tmp_path: Path) -> None:
    with storescp(tmp_path, main_pacs.port):
        main_pacs.check()
        told = main_pacs.check()
    assert (told.status, told.since) == ("ok", {})
    assert told.report["history"]["runs"] == 1
    assert not [line for line in told.lines if line.startswith(("since", "works"))]


def test_another_implementation_version(main_pacs: Remembering, tmp_path: Path) -> None:
    with pynetdicom_of("ARCHIVE_1", main_pacs.port, tmp_path):
        main_pacs.check()
    with pynetdicom_of("ARCHIVE_2", main_pacs.port, tmp_path):
        told = main_pacs.check()
    assert told.since == {Compared.SOFTWARE: ("ARCHIVE_1", "ARCHIVE_2")}
    assert "since peer software ARCHIVE_1 -> ARCHIVE_2" in told.lines


def test_another_maximum_length(main_pacs: Remembering, tmp_path: Path) -> None:
    with storescp(tmp_path, main_pacs.port):
        main_pacs.check()
    with storescp(tmp_path, main_pacs.port, "--max-pdu", "4096"):
        told = main_pacs.check()
    assert told.since == {Compared.MAX_PDU: (16384, 4096)}
    assert "since peer max PDU 16384 -> 4096" in told.lines


def test_a_withdrawn_transfer_syntax(main_pacs: Remembering, tmp_path: Path) -> None:
    with storescp(tmp_path, main_pacs.port):
        main_pacs.check("--services")
    with storescp(tmp_path, main_pacs.port, "+xi"):
        told = main_pacs.check("--services")
    before, after = told.since[Compared.ACCEPTED]
    assert before
    assert len(before) == len(after)
    assert "CT Image Storage: impl, expl" in before
    assert "CT Image Storage: impl" in after
    assert any(line.startswith("since accepts ") for line in told.lines)


def test_an_edited_title(main_pacs: Remembering, tmp_path: Path) -> None:
    with orthanc.orthanc(tmp_path, orthanc.CHECKS_CALLED_TITLE, main_pacs.port):
        main_pacs.check()
        main_pacs.called_ae = "MAIN_PAC5"
        told = main_pacs.check()
    assert told.since[Compared.CALLED_AE] == ("MAIN_PACS", "MAIN_PAC5")
    assert told.causes[0] == ("ae.called-unknown", "likely")
    assert "since called AE MAIN_PACS -> MAIN_PAC5 (our profile)" in told.lines


def test_an_edited_host_table_and_what_made_it_work_again(
    main_pacs: Remembering, tmp_path: Path
) -> None:
    with dcmqrscp(tmp_path / "before", main_pacs.port):
        main_pacs.check()
    with dcmqrscp(tmp_path / "edited", main_pacs.port, edited=True):
        failed = main_pacs.check()
    assert failed.since == {Compared.ASSOCIATION: ("accepted", "rejected 1/1/7")}
    assert "since association accepted -> rejected 1/1/7" in failed.lines
    assert "same our profile, our address and the peer's address" in failed.lines
    assert "accepted with the same values" in failed.explanation
    assert "proven" not in [sure for _, sure in failed.causes]
    with dcmqrscp(tmp_path / "again", main_pacs.port):
        again = main_pacs.check()
    assert again.report["history"]["last_failure"] is not None
    assert again.since == {Compared.ASSOCIATION: ("rejected 1/1/7", "accepted")}
    assert any(line.startswith("works again: it failed today") for line in again.lines)


def dcmqrscp(folder: Path, port: int, *, edited: bool = False) -> AbstractContextManager[RealPeer]:
    folder.mkdir()
    return dcmtk.dcmqrscp(folder, port, "ANOTHER_STATION" if edited else REGISTERED)


def test_a_moved_port_and_the_profile_after_it(main_pacs: Remembering, tmp_path: Path) -> None:
    left, moved = main_pacs.port, unused_port()
    with storescp(tmp_path, left):
        main_pacs.check()
    with storescp(tmp_path, moved):
        gone = main_pacs.check()
        main_pacs.port = moved
        again = main_pacs.check()
    assert gone.since[Compared.TCP] == ("open", "Connection refused")
    assert gone.causes[0] == ("tcp.refused", "proven")
    assert again.since[Compared.PORT] == (left, moved)
    assert f"since port {left} -> {moved} (our profile)" in again.lines


class TestCertificates:
    """A real storescp with TLS, whose certificate is another one."""

    @pytest.fixture
    def main_pacs(self, tmp_path: Path, certificates: Certificates) -> Remembering:
        tls = f'[target.tls]\nca_file = "{certificates.ca_file}"\n'
        return Remembering(tmp_path, unused_port(), tls=tls)

    def test_a_renewed_certificate(
        self, main_pacs: Remembering, tmp_path: Path, certificates: Certificates
    ) -> None:
        with secured(tmp_path, main_pacs.port, certificates.server):
            main_pacs.check()
        with secured(tmp_path, main_pacs.port, certificates.renewed):
            told = main_pacs.check()
        assert told.status == "ok"
        assert set(told.since) == {
            Compared.CERTIFICATE_SERIAL,
            Compared.CERTIFICATE_START,
            Compared.CERTIFICATE_END,
        }
        assert any(line.startswith("since cert. serial ") for line in told.lines)
        assert all(len(line) <= 100 for line in told.text.splitlines() if ".. -> " in line)

    def test_another_authority(
        self, main_pacs: Remembering, tmp_path: Path, certificates: Certificates
    ) -> None:
        with secured(tmp_path, main_pacs.port, certificates.server):
            main_pacs.check()
        with secured(tmp_path, main_pacs.port, certificates.of_stranger):
            told = main_pacs.check()
        before, after = told.since[Compared.CERTIFICATE_ISSUER]
        assert (before, after) == ("CN=Hospital Radiology CA", "CN=Stranger CA")
        assert told.causes[0] == ("tls.cert-unknown-issuer", "proven")
        assert f"issued by {before} -> {after}. " in told.explanation
        assert f"since issued by {before} -> {after}" in told.lines


def secured(folder: Path, port: int, own: Credential) -> AbstractContextManager[RealPeer]:
    return storescp(folder, port, "+tls", str(own.key_file), str(own.cert_file), "-ic")


def test_a_watch_begins_with_what_is_known(tmp_path: Path) -> None:
    port = unused_port()
    site = Remembering(tmp_path, port)
    site.check()
    words = [sys.executable, "-m", "dcmecho", "watch", "Main PACS", "--count", "1"]
    words += ["--profiles", str(tmp_path / "profiles.toml")]
    words += ["--history", str(tmp_path / "history.db")]
    with pynetdicom_of("ANY_1", port, tmp_path):
        told = subprocess.run(words, capture_output=True, text=True, timeout=50, check=True)
        again = subprocess.run(words, capture_output=True, text=True, timeout=50, check=True)
    assert "it was failed at TCP when last checked, " in told.stdout
    assert "; now ok: C-ECHO-RSP 0x0000, success" in told.stdout
    assert "last checked" not in again.stdout
