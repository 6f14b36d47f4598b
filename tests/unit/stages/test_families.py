"""IPv4 and IPv6: what is said if a peer answers on one of them, or was asked on one only."""

from __future__ import annotations

import errno

import pytest

from dcmecho.diagnosis.causes.reasoning import suspects
from dcmecho.diagnosis.evidence import EvidenceKind
from dcmecho.diagnosis.network.connection import Address, Connection
from dcmecho.diagnosis.stage import StageId, StageResult, Status
from dcmecho.diagnosis.stages import connect
from dcmecho.diagnosis.target.target import Target

TARGET = Target("pacs", 104, "PACS", "WS")
V4, V6 = Address("192.0.2.1", 104), Address("2001:db8::1", 104)


def refused(address: Address, code: int = errno.ECONNREFUSED) -> Connection:
    return Connection(address, 1.0, 0.3, errno=code, message="Connection refused")


def connected(address: Address) -> Connection:
    return Connection(address, 1.0, 0.3, local=address._replace(port=50000))


def said(*attempts: Connection) -> list[str]:
    return [e.text for e in connect.judge(attempts).evidence if e.kind is EvidenceKind.TCP_FAMILY]


def causes(*attempts: Connection) -> list[str]:
    outcome = connect.judge(attempts)
    stage = StageResult(
        StageId.CONNECT, outcome.status, outcome.summary, outcome.elapsed_ms, outcome.evidence
    )
    return [f"{sure} {cause}" for cause, sure in suspects(stage, TARGET)]


def test_a_peer_that_was_asked_on_ipv6_only_can_listen_on_ipv4() -> None:
    (text,) = said(refused(V6))
    assert "listen on IPv4 only" in text
    assert causes(refused(V6)) == ["proven tcp.refused"]


@pytest.mark.parametrize(("first", "second", "only"), [(V6, V4, "IPv4"), (V4, V6, "IPv6")])
def test_a_peer_that_answers_on_one_of_them_listens_there_and_its_service_runs(
    first: Address, second: Address, only: str
) -> None:
    attempts = (refused(first), connected(second))
    assert connect.judge(attempts).status is Status.WARNING
    (text,) = said(*attempts)
    assert f"the peer probably listens on {only} only" in text
    assert causes(*attempts) == []


@pytest.mark.parametrize(
    "attempts",
    [
        (refused(V4),),
        (refused(V6), refused(V4)),
        (refused(V4), connected(V4)),
        (refused(V6, errno.ENETUNREACH), connected(V4)),
        (connected(V4),),
    ],
)
def test_nothing_is_said_where_the_family_explains_nothing(
    attempts: tuple[Connection, ...],
) -> None:
    assert said(*attempts) == []


def test_an_address_that_refuses_beside_another_of_its_family_is_explained() -> None:
    assert causes(refused(V4), connected(V4)) == ["proven tcp.refused"]
