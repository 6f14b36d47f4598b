"""The wheel is all that a user needs: built here, and installed with what it asks for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from dcmecho import __version__
from tests.console.terminal.on_a_terminal import read_until, started_on_a_terminal
from tests.network.peers.real_peers import require_program, running

pytestmark = [pytest.mark.nightly, pytest.mark.timeout(900)]

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def dcmecho(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command, in an environment that holds nothing else."""
    folder = tmp_path_factory.mktemp("installed")
    run(sys.executable, "-m", "build", "--wheel", "--outdir", folder, ROOT, home=folder)
    (wheel,) = folder.glob("*.whl")
    run(sys.executable, "-m", "venv", folder / "venv", home=folder)
    run(folder / "venv" / "bin" / "pip", "install", wheel, home=folder)
    return folder / "venv" / "bin" / "dcmecho"


def run(*command: str | Path, home: Path) -> str:
    """Run it without the variables that lead to the sources; returns what it prints."""
    env = {"HOME": str(home), "PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        command, cwd=home, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def test_it_says_its_version(dcmecho: Path, tmp_path: Path) -> None:
    assert run(dcmecho, "--version", home=tmp_path) == f"dcmecho {__version__}\n"


def test_it_says_how_to_use_it(dcmecho: Path, tmp_path: Path) -> None:
    assert run(dcmecho, "--help", home=tmp_path).startswith("usage: dcmecho ")


def test_it_checks_a_peer(dcmecho: Path, tmp_path: Path) -> None:
    storescp = require_program("storescp", "dcmtk")
    with running(lambda port: [storescp, str(port)], tmp_path) as peer:
        printed = run(dcmecho, "127.0.0.1", str(peer.port), home=tmp_path)
    assert "OK: C-ECHO-RSP 0x0000, success" in printed


def test_it_opens_the_console_on_practice_peers(dcmecho: Path, tmp_path: Path) -> None:
    command, env = [str(dcmecho), "demo"], {"TERM": "xterm-256color"}
    with started_on_a_terminal(command, tmp_path, env) as (terminal, _):
        read_until(terminal, b"Healthy archive")
