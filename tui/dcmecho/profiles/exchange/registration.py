"""The entry that a peer's administrator must register for this machine."""

from __future__ import annotations

from collections.abc import Iterable

from dcmecho.diagnosis.target.target import Target


def our_side(targets: Iterable[Target], host: str, port: int) -> tuple[Target, ...]:
    """Return this machine as peers see it, once for each calling AE title, at ``host``."""
    titles = dict.fromkeys(target.calling_ae.strip(" ") for target in targets)
    return tuple(
        Target(name=title, host=host, port=port, called_ae=title, calling_ae=title)
        for title in titles
    )


def one_line(target: Target) -> str:
    """Return a line to send or say: ``AE title MYWS, host 10.1.2.3, port 104``."""
    secure = "" if target.tls is None else ", TLS"
    title = target.called_ae.strip(" ")
    return f"AE title {title}, host {target.host}, port {target.port}{secure}"
