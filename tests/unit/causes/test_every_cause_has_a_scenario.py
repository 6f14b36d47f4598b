"""Every cause is seen to happen: a new one needs a scenario that produces it.

A scenario is a peer of the lab (``dcmecho.lab.peers``), a fault of the network
(``tests.scenarios.network``), a value that cannot work (``tests.scenarios.values``), a TLS server
(``tests.network.tls.scenarios``), a TLS file (``tests.network.tls.mistakes``) or a way to a vantage
point (``tests.network.vantage.ways``); the tests of those hold that each is reported with the
causes it names.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dcmecho.diagnosis.cause import CauseId
from dcmecho.lab.peers import PEERS
from tests.network.tls.mistakes import LOCAL_MISTAKES
from tests.network.tls.scenarios import SCENARIOS as TLS_SCENARIOS
from tests.network.vantage.ways import FAILING_WAYS, LOST
from tests.scenarios.network import SCENARIOS
from tests.scenarios.values import BAD_VALUES
from tests.scenarios.vantage.situations import SITUATIONS


def produced() -> Iterator[tuple[str, CauseId]]:
    """Every scenario by name, with each cause that it produces."""
    for peer in PEERS:
        produces = (*peer.causes, *peer.causes_repeated)
        yield from ((f"lab: {peer.id}", cause) for cause in produces)
    for scenario in SCENARIOS:
        yield from ((f"network: {scenario.id}", cause) for cause, _ in scenario.causes)
    for situation in SITUATIONS:
        yield from ((f"vantage points: {situation.id}", cause) for cause in situation.causes)
    for values in BAD_VALUES:
        yield from ((f"values: {values.id}", cause) for cause in values.causes)
    for tls in TLS_SCENARIOS:
        yield from ((f"TLS: {tls.id}", cause) for cause, _ in tls.causes)
    yield from ((f"vantage: {way.id}", way.cause) for way in (*FAILING_WAYS, LOST))
    yield from ((f"TLS files: {each.id}", CauseId.TLS_FILE_INVALID) for each in LOCAL_MISTAKES)


@pytest.mark.parametrize("cause", CauseId)
def test_a_scenario_produces_it(cause: CauseId) -> None:
    assert [name for name, produces in produced() if produces is cause], (
        f"nothing produces {cause}: add a row to dcmecho/lab/peers, tests/scenarios/network.py, "
        "tests/scenarios/values.py or tests/network/tls/scenarios.py"
    )


@pytest.mark.parametrize("cause", [cause for cause in CauseId if cause.startswith("tls.")])
def test_a_tls_server_makes_it_the_first_cause(cause: CauseId) -> None:
    assert [each.id for each in TLS_SCENARIOS if each.causes and each.causes[0][0] is cause]
