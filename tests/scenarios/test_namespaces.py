"""The site never goes missing unnoticed, and leaves nothing behind."""

from __future__ import annotations

import os
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest

from tests.network.peers.real_peers import REQUIRE_PEERS, require_program
from tests.scenarios import namespaces
from tests.scenarios.namespaces import Site


@pytest.fixture
def nobody(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Run as a user without rights."""
    monkeypatch.setattr(os, "geteuid", lambda: 65534)
    return monkeypatch


def test_skips_without_the_rights(nobody: pytest.MonkeyPatch) -> None:
    nobody.delenv(REQUIRE_PEERS, raising=False)
    with pytest.raises(pytest.skip.Exception, match="as root"), namespaces.site():
        pass


def test_fails_without_the_rights_where_peers_are_required(nobody: pytest.MonkeyPatch) -> None:
    nobody.setenv(REQUIRE_PEERS, "1")
    with pytest.raises(pytest.fail.Exception, match="as root"), namespaces.site():
        pass


def test_a_failed_run_leaves_nothing_behind(site: Site) -> None:
    with suppress(ZeroDivisionError), namespaces.site() as another:
        another.workstation.asks("192.0.2.99")
        raise ZeroDivisionError

    assert site.archive.namespace in known_namespaces()
    for machine in (another.workstation, another.archive):
        assert machine.namespace not in known_namespaces()
        assert not Path("/etc/netns", machine.namespace).exists()


def known_namespaces() -> str:
    ip = require_program("ip", "iproute2")
    return subprocess.run([ip, "netns", "list"], capture_output=True, text=True, check=True).stdout
