"""The lab starts, stops and names its ports, and the demo's file lists all of it."""

from __future__ import annotations

import os
import socket
import threading
import tomllib
from contextlib import closing
from dataclasses import replace
from itertools import groupby
from operator import attrgetter
from pathlib import Path

import pytest

from dcmecho.diagnosis.target.tls import TlsSettings
from dcmecho.diagnosis.verdict import VerdictStatus
from dcmecho.lab.peers import PEERS
from dcmecho.lab.ports import PortInUseError, Ports
from dcmecho.lab.profiles import demo_profiles_toml
from dcmecho.lab.server import Lab
from dcmecho.lab.tls.files import KEPT_IN
from tests.network.diagnose.diagnosing import diagnose
from tests.network.listen.raw_client import assert_ended, associate_rq

HEALTHY, *_ = PEERS
OVER_TLS = [peer for peer in PEERS if peer.tls]


def files_of(lab: Lab) -> set[Path]:
    """Return the TLS files of the lab's targets."""
    tables = [target.tls for target in lab.targets() if target.tls]
    named = [path for tls in tables for path in (*tls.ca_files, tls.cert_file, tls.key_file)]
    return {Path(path) for path in named if path}


def open_descriptors() -> set[str]:
    return set(os.listdir("/proc/self/fd"))


def taken_port() -> socket.socket:
    """Return a listener on a free port."""
    return socket.create_server(("127.0.0.1", 0))


class TestStopping:
    def test_leaves_no_thread_and_no_socket(self) -> None:
        threads, descriptors = set(threading.enumerate()), open_descriptors()
        with Lab():
            assert set(threading.enumerate()) > threads
        assert set(threading.enumerate()) == threads
        assert open_descriptors() == descriptors

    def test_ends_open_connections(self) -> None:
        descriptors = open_descriptors()
        with Lab() as lab:
            address = ("127.0.0.1", lab.port_of("silent"))
            connections = [socket.create_connection(address, timeout=20) for _ in range(5)]
        for connection in connections:
            with connection:
                assert_ended(connection)
        assert open_descriptors() == descriptors

    def test_ends_connections_in_the_middle_of_a_pdu(self) -> None:
        with Lab() as lab:
            address = ("127.0.0.1", lab.port_of("healthy"))
            connection = socket.create_connection(address, timeout=20)
            connection.sendall(associate_rq()[:50])
        with connection:
            assert_ended(connection)

    def test_twice_or_before_the_start_does_no_harm(self) -> None:
        lab = Lab()
        lab.stop()
        lab.start()
        lab.stop()
        lab.stop()
        with pytest.raises(KeyError):
            lab.port_of("healthy")

    def test_a_stopped_lab_starts_again(self) -> None:
        lab = Lab((HEALTHY,))
        for _ in range(2):
            with lab, socket.create_connection(("127.0.0.1", lab.port_of("healthy"))):
                pass


class TestFixedPorts:
    def test_are_those_of_the_table(self) -> None:
        with closing(taken_port()) as listener:
            port = listener.getsockname()[1]
        with Lab((replace(HEALTHY, port=port),), Ports.FIXED) as lab:
            assert lab.port_of("healthy") == port

    def test_can_be_taken_again_at_once(self) -> None:
        with closing(taken_port()) as listener:
            port = listener.getsockname()[1]
        for _ in range(2):
            with Lab((replace(HEALTHY, port=port),), Ports.FIXED):
                connection = socket.create_connection(("127.0.0.1", port), timeout=20)
            with connection:
                assert_ended(connection)

    def test_in_use_names_port_and_peer_and_holds_nothing(self) -> None:
        descriptors = open_descriptors()
        with closing(taken_port()) as listener:
            port = listener.getsockname()[1]
            peers = (replace(PEERS[1], port=0), replace(HEALTHY, port=port))
            with pytest.raises(PortInUseError) as raised, Lab(peers, Ports.FIXED):
                pytest.fail("started on a port that is in use")
        assert f"port {port} " in str(raised.value)
        assert "'Healthy archive'" in str(raised.value)
        assert open_descriptors() == descriptors


class TestCertificates:
    def test_of_free_ports_are_for_this_user_and_gone_at_the_end(self) -> None:
        with Lab(OVER_TLS) as lab:
            files = files_of(lab)
            (folder,) = {path.parent for path in files}
            assert {path.stat().st_mode & 0o077 for path in (folder, *files)} == {0}
        assert not folder.exists()

    def test_of_fixed_ports_stay_where_a_profile_file_can_name_them(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("HOME", str(tmp_path))
        made = []
        for _ in range(2):
            with Lab([replace(peer, port=0) for peer in OVER_TLS], Ports.FIXED) as lab:
                files = files_of(lab)
                assert diagnose(lab.targets()[0]).verdict.status is VerdictStatus.OK
            made.append({path.read_bytes() for path in files})
            assert {path.parent for path in files} == {Path(KEPT_IN).expanduser()}
            assert {path.stat().st_mode & 0o077 for path in files} == {0}
        assert made[0] != made[1]

    def test_that_cannot_be_made_leave_no_thread_and_no_socket(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        threads, descriptors = set(threading.enumerate()), open_descriptors()
        (tmp_path / ".local").write_text("in the way")
        monkeypatch.setenv("HOME", str(tmp_path))
        peers = [replace(peer, port=0) for peer in OVER_TLS]
        with pytest.raises(NotADirectoryError), Lab(peers, Ports.FIXED):
            pytest.fail("no certificates")
        assert set(threading.enumerate()) == threads
        assert open_descriptors() == descriptors


class TestTheTable:
    def test_the_sentence_of_every_guide_meets_the_healthy_archive(self) -> None:
        assert (HEALTHY.id, HEALTHY.port) == ("healthy", 11112)
        assert (HEALTHY.calling_ae, HEALTHY.called_ae) == ("MY_WORKSTATION", "TARGET_PACS")

    def test_names_and_ports_are_given_once(self) -> None:
        for value_of in (attrgetter("id"), attrgetter("name"), attrgetter("port")):
            assert len({value_of(peer) for peer in PEERS}) == len(PEERS)

    def test_the_peers_of_a_group_stand_together(self) -> None:
        groups = [group for group, _ in groupby(PEERS, key=attrgetter("group"))]
        assert len(groups) == len(set(groups))

    def test_stories_are_one_line(self) -> None:
        for peer in PEERS:
            assert peer.story.isprintable()
            assert peer.story


def tls_table(tls: TlsSettings) -> dict[str, object]:
    """Return the table ``tls`` of the demo's file."""
    (ca_file,) = tls.ca_files
    own = {"cert_file": tls.cert_file, "key_file": tls.key_file} if tls.cert_file else {}
    return {"tls": {"ca_file": ca_file, **own}}


class TestTheDemoFile:
    def test_lists_every_target(self, lab: Lab) -> None:
        document = tomllib.loads(demo_profiles_toml(lab.targets()))
        listed = [document["defaults"] | target for target in document["target"]]
        assert listed == [
            {
                "name": target.name,
                "group": target.group,
                "notes": target.notes,
                "host": "127.0.0.1",
                "port": target.port,
                "called_ae": target.called_ae,
                "calling_ae": target.calling_ae,
                "connect_timeout_s": target.connect_timeout_s,
                "acse_timeout_s": target.acse_timeout_s,
                "dimse_timeout_s": target.dimse_timeout_s,
                **(tls_table(target.tls) if target.tls else {}),
            }
            for target in lab.targets()
        ]

    def test_repeats_what_a_target_says_otherwise(self, lab: Lab) -> None:
        first, second, *_ = lab.targets()
        text = demo_profiles_toml((first, replace(second, calling_ae='ODD "TITLE"')))
        document = tomllib.loads(text)
        assert "calling_ae" not in document["target"][0]
        assert document["target"][1]["calling_ae"] == 'ODD "TITLE"'

    def test_is_commented(self, lab: Lab) -> None:
        assert demo_profiles_toml(lab.targets()).startswith("# ")
