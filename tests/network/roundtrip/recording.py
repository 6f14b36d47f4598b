"""Records the packets of a port on loopback with tcpdump, as a colleague would."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.network.peers.real_peers import require_program

_DEADLINE_S = 20.0
_POLL_S = 0.02
_LAST = b"the end of what is recorded"
"""A datagram with this follows the packets, so that it is known when tcpdump has them all."""


@contextmanager
def recorded(file: Path, *ports: int) -> Iterator[None]:
    """Record all packets of these ports into ``file``, which is whole after the context."""
    if os.geteuid() != 0:
        pytest.skip("only root may record packets")
    program = require_program("tcpdump", "tcpdump")
    wanted = " or ".join(f"port {port}" for port in ports)
    command = [program, "-i", "lo", "-n", "-U", "--immediate-mode", "-Z", "root", "-w", str(file)]
    with subprocess.Popen([*command, wanted], stderr=subprocess.PIPE) as tcpdump:
        try:
            assert tcpdump.stderr is not None
            told = tcpdump.stderr.readline()
            assert b"listening on" in told, told
            yield
            _wait_for_the_last(file, ports[0])
        finally:
            tcpdump.terminate()


def _wait_for_the_last(file: Path, port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.sendto(_LAST, ("127.0.0.1", port))
    deadline = time.monotonic() + _DEADLINE_S
    while _LAST not in file.read_bytes():
        assert time.monotonic() < deadline, "tcpdump does not write what it has"
        time.sleep(_POLL_S)
