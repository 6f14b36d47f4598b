"""A real peer that is not installed is never passed over in silence."""

from __future__ import annotations

import pytest

from tests.network.peers.real_peers import REQUIRE_PEERS, require_program


def test_skips_with_the_package_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(REQUIRE_PEERS, raising=False)
    with pytest.raises(pytest.skip.Exception, match=r"no-such-scp .* package some-package\)"):
        require_program("no-such-scp", "some-package")


def test_fails_where_peers_are_required(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(REQUIRE_PEERS, "1")
    with pytest.raises(pytest.fail.Exception, match=r"no-such-scp .* package some-package\)"):
        require_program("no-such-scp", "some-package")
