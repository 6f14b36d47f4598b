"""A refused port and an unknown name say what containers have to do with it, never as proven."""

from __future__ import annotations

from dcmecho.diagnosis.cause import CauseId, Confidence
from dcmecho.diagnosis.causes.texts import CAUSES


def actions(cause: CauseId) -> str:
    values = {"host": "orthanc", "port": "4242"}
    return " ".join(CAUSES.describe(cause, Confidence.PROVEN, values).actions)


def test_a_refused_port_can_be_one_that_is_not_published() -> None:
    told = actions(CauseId.TCP_REFUSED)
    assert "docker port must show 4242 as published (docker compose ps lists all)" in told
    assert "Inside a container, localhost is that container itself" in told
    assert "ss -ltn" in told


def test_an_unknown_name_can_be_a_service_that_only_a_compose_network_knows() -> None:
    told = actions(CauseId.DNS_NOT_FOUND)
    assert "If orthanc is a container or a service of docker compose" in told
    assert "only containers of its network know that name" in told
    assert "docker compose ps shows as published" in told


def behind(cause: CauseId, **values: str) -> set[str]:
    return {each.text for each in CAUSES.describe(cause, Confidence.PROVEN, values).behind}


def test_the_symptoms_name_containers_among_what_can_be_behind_them() -> None:
    assert "The peer's container does not publish the port" in behind(CauseId.TCP_REFUSED)
    assert "The name is known only in a container network" in behind(CauseId.DNS_NOT_FOUND)


def test_only_an_address_of_this_machine_can_be_that_of_your_container() -> None:
    line = "In a container, this address is the container"
    assert line in behind(CauseId.TCP_REFUSED, loopback="localhost")
    assert line not in behind(CauseId.TCP_REFUSED)


def test_only_a_refusal_on_ipv6_alone_can_be_a_peer_on_ipv4() -> None:
    line = "The peer listens on IPv4 only, you use IPv6"
    assert line in behind(CauseId.TCP_REFUSED, ipv6_only="only IPv6 was tried")
    assert line not in behind(CauseId.TCP_REFUSED)
