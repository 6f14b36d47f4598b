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
ours = ({{ours}}, 127.0.0.1, 11113)
away = ({REGISTERED_ELSEWHERE}, {ANOTHER_ADDRESS}, 11113)
HostTable END

VendorTable BEGIN
VendorTable END

AETable BEGIN
{ARCHIVE_TITLE}  "{{storage}}"  RW (10, 1024mb)  ours, away
AETable END
"""


@contextmanager
def storescp(directory: Path, *how: str) -> Iterator[RealPeer]:
    """Run an archive that accepts every title, one association at a time."""
    program = require_program("storescp", "dcmtk")

    def command(port: int) -> list[str]:
        return [program, *how, "--ignore", "--output-directory", str(directory), str(port)]

    with running(command, directory) as peer:
        yield peer


@contextmanager
def refusing_storescp(directory: Path, *how: str) -> Iterator[RealPeer]:
    """Run an archive that rejects everyone (1/1/1)."""
    program = require_program("storescp", "dcmtk")
    with running(lambda port: [program, *how, "--refuse", str(port)], directory) as peer:
        yield peer


@contextmanager
def dcmqrscp(
    directory: Path, port: int | None = None, ours: str = REGISTERED, how: str = "-v"
) -> Iterator[RealPeer]:
    """Run an archive with a HostTable: it answers 1/1/7 to each wrong title, case and host."""
    program = require_program("dcmqrscp", "dcmtk")
    storage = directory / "storage"
    storage.mkdir()
    configuration = directory / "dcmqrscp.cfg"
    configuration.write_text(_DCMQRSCP_CFG.format(storage=storage, ours=ours))

    def command(port: int) -> list[str]:
        return [program, how, "-dhl", "--config", str(configuration), str(port)]

    with running(command, directory, port) as peer:
        yield peer


@contextmanager
def dcmrecv(
    directory: Path, *how: str, verification: bool = True, explicit_only: bool = False
) -> Iterator[RealPeer]:
    """Run a receiver of CT images, which rejects with 1/1/1 if it accepts no context."""
    program = require_program("dcmrecv", "dcmtk")
    configuration = directory / "dcmrecv.cfg"
    implicit = "" if explicit_only else "TransferSyntax2 = LittleEndianImplicit"
    contexts = ["CTImageStorage", *(["VerificationSOPClass"] if verification else [])]
    configuration.write_text(
        f"[[TransferSyntaxes]]\n[Ours]\nTransferSyntax1 = LittleEndianExplicit\n{implicit}\n"
        "[[PresentationContexts]]\n[Ours]\n"
        + "".join(
            f"PresentationContext{number} = {name}\\Ours\n"
            for number, name in enumerate(contexts, start=1)
        )
        + "[[Profiles]]\n[Ours]\nPresentationContexts = Ours\n"
    )

    def command(port: int) -> list[str]:
        chosen = ["--config-file", str(configuration), "Ours"]
        return [program, *how, "-dhl", *chosen, "--output-directory", str(directory), str(port)]

    with running(command, directory) as peer:
        yield peer


_DCMPRSCP_CFG = """\
[[GENERAL]]
[DATABASE]
Directory = {folder}
[NETWORK]
[PRINT]
Directory = {folder}
LogDirectory = {folder}
[[COMMUNICATION]]
[FILM]
Type = LOCALPRINTER
Hostname = localhost
Port = {port}
Aetitle = {title}
SupportsPresentationLUT = true
DisplayFormat = 1,1
FilmSizeID = 14INX17IN
[[VIEWER]]
"""


@contextmanager
def dcmprscp(directory: Path) -> Iterator[RealPeer]:
    """Run a film printer."""
    program = require_program("dcmprscp", "dcmtk")
    configuration = directory / "dcmprscp.cfg"

    def command(port: int) -> list[str]:
        configuration.write_text(
            _DCMPRSCP_CFG.format(folder=directory, port=port, title=ARCHIVE_TITLE)
        )
        return [program, "--config", str(configuration)]

    with running(command, directory) as peer:
        yield peer


@contextmanager
def wlmscpfs(directory: Path, *how: str) -> Iterator[RealPeer]:
    """Run a worklist that is called as the folder of its files; it rejects like ``dcmrecv``."""
    program = require_program("wlmscpfs", "dcmtk")
    worklist = directory / "worklist"
    (worklist / ARCHIVE_TITLE).mkdir(parents=True)
    (worklist / ARCHIVE_TITLE / "lockfile").touch()

    def command(port: int) -> list[str]:
        return [program, *how, "--data-files-path", str(worklist), str(port)]

    with running(command, directory) as peer:
        yield peer
