"""Every cause is seen to happen: a new one needs a scenario that produces it.

A scenario is a peer of the lab (``dcmecho.lab.peers``), a fault of the network
(``tests.scenarios.network``) or a value that cannot work (``tests.scenarios.values``); the tests of
those three hold that each is reported with the causes it names.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dcmecho.diagnosis.model import CauseId
from dcmecho.lab.peers import PEERS
from tests.scenarios.network import SCENARIOS
from tests.scenarios.values import BAD_VALUES


def produced() -> Iterator[tuple[str, CauseId]]:
    """Every scenario by name, with each cause that it produces."""
    for peer in PEERS:
        yield from ((f"lab: {peer.id}", cause) for cause in peer.causes)
    for scenario in SCENARIOS:
        yield from ((f"network: {scenario.id}", cause) for cause, _ in scenario.causes)
    for values in BAD_VALUES:
        yield from ((f"values: {values.id}", cause) for cause in values.causes)


@pytest.mark.parametrize("cause", CauseId)
def test_a_scenario_produces_it(cause: CauseId) -> None:
    assert [name for name, produces in produced() if produces is cause], (
        f"nothing produces {cause}: add a row to dcmecho/lab/peers.py, tests/scenarios/network.py "
        "or tests/scenarios/values.py"
    )
