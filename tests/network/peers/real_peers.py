"""Runs real DICOM software on this machine for the tests."""

from __future__ import annotations

import itertools
import os
import random
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import pytest

from dcmecho.diagnosis.target.target import Target

ARCHIVE_TITLE = "MAIN_PACS"
REGISTERED = "MY_WORKSTATION"
"""A calling title that the archives know at 127.0.0.1."""
REGISTERED_ELSEWHERE = "AWAY_STATION"
"""A calling title that the archives know at another address."""
UNREGISTERED = "NOBODY"

ANOTHER_ADDRESS = "127.0.0.9"
"""Where the archives expect ``REGISTERED_ELSEWHERE``: not where the tests come from."""

REQUIRE_PEERS = "DCMECHO_REQUIRE_PEERS"
"""With ``1`` in this variable a program that is not installed fails the run."""

_START_DEADLINE_S = 30.0
_END_DEADLINE_S = 10.0
_POLL_S = 0.02
_PORTS_THAT_NO_CLIENT_GETS = range(20000, 32000)
_WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
_WORKERS = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
_OURS = _PORTS_THAT_NO_CLIENT_GETS[_WORKER::_WORKERS]
_UNTRIED = itertools.cycle(random.sample(_OURS, len(_OURS)))
_TCP_TABLES = ("tcp", "tcp6")
"""Node.js listens with IPv6, for both."""
_TCP_LISTEN = "0A"


@dataclass(frozen=True)
class RealPeer:
    """A program that listens."""

    port: int

    def target(self, called_ae: str, calling_ae: str) -> Target:
        """Return a target for it, with time-outs that suit a slow machine."""
        return Target(
            host="127.0.0.1",
            port=self.port,
            called_ae=called_ae,
            calling_ae=calling_ae,
            acse_timeout_s=10.0,
            dimse_timeout_s=10.0,
        )


def require_program(program: str, debian_package: str) -> str:
    """Return the path of ``program``, or skip (or fail, see ``REQUIRE_PEERS``) naming it."""
    folders = [*os.environ.get("PATH", os.defpath).split(os.pathsep), "/usr/sbin"]
    # pynetdicom puts programs with DCMTK's names into the environment that runs the tests.
    others = [folder for folder in folders if Path(folder) != Path(sys.executable).parent]
    found = shutil.which(program, path=os.pathsep.join(others))
    if found is None:
        _miss(f"{program} is not installed (Debian package {debian_package})")
    return found


def require_file(path: Path, origin: str) -> Path:
    """Return ``path``, or skip (or fail, see ``REQUIRE_PEERS``) naming it and its ``origin``."""
    if not path.exists():
        _miss(f"{path} is not installed ({origin})")
    return path


def _miss(message: str) -> NoReturn:
    if os.environ.get(REQUIRE_PEERS) == "1":
        pytest.fail(message)
    pytest.skip(message)


@contextmanager
def running(
    command_for: Callable[[int], list[str]], directory: Path, port: int | None = None
) -> Iterator[RealPeer]:
    """Run a program, given the port that it has to listen on, until the context ends.

    ``port`` is that of one before it, which has ended.
    """
    port = port or unused_port()
    log = directory / "log.txt"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command_for(port), cwd=directory, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        _wait_until_listening(process, port, log)
        yield RealPeer(port)
    finally:
        _end(process)


def unused_port() -> int:
    """Return a port outside the range that Linux gives to clients: nobody takes it meanwhile.

    Each is given once, and no other test process gets the same: peers that start at the same time
    would else be taken for one another.
    """
    for port in itertools.islice(_UNTRIED, 100):
        with socket.socket() as attempt:
            try:
                attempt.bind(("", port))
            except OSError:
                continue
            return port
    raise RuntimeError(f"no unused port in {_PORTS_THAT_NO_CLIENT_GETS}")


def _wait_until_listening(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Look at the kernel's table: a connection to try would be in the way of some peers."""
    deadline = time.monotonic() + _START_DEADLINE_S
    while process.poll() is not None or not _listening(process.pid, port):
        if process.poll() is not None or time.monotonic() > deadline:
            pytest.fail(f"{process.args!r} does not listen on {port}:\n{log.read_text()}")
        time.sleep(_POLL_S)


def _listening(process: int, port: int) -> bool:
    """Look at the tables of the network that ``process`` is in: its own, or a namespace's."""
    network = Path(f"/proc/{process}/net")
    found = [network / name for name in _TCP_TABLES]
    tables = [table.read_text().splitlines()[1:] for table in found if table.exists()]
    return any(
        local.endswith(f":{port:04X}") and state == _TCP_LISTEN
        for _, local, _, state, *_ in (row.split() for rows in tables for row in rows)
    )


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_END_DEADLINE_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
