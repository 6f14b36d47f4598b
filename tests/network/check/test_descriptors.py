"""More than 1,024 open files work: the soft limit is raised, and nothing uses select."""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Iterator

import pytest

from dcmecho.diagnosis.events import Event, RunFinished
from dcmecho.diagnosis.target.target import Target
from dcmecho.dicom.check import Check, start_all
from dcmecho.exit_codes import ExitCode, exit_code

CROWD = 1100
"""Number of targets; the peer answers none before all are connected."""

PATIENCE_S = 40.0


@pytest.fixture
def small_soft_limit() -> Iterator[None]:
    """Start with the limit that most systems have."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < CROWD + 300:
        pytest.skip(f"the hard limit of this machine is {hard} descriptors")
    resource.setrlimit(resource.RLIMIT_NOFILE, (1024, hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.fixture
def crowd_port() -> Iterator[int]:
    """Run a peer that answers once all are connected."""
    command = [sys.executable, "-m", "tests.network.check.crowd_peer", str(CROWD)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as peer:
        assert peer.stdout is not None
        try:
            yield int(peer.stdout.readline())
        finally:
            peer.terminate()


@pytest.mark.usefixtures("small_soft_limit")
def test_more_than_1024_connections_at_once(crowd_port: int) -> None:
    codes: list[ExitCode] = []

    def emit(event: Event) -> None:
        if isinstance(event, RunFinished):
            codes.append(exit_code(event.report))

    hosts = (f"127.0.{n // 250 + 1}.{n % 250 + 1}" for n in range(CROWD))
    pool = start_all([Check(Target(host, crowd_port, "PACS", "ME"), emit) for host in hosts], CROWD)
    assert pool.join(PATIENCE_S)
    assert pool.faults == []
    # The first to connect wait for the last: a warning that they are slow is right.
    assert codes == [ExitCode.OK] * CROWD
