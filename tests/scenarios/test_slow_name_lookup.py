"""A real storescp that looks its callers up in a name server that does not answer."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from dcmecho.diagnosis.cause import CauseId
from dcmecho.diagnosis.stage import StageId
from dcmecho.diagnosis.verdict import VerdictStatus
from dcmecho.exit_codes import ExitCode, NagiosCode
from tests.network.peers.real_peers import RealPeer, require_program, running
from tests.scenarios.addresses import ARCHIVE_IPV4, NAME_SERVER
from tests.scenarios.command_line import ELSEWHERE, likely, possible, run
from tests.scenarios.namespaces import Site

NO_ANSWERS = ("udp dport 53 drop",)
SHORT_TIMERS = "timeout:1 attempts:1"
LONG_TIMERS = "timeout:10 attempts:1"


@contextmanager
def storescp(site: Site, folder: Path, timers: str, *options: str) -> Iterator[RealPeer]:
    """Run DCMTK's storescp, with a name server that does not answer, on the archive's machine."""
    program = require_program("storescp", "dcmtk")
    site.archive.asks(NAME_SERVER, timers)
    with (
        site.archive.firewall(inbound=NO_ANSWERS),
        running(lambda port: site.archive.command(program, *options, str(port)), folder) as peer,
    ):
        yield peer


@pytest.fixture
def waiting(site: Site, tmp_path: Path) -> Iterator[RealPeer]:
    with storescp(site, tmp_path, SHORT_TIMERS) as peer:
        yield peer


def test_a_slow_association_is_a_warning_with_its_cause(site: Site, waiting: RealPeer) -> None:
    said = run(ARCHIVE_IPV4, str(waiting.port), on=site.workstation.command)
    assert said.exit_code is ExitCode.OK
    assert (said.status, said.stage) == (VerdictStatus.WARNING, StageId.ASSOCIATE)
    assert "other programs give up after 5 or 10 s" in said.report["verdict"]["title"]
    assert said.causes == (likely(CauseId.PEER_NAME_LOOKUP), possible(CauseId.PEER_SLOW))
    assert "a DICOM application answers on that port" in said.report["proven"]


def test_monitoring_warns_with_the_time_of_the_association(site: Site, waiting: RealPeer) -> None:
    words = (sys.executable, "-m", "dcmecho", "--format", "nagios", ARCHIVE_IPV4, str(waiting.port))
    done = subprocess.run(
        site.workstation.command(*words), capture_output=True, text=True, check=False, cwd=ELSEWHERE
    )
    assert done.returncode == NagiosCode.WARNING
    assert done.stdout.startswith("DCMECHO WARNING - ")
    assert " association=" in done.stdout


def test_the_watch_logs_the_time_of_the_association(
    site: Site, waiting: RealPeer, tmp_path: Path
) -> None:
    profiles = tmp_path / "profiles.toml"
    profiles.write_text(
        f'[[target]]\nname = "PACS"\nhost = "{ARCHIVE_IPV4}"\nport = {waiting.port}\n'
        'called_ae = "PACS"\ncalling_ae = "WS"\n'
    )
    words = (sys.executable, "-m", "dcmecho", "watch", "PACS", "--count", "1")
    options = ("--profiles", str(profiles), "--format", "jsonl")
    done = subprocess.run(
        site.workstation.command(*words, *options), capture_output=True, text=True, check=False
    )
    sample, summary = map(json.loads, done.stdout.splitlines())
    assert sample["status"] == "warning"
    assert sample["causes"] == ["peer.name-lookup", "peer.slow"]
    (watched,) = summary["targets"]
    assert watched["association"]["median_ms"] == sample["association_ms"]


def test_with_longer_timers_the_peer_has_the_request_and_says_nothing(
    site: Site, tmp_path: Path
) -> None:
    with storescp(site, tmp_path, LONG_TIMERS) as peer:
        said = run("-ta", "2", ARCHIVE_IPV4, str(peer.port), on=site.workstation.command)
    assert said.exit_code is ExitCode.NOT_DICOM
    assert said.causes == (
        likely(CauseId.PEER_SILENT),
        possible(CauseId.PEER_NAME_LOOKUP),
        possible(CauseId.PEER_IS_HTTP),
        possible(CauseId.PEER_IS_TLS),
        possible(CauseId.PEER_IS_OTHER),
    )


def test_what_the_report_says_to_set_mends_it(site: Site, tmp_path: Path) -> None:
    with storescp(site, tmp_path, SHORT_TIMERS, "--disable-host-lookup") as peer:
        said = run(ARCHIVE_IPV4, str(peer.port), on=site.workstation.command)
    assert said.status is VerdictStatus.OK
