"""The implementation that dcmecho names on the wire (PS3.7 D.3.3.2)."""

from __future__ import annotations

from dcmecho import __version__

IMPLEMENTATION_CLASS_UID = "2.25.15942859386349496160196438484690522751"
"""Derived from a UUID (PS3.5 B.2). The peer's log can show it."""

IMPLEMENTATION_VERSION = "DCMECHO_" + "".join(__version__.split(".")[:2])
