"""Practice applications that call your listener: a table to read and to extend.

They call one after another, each in a different way in which peers call a workstation.
"""

from __future__ import annotations

from dataclasses import dataclass

from dcmecho.lab.peer import OUR_TITLE, THEIR_TITLE


@dataclass(frozen=True, slots=True)
class LabCaller:
    """One application on which somebody starts Verify (C-ECHO).

    ``called_ae`` is the title registered for you, byte by byte. ``ports_off`` is the difference of
    the registered port from the right one.
    """

    calling_ae: str
    called_ae: bytes = OUR_TITLE.encode()
    ports_off: int = 0
    source: str = "127.0.0.1"
    tries_tls: bool = False


CALLERS = (
    LabCaller(THEIR_TITLE),
    LabCaller("CT_2", called_ae=b"MY_W0RKSTATION"),
    LabCaller("MR_1", called_ae=OUR_TITLE.encode() + b"\0\0"),
    LabCaller(THEIR_TITLE, source="127.0.0.2"),
    LabCaller("US_4", tries_tls=True),
    LabCaller("XA_1", ports_off=1),
)
"""Correct; 0 instead of O; padded with NUL; another address; with TLS; the next port."""
