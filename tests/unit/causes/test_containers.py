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
