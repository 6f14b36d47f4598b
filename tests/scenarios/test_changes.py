"""What changes between two checks over a real network: our address, names, firewalls, a slow step.

The archive is DCMTK's, on the archive's machine; each check starts from the workstation.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from dcmecho.diagnosis.history.compared import Compared
from tests.network.history.remembering import Remembering
from tests.network.peers.real_peers import RealPeer, require_program, running
from tests.scenarios.addresses import ARCHIVE_IPV4, INTERFACE, WORKSTATION_IPV4
from tests.scenarios.namespaces import Site

OTHER_ADDRESS = "192.0.2.37"
MOVED_ADDRESS = "192.0.2.12"
NAME = "moving-pacs.hospital.test"
TITLES = """\
MaxPDUSize = 16384
MaxAssociations = 16
HostTable BEGIN
ours = (MY_WORKSTATION, {address}, 11113)
HostTable END
VendorTable BEGIN
VendorTable END
AETable BEGIN
MAIN_PACS "{storage}" RW (10, 1024mb) ours
AETable END
"""


def dcmqrscp(site: Site, folder: Path) -> AbstractContextManager[RealPeer]:
    """Run DCMTK's archive on the archive's machine; its HostTable has the workstation's address."""
    program = require_program("dcmqrscp", "dcmtk")
    (folder / "storage").mkdir()
    configuration = folder / "dcmqrscp.cfg"
    configuration.write_text(TITLES.format(address=WORKSTATION_IPV4, storage=folder / "storage"))
    options = ["-dhl", "--config", str(configuration)]
    return running(lambda port: site.archive.command(program, *options, str(port)), folder)


@pytest.fixture
def archive(site: Site, tmp_path: Path) -> Iterator[RealPeer]:
    with dcmqrscp(site, tmp_path) as peer:
        yield peer


@pytest.fixture
def main_pacs(site: Site, archive: RealPeer, tmp_path: Path) -> Remembering:
    return Remembering(tmp_path, archive.port, ARCHIVE_IPV4, on=site.workstation.command)


def test_our_address(site: Site, main_pacs: Remembering) -> None:
    assert main_pacs.check().status == "ok"
    with site.workstation.address(OTHER_ADDRESS):
        told = main_pacs.check()
    assert told.since[Compared.OUR_ADDRESS] == (WORKSTATION_IPV4, OTHER_ADDRESS)
    assert told.since[Compared.ASSOCIATION] == ("accepted", "rejected 1/1/7")
    assert f"since our address {WORKSTATION_IPV4} -> {OTHER_ADDRESS}" in told.lines
    assert told.causes[0] == ("ae.host-not-allowed", "likely")
    again = main_pacs.check()
    assert again.since[Compared.OUR_ADDRESS] == (OTHER_ADDRESS, WORKSTATION_IPV4)
    assert any(line.startswith("works again") for line in again.lines)


def test_a_name_that_leads_to_another_machine(site: Site, main_pacs: Remembering) -> None:
    main_pacs.host, main_pacs.connect_timeout_s = NAME, 1.0
    site.workstation.knows({NAME: ARCHIVE_IPV4})
    assert main_pacs.check().status == "ok"
    site.workstation.knows({NAME: MOVED_ADDRESS})
    told = main_pacs.check()
    site.workstation.knows({})
    assert told.since[Compared.ADDRESSES] == (ARCHIVE_IPV4, MOVED_ADDRESS)
    assert told.since[Compared.PEER_ADDRESS] == (ARCHIVE_IPV4, MOVED_ADDRESS)
    assert f"since name is {ARCHIVE_IPV4} -> {MOVED_ADDRESS}" in told.lines
    assert f"peer address {ARCHIVE_IPV4} -> {MOVED_ADDRESS}." in told.explanation


def test_a_name_that_is_gone(site: Site, main_pacs: Remembering) -> None:
    main_pacs.host = NAME
    site.workstation.knows({NAME: ARCHIVE_IPV4})
    assert main_pacs.check().status == "ok"
    site.workstation.knows({})
    told = main_pacs.check()
    assert told.since == {Compared.ADDRESSES: (ARCHIVE_IPV4, "not found")}
    assert f"since name is {ARCHIVE_IPV4} -> not found" in told.lines


def test_a_closed_firewall(site: Site, main_pacs: Remembering) -> None:
    main_pacs.connect_timeout_s = 1.0
    assert main_pacs.check().status == "ok"
    with site.archive.firewall([f"tcp dport {main_pacs.port} drop"]):
        told = main_pacs.check()
    assert told.since == {Compared.TCP: ("open", "no answer")}
    assert "since TCP port open -> no answer" in told.lines
    assert "same our profile, our address and the peer's address" in told.lines
    assert told.causes[0] == ("tcp.no-answer", "proven")


def test_a_slow_step(site: Site, main_pacs: Remembering) -> None:
    for _ in range(3):
        assert main_pacs.check().since == {}
    assert main_pacs.check().since == {}
    main_pacs.check()
    loses = f"tcp dport {main_pacs.port} tcp flags & (syn | ack) == syn numgen inc mod 2 < 1 drop"
    with site.archive.firewall([loses]):
        told = main_pacs.check()
    usual_ms, now_ms = told.since[Compared.CONNECT_MS]
    assert usual_ms * 5 < now_ms
    assert set(told.since) == {Compared.CONNECT_MS}
    assert any(line.startswith("since TCP time ") and line.endswith(" ms") for line in told.lines)


def test_the_control_nothing_has_changed(main_pacs: Remembering) -> None:
    main_pacs.check()
    told = main_pacs.check()
    assert (told.status, told.since) == ("ok", {})


def test_our_interface(site: Site, main_pacs: Remembering) -> None:
    main_pacs.connect_timeout_s = 1.0
    main_pacs.check()
    with site.workstation.renamed(INTERFACE, "wlan"):
        told = main_pacs.check()
    assert told.since == {Compared.OUR_INTERFACE: (INTERFACE, "wlan")}
    assert f"since our interface {INTERFACE} -> wlan" in told.lines
