"""A real sshd for the tests of vantage points."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.network.peers.ssh_server import SshServer


@pytest.fixture(scope="session")
def ssh_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SshServer]:
    """OpenSSH on loopback."""
    with SshServer.running(tmp_path_factory.mktemp("sshd")) as server:
        yield server
