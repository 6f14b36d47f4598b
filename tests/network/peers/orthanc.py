"""Orthanc, in the configurations that answer a stranger differently."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
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

Options = Mapping[str, bool]

DEFAULT: Options = {}
"""Accepts every title."""

CHECKS_CALLED_TITLE: Options = {"DicomCheckCalledAet": True}

CHECKS_EACH_COMMAND: Options = {
    "DicomCheckCalledAet": True,
    "DicomCheckModalityHost": True,
    "DicomAlwaysAllowEcho": False,
}
"""Accepts a stranger's association, as it may store, and sends A-ABORT at its C-ECHO."""

CHECKS_ASSOCIATION: Options = {**CHECKS_EACH_COMMAND, "DicomAlwaysAllowStore": False}
"""Rejects a stranger with 1/1/3, also where only the address is wrong."""

REGISTERED_BY_NAME = "NAMED_STATION"
"""A calling title with a host name in place of an address, which Orthanc compares as it is."""

ECHO_FORBIDDEN = "MUTE_STATION"
"""A registered calling title that is not allowed to send C-ECHO."""


@contextmanager
def orthanc(
    directory: Path, options: Options, port: int | None = None, how: tuple[str, ...] = ()
) -> Iterator[RealPeer]:
    """Run an Orthanc that knows itself as ``ARCHIVE_TITLE``."""
    program = require_program("Orthanc", "orthanc")
    configuration = directory / "orthanc.json"

    def command(port: int) -> list[str]:
        configuration.write_text(json.dumps(_configuration(directory, port, options)))
        return [program, *how, str(configuration)]

    with running(command, directory, port) as peer:
        yield peer


def _configuration(directory: Path, port: int, options: Options) -> dict[str, object]:
    storage = str(directory / "storage")
    return {
        "StorageDirectory": storage,
        "IndexDirectory": storage,
        "Plugins": [],
        "HttpServerEnabled": False,
        "DicomAet": ARCHIVE_TITLE,
        "DicomPort": port,
        "DicomModalities": {
            "ours": _modality(REGISTERED, "127.0.0.1"),
            "away": _modality(REGISTERED_ELSEWHERE, ANOTHER_ADDRESS),
            "named": _modality(REGISTERED_BY_NAME, "localhost"),
            "mute": {**_modality(ECHO_FORBIDDEN, "127.0.0.1"), "AllowEcho": False},
        },
        **options,
    }


def _modality(title: str, address: str) -> dict[str, object]:
    return {"AET": title, "Host": address, "Port": 11113}
