"""pynetdicom's archive, the ``qrscp`` of its apps, as a program of its own."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.network.peers.real_peers import ARCHIVE_TITLE, RealPeer, running


@contextmanager
def qrscp(
    directory: Path, destinations: Mapping[str, int] | None = None, how: tuple[str, ...] = ()
) -> Iterator[RealPeer]:
    """Run an archive that takes every title; ``destinations`` are titles and ports of C-MOVE."""
    configuration = directory / "qrscp.ini"

    def command(port: int) -> list[str]:
        configuration.write_text(_configuration(directory, port, destinations or {}))
        return [sys.executable, "-m", "pynetdicom", "qrscp", *how, "-c", str(configuration)]

    with running(command, directory) as peer:
        yield peer


def _configuration(directory: Path, port: int, destinations: Mapping[str, int]) -> str:
    sections = {
        "DEFAULT": {
            "ae_title": ARCHIVE_TITLE,
            "port": port,
            "max_pdu": 16382,
            "acse_timeout": 30,
            "dimse_timeout": 30,
            "network_timeout": 30,
            "bind_address": "",
            "instance_location": directory / "instances",
            "database_location": directory / "instances.sqlite",
            "log_identifier": False,
        },
        **{title: {"address": "127.0.0.1", "port": n} for title, n in destinations.items()},
    }
    return "".join(
        f"[{name}]\n" + "".join(f"{key} = {value}\n" for key, value in values.items())
        for name, values in sections.items()
    )
