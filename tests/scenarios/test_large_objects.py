"""A test image on a network path that silently drops large packets, while C-ECHO passes."""

from __future__ import annotations

import pytest

from dcmecho.diagnosis.causes.findings import FindingId
from dcmecho.diagnosis.store.model import StoreOutcome
from dcmecho.diagnosis.verdict import VerdictStatus
from dcmecho.exit_codes import ExitCode
from tests.scenarios.addresses import ARCHIVE_IPV4, INTERFACE, PORT
from tests.scenarios.command_line import Said, run_command
from tests.scenarios.namespaces import Machine, Site

LOSES_BIG_PACKETS = "tcp dport 104 meta length > 900 drop"
LOSES_ALL_OF_A_TRANSFER = "tcp dport 104 meta length > 500 drop"
"""The association request is shorter, and the small segments of a transfer are longer."""
SIZE_BYTES = 5 * 1024 * 1024


@pytest.fixture
def unbundled(site: Site) -> Site:
    """Stop the cable from joining segments, because the firewall must see each one."""
    site.workstation.configure(f"link set {INTERFACE} gso_max_segs 1")
    return site


def store(on: Machine) -> Said:
    target = f"ANY-SCP@{ARCHIVE_IPV4}:{PORT}"
    asked = ("--yes", "--size", "5M", "-td", "2.5", target)
    return run_command("store-test", *asked, on=on.command)


def test_the_object_is_stored_if_nothing_is_lost(site: Site) -> None:
    said = store(site.workstation)
    assert said.exit_code is ExitCode.OK
    assert said.report["services"]["store"]["outcome"] == StoreOutcome.STORED


def test_large_packets_are_lost(unbundled: Site) -> None:
    with unbundled.archive.firewall(inbound=(LOSES_BIG_PACKETS,)):
        said = store(unbundled.workstation)
    assert said.status is VerdictStatus.OK, "C-ECHO succeeds"
    assert said.exit_code is ExitCode.SERVICES
    stored = said.report["services"]["store"]
    assert stored["outcome"] == StoreOutcome.STALLED
    assert stored["remains"], "the second attempt has stored it"
    (found,) = stored["findings"]
    assert (found["id"], found["confidence"], found["who"]) == (
        FindingId.STORE_BIG_PACKETS_LOST,
        "likely",
        "network",
    )
    first, second = stored["attempts"]
    assert first["tcp_before"]["retransmits"] < first["tcp_at_the_end"]["retransmits"]
    assert first["tcp_at_the_end"]["path_mtu_bytes"] == 1500
    assert first["acknowledged_bytes"] < SIZE_BYTES
    assert (second["small_segments"], second["status"]) == (True, 0)


def test_small_packets_are_lost_too(unbundled: Site) -> None:
    with unbundled.archive.firewall(inbound=(LOSES_ALL_OF_A_TRANSFER,)):
        said = store(unbundled.workstation)
    stored = said.report["services"]["store"]
    assert [found["id"] for found in stored["findings"]] == [FindingId.STORE_PACKETS_LOST]
    assert not stored["remains"]
