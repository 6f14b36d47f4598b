"""What a peer's administrator has to register so that it knows us."""

from __future__ import annotations

from collections.abc import Iterable

from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.target.value_checks import ACR_NEMA_PORT

OUR_PORT = ACR_NEMA_PORT
"""Where peers are told that we listen, unless said otherwise."""


def our_side(targets: Iterable[Target], host: str, port: int) -> tuple[Target, ...]:
    """Us as peers see us, once for each of our AE titles; ``host`` is our address, or our name."""
    titles = dict.fromkeys(target.calling_ae.strip(" ") for target in targets)
    return tuple(
        Target(name=title, host=host, port=port, called_ae=title, calling_ae=title)
        for title in titles
    )


def one_line(target: Target) -> str:
    """The line to read out or to send: ``AE title MYWS, host 10.1.2.3, port 104``."""
    secure = "" if target.tls is None else ", TLS"
    title = target.called_ae.strip(" ")
    return f"AE title {title}, host {target.host}, port {target.port}{secure}"
