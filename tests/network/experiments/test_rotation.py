"""Two differently configured servers at one address: different answers prove nothing."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace

import pytest

from dcmecho.diagnosis.cause import CauseId
from dcmecho.diagnosis.experiments.confirming import SAME_AGAIN_TEXT, UNSTEADY_TEXT
from dcmecho.diagnosis.investigation import MAX_ASSOCIATIONS, Investigation
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.target.tls import TlsSettings
from tests.network.diagnose.diagnosing import proven
from tests.network.experiments.investigating import investigate
from tests.network.experiments.rotator import rotating
from tests.network.peers.real_peers import ARCHIVE_TITLE, REGISTERED, RealPeer
from tests.network.tls.certificates import Certificates
from tests.network.tls.servers import ClientCertificate, Servers, Storescp

STRICT, LENIENT = "knows other titles", "takes every title"
ROTATIONS: Sequence[Sequence[str]] = (
    (STRICT, LENIENT),
    (STRICT, STRICT, LENIENT),
    (STRICT, LENIENT, LENIENT),
    (STRICT, STRICT, STRICT, LENIENT),
)
TITLES = {
    "case": (ARCHIVE_TITLE.lower(), "nobody"),
    "spaces": (f" {ARCHIVE_TITLE}", "NOBODY"),
    "address": (ARCHIVE_TITLE, "NOBODY"),
}
ADDRESSES = ("127.0.0.3",)


@pytest.fixture(scope="module")
def found(dcmqrscp: RealPeer, storescp: RealPeer) -> dict[tuple[str, int], Investigation]:
    """Run all investigations at once, because most of their time is pauses."""
    servers = {STRICT: dcmqrscp, LENIENT: storescp}
    asked: dict[tuple[str, int], Target] = {}
    with ExitStack() as running, ThreadPoolExecutor(16) as pool:
        for (what, titles), (number, rotation) in (
            (title, each) for title in TITLES.items() for each in enumerate(ROTATIONS)
        ):
            peer = running.enter_context(rotating([servers[name] for name in rotation]))
            asked[what, number] = peer.target(*titles)
        made = pool.map(lambda target: investigate(target, addresses=ADDRESSES), asked.values())
        return dict(zip(asked, made, strict=True))


@pytest.mark.parametrize("number", range(len(ROTATIONS)), ids=lambda n: ", ".join(ROTATIONS[n]))
@pytest.mark.parametrize("what", list(TITLES))
def test_no_experiment_proves_a_cause(
    found: dict[tuple[str, int], Investigation], what: str, number: int
) -> None:
    report = found[what, number].report
    told = [(each.id, each.outcome, each.split) for each in report.experiments]
    assert not proven(report), told
    assert len(report.causes) > 1, told


def test_a_peer_that_answers_one_request_in_two_ways_ends_the_experiments(
    found: dict[tuple[str, int], Investigation],
) -> None:
    ended = [each for each in found.values() if each.refusal]
    told = [each.report.experiments[-1].split for each in ended]
    assert UNSTEADY_TEXT in told
    assert all(len(each.attempts) < MAX_ASSOCIATIONS for each in ended)


def test_one_server_behind_the_same_balancer_is_proven(dcmqrscp: RealPeer) -> None:
    with rotating([dcmqrscp]) as peer:
        investigation = investigate(peer.target(ARCHIVE_TITLE.lower(), REGISTERED))
    assert proven(investigation.report) == {CauseId.AE_CASE}
    repeats = [each for each in investigation.report.experiments if each.split == SAME_AGAIN_TEXT]
    assert [each.id for each in repeats] == [
        "control.repeat",
        "variant.case",
        "control.repeat",
        "control.repeat",
    ]


def test_a_tls_server_beside_one_that_hangs_up_is_not_proven_to_be_the_port(
    tls_servers: Servers, certificates: Certificates, storescp: RealPeer
) -> None:
    """The plain server resets a TLS connection; the TLS server resets a plain one."""
    with_tls = RealPeer(tls_servers.port_of(Storescp(ClientCertificate.NOT_WANTED)))
    for servers, tls in (
        ((storescp, with_tls), TlsSettings(ca_files=(str(certificates.ca_file),))),
        ((with_tls, storescp), None),
    ):
        with rotating(servers) as peer:
            target = replace(peer.target(ARCHIVE_TITLE, REGISTERED), tls=tls)
            assert not proven(investigate(target).report)
