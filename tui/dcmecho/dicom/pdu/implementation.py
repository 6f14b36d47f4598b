"""Who we are on the wire (PS3.7 D.3.3.2)."""

from __future__ import annotations

from dcmecho import __version__

IMPLEMENTATION_CLASS_UID = "2.25.15942859386349496160196438484690522751"
"""Ours, from a UUID (PS3.5 B.2); what the peer's log shows of us."""

IMPLEMENTATION_VERSION = "DCMECHO_" + "".join(__version__.split(".")[:2])
