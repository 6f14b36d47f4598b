"""What the profile file forbids to probe: addresses, whatever name they are given by."""

from __future__ import annotations

from typing import NamedTuple

from dcmecho.diagnosis.sanitize import own_text


class Prohibition(NamedTuple):
    """The address and port of a target with ``do_not_probe``."""

    name: str
    host: str
    port: int
    reason: str
    called_ae: str = ""
    """Empty if it is not known."""

    def __str__(self) -> str:
        whose = f"do_not_probe of {own_text(self.name)}" if self.name else "do_not_probe"
        return f"not checked: {own_text(self.reason)} ({whose}, which has this address and port)"


class Prohibitions(NamedTuple):
    """All that a profile file forbids."""

    entries: tuple[Prohibition, ...] = ()
    unknown: str = ""
    """Why the file, which forbids something, cannot be understood; then it forbids everything."""
