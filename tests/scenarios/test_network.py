"""Real faults of a real network: the right stage, the right causes and the right exit code."""

from __future__ import annotations

import pytest

from tests.scenarios.addresses import PORT
from tests.scenarios.command_line import run
from tests.scenarios.namespaces import Site, has_ipv6
from tests.scenarios.network import SCENARIOS, Scenario


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.id)
def test_every_network_fault_is_reported(site: Site, scenario: Scenario) -> None:
    if scenario.needs_ipv6 and not has_ipv6():
        pytest.skip("the kernel speaks no IPv6")

    site.workstation.asks(scenario.name_server)
    with (
        site.archive.firewall(inbound=scenario.archive_firewall),
        site.workstation.firewall(outbound=scenario.own_firewall),
        site.workstation.routes(scenario.own_routes),
    ):
        said = run(*scenario.options, scenario.host, str(PORT), on=site.workstation.command)

    assert (said.status, said.stage) == (scenario.status, scenario.stage)
    assert said.exit_code is scenario.exit_code
    assert said.causes == scenario.causes
    assert scenario.says in said.summary
    assert said.stderr == ""
