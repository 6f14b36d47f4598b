"""A profile file of three targets, and a stage to play their peers on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dcmecho.lab.server import Lab
from tests.console.driving import PROFILES
from tests.console.playback import PlayedEngine


@pytest.fixture
def profiles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """profiles.toml in a folder of its own, which is also where files are saved."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.delenv("NO_COLOR", raising=False)
    path = tmp_path / "profiles.toml"
    path.write_text(PROFILES, encoding="utf-8")
    return path


@pytest.fixture
def engine() -> PlayedEngine:
    """Peers that are all well, until a test says otherwise."""
    return PlayedEngine()


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    """The practice peers, on free ports."""
    with Lab() as lab:
        yield lab
