"""DCMTK's archives, configured for the tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.network.peers.real_peers import (
    ANOTHER_ADDRESS,
    ARCHIVE_TITLE,
    REGISTERED,
    REGISTERED_ELSEWHERE,
    RealPeer,
    require_program,
    running,
)

_DCMQRSCP_CFG = f"""\
MaxPDUSize      = 16384
MaxAssociations = 16

HostTable BEGIN
ours = ({REGISTERED}, 127.0.0.1, 11113)
away = ({REGISTERED_ELSEWHERE}, {ANOTHER_ADDRESS}, 11113)
HostTable END

VendorTable BEGIN
VendorTable END

AETable BEGIN
{ARCHIVE_TITLE}  "{{storage}}"  RW (10, 1024mb)  ours, away
AETable END
"""


@contextmanager
def storescp(directory: Path) -> Iterator[RealPeer]:
    """Run an archive that accepts every title, one association at a time."""
    program = require_program("storescp", "dcmtk")

    def command(port: int) -> list[str]:
        return [program, "--ignore", "--output-directory", str(directory), str(port)]

    with running(command, directory) as peer:
        yield peer


@contextmanager
def dcmqrscp(directory: Path) -> Iterator[RealPeer]:
    """Run an archive with a HostTable: it answers 1/1/7 to each wrong title, case and host."""
    program = require_program("dcmqrscp", "dcmtk")
    storage = directory / "storage"
    storage.mkdir()
    configuration = directory / "dcmqrscp.cfg"
    configuration.write_text(_DCMQRSCP_CFG.format(storage=storage))

    def command(port: int) -> list[str]:
        return [program, "-v", "-dhl", "--config", str(configuration), str(port)]

    with running(command, directory) as peer:
        yield peer
