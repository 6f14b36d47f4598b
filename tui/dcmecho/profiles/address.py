"""``AET@HOST:PORT``, the peer in one word, as dcm4che and people write it. Pure."""

from __future__ import annotations

import re
from typing import NamedTuple


class PeerAddress(NamedTuple):
    """``AET@HOST:PORT`` taken apart."""

    called_ae: str
    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.called_ae}@{host}:{self.port}"


_AET_HOST_PORT = re.compile(r"(?P<ae>.+?)@(?P<host>\[[^]]+\]|[^:@]+):(?P<port>-?\d+)")


def peer_address(text: str) -> PeerAddress | None:
    """``text`` as ``AET@HOST:PORT`` (``AET@[IPV6]:PORT``), else ``None``."""
    match = _AET_HOST_PORT.fullmatch(text)
    if match is None:
        return None
    return PeerAddress(match["ae"], match["host"].strip("[]"), int(match["port"]))
