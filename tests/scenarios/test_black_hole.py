"""A network path that silently drops large packets: small ones pass, large ones stall."""

from __future__ import annotations

import pytest

from dcmecho.diagnosis.cause import CauseId
from dcmecho.diagnosis.stage import StageId
from dcmecho.exit_codes import ExitCode
from tests.scenarios.addresses import ARCHIVE_IPV4, INTERFACE, PORT
from tests.scenarios.command_line import likely, possible, proven, run
from tests.scenarios.namespaces import Site

LOSES_BIG_PACKETS = "tcp dport 104 meta length > 900 drop"
LOSES_DATA = "tcp dport 104 tcp flags & psh == psh drop"
MANY_CONTEXTS = ("-ppc", "60", "-ta", "2")


@pytest.fixture
def unbundled(site: Site) -> Site:
    """Stop the cable from joining segments, because the firewall must see each one."""
    site.workstation.configure(f"link set {INTERFACE} gso_max_segs 1")
    return site


def test_a_small_request_passes(unbundled: Site) -> None:
    with unbundled.archive.firewall(inbound=(LOSES_BIG_PACKETS,)):
        said = run(ARCHIVE_IPV4, str(PORT), on=unbundled.workstation.command)
    assert said.exit_code is ExitCode.OK


def test_small_segments_show_that_large_packets_are_lost(unbundled: Site) -> None:
    asked = (*MANY_CONTEXTS, "--experiments", "small.segments", ARCHIVE_IPV4, str(PORT))
    with unbundled.archive.firewall(inbound=(LOSES_BIG_PACKETS,)):
        said = run(*asked, on=unbundled.workstation.command)
    assert said.stage is StageId.ASSOCIATE
    assert said.exit_code is ExitCode.NOT_DICOM
    assert said.causes == (proven(CauseId.TCP_BIG_PACKETS_LOST),)
    experiment, *repeats = said.report["experiments"]
    assert experiment["id"] == "small.segments"
    assert [each["id"] for each in repeats].count("control.repeat") == 3
    assert "the network path drops large packets (MTU)" in experiment["split"]


def test_without_the_experiment_the_peer_is_a_possible_cause_too(unbundled: Site) -> None:
    asked = (*MANY_CONTEXTS, ARCHIVE_IPV4, str(PORT))
    with unbundled.archive.firewall(inbound=(LOSES_BIG_PACKETS,)):
        said = run(*asked, on=unbundled.workstation.command)
    assert said.causes == (
        likely(CauseId.TCP_NO_ANSWER),
        possible(CauseId.TCP_BIG_PACKETS_LOST),
        possible(CauseId.PEER_SILENT),
    )


def test_a_path_that_loses_every_packet_is_not_blamed_for_the_large_ones(unbundled: Site) -> None:
    asked = (*MANY_CONTEXTS, "--experiments", "small.segments", ARCHIVE_IPV4, str(PORT))
    with unbundled.archive.firewall(inbound=(LOSES_DATA,)):
        said = run(*asked, on=unbundled.workstation.command)
    assert said.causes == (
        likely(CauseId.TCP_NO_ANSWER),
        possible(CauseId.PEER_SILENT),
        possible(CauseId.TCP_BIG_PACKETS_LOST),
    )
    (experiment,) = said.report["experiments"]
    assert "the size of the packets is not the cause" in experiment["split"]


def test_a_short_request_is_not_sent_again_in_small_segments(unbundled: Site) -> None:
    asked = ("-ta", "2", "--experiments", "all", ARCHIVE_IPV4, str(PORT))
    with unbundled.archive.firewall(inbound=(LOSES_DATA,)):
        said = run(*asked, on=unbundled.workstation.command)
    assert said.causes == (likely(CauseId.TCP_NO_ANSWER), possible(CauseId.PEER_SILENT))
    assert said.report["experiments"] == []
