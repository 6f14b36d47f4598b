"""The large-PDU probe on a network path that silently drops large packets, either way."""

from __future__ import annotations

from typing import Any

import pytest

from dcmecho.diagnosis.causes.findings import FindingId
from dcmecho.diagnosis.services.model import ProbeStep
from dcmecho.exit_codes import ExitCode
from tests.scenarios.addresses import ARCHIVE_IPV4, INTERFACE, PORT
from tests.scenarios.command_line import Said, run
from tests.scenarios.namespaces import Machine, Site

LOSES_BIG_REQUESTS = "tcp dport 104 meta length > 900 drop"
LOSES_BIG_ANSWERS = "tcp sport 104 meta length > 900 drop"
PROBE = ("--pdu-probe", "-ta", "0.8")


@pytest.fixture
def unbundled(site: Site) -> Site:
    """Stop the cable from joining segments, because the firewall must see each one."""
    for machine in (site.workstation, site.archive):
        machine.configure(f"link set {INTERFACE} gso_max_segs 1")
    return site


def probe(on: Machine) -> Said:
    return run(*PROBE, ARCHIVE_IPV4, str(PORT), on=on.command)


def steps(said: Said) -> list[tuple[int, bool, ProbeStep]]:
    """Return contexts, small segments and outcome of each request."""
    return [
        (each["contexts"], each["small_segments"], ProbeStep(each["outcome"]))
        for each in said.report["services"]["probe"]["requests"]
    ]


def the_finding(said: Said) -> Any:
    (found,) = said.report["services"]["probe"]["findings"]
    return found


def test_large_requests_are_lost(unbundled: Site) -> None:
    with unbundled.archive.firewall(inbound=(LOSES_BIG_REQUESTS,)):
        said = probe(unbundled.workstation)
    assert said.exit_code is ExitCode.SERVICES
    assert steps(said) == [
        (1, False, ProbeStep.ANSWERED),
        (6, False, ProbeStep.LOST),
        (6, True, ProbeStep.ANSWERED),
        (6, False, ProbeStep.LOST),
    ]
    found = the_finding(said)
    assert (found["id"], found["who"]) == (FindingId.PATH_LOSES_BIG_PACKETS, "network")
    assert found["confidence"] == "proven"
    stalled = said.report["services"]["probe"]["requests"][1]["tcp"]
    assert stalled["segment_bytes"] > 900
    assert stalled["path_mtu_bytes"] == 1500
    assert stalled["retransmits"] > 0


def test_large_answers_are_lost(unbundled: Site) -> None:
    with unbundled.workstation.firewall(inbound=(LOSES_BIG_ANSWERS,)):
        said = probe(unbundled.workstation)
    assert steps(said)[-3:] == [
        (27, False, ProbeStep.UNANSWERED),
        (27, True, ProbeStep.ANSWERED),
        (27, False, ProbeStep.UNANSWERED),
    ]
    found = the_finding(said)
    assert found["id"] == FindingId.PATH_LOSES_BIG_ANSWERS
    assert found["who"] == "network"
