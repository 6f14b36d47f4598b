"""``AET@HOST:PORT``, the way dcm4che and people write a peer. No I/O."""

from __future__ import annotations

import re
from typing import NamedTuple

from dcmecho.diagnosis.target.digits import DIGITS


class PeerAddress(NamedTuple):
    """The parts of ``AET@HOST:PORT``."""

    called_ae: str
    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.called_ae}@{host}:{self.port}"


_AET_HOST_PORT = re.compile(rf"(?P<ae>.+?)@(?P<host>\[[^]@]+\]|[^:@]+):(?P<port>-?{DIGITS})")


def peer_address(text: str) -> PeerAddress | None:
    """Parse ``AET@HOST:PORT`` or ``AET@[IPV6]:PORT``; return ``None`` for any other text."""
    match = _AET_HOST_PORT.fullmatch(text)
    if match is None:
        return None
    return PeerAddress(match["ae"], match["host"].strip("[]"), int(match["port"]))
