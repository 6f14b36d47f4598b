"""More than 1,024 open files are no obstacle: the soft limit is raised, and nothing uses select."""

from __future__ import annotations

import resource
import socket
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from dcmecho.diagnosis.events import Event, RunFinished
from dcmecho.diagnosis.model import Report, VerdictStatus
from dcmecho.dicom.descriptors import make_room_for
from dcmecho.dicom.pool import Check, start_all
from tests.network.real_peers import RealPeer
from tests.network.test_cancel import PATIENCE_S

_OPEN = 1100


@pytest.fixture
def many_open_connections() -> Iterator[int]:
    """Hold so many connections open; the number of the last one's descriptor."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < _OPEN + 200:
        pytest.skip(f"the hard limit of this machine is {hard} descriptors")
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))
    make_room_for(_OPEN)
    with ExitStack() as connections:
        server = connections.enter_context(socket.create_server(("127.0.0.1", 0), backlog=_OPEN))
        last = server
        for _ in range(_OPEN):
            last = connections.enter_context(socket.create_connection(server.getsockname(), 5.0))
        yield last.fileno()
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_diagnoses_beyond_1024_descriptors(many_open_connections: int, storescp: RealPeer) -> None:
    assert many_open_connections > 1024
    reports: list[Report] = []

    def emit(event: Event) -> None:
        if isinstance(event, RunFinished):
            reports.append(event.report)

    pool = start_all([Check(storescp.target("PACS", "ME"), emit)])
    assert pool.join(PATIENCE_S)
    assert [report.verdict.status for report in reports] == [VerdictStatus.OK]
