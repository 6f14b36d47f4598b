"""Detects a running local firewall, as far as a normal user can see it."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from dcmecho.diagnosis.listen.absence import LocalFirewall
from dcmecho.dicom.listen.port_owner import running_programs

_UFW_CONFIGURATION = Path("/etc/ufw/ufw.conf")


def local_firewall() -> LocalFirewall | None:
    """Return the detected firewall, or ``None``, which does not prove that there is none."""
    if "firewalld" in running_programs():
        return LocalFirewall.FIREWALLD
    with suppress(OSError):
        lines = _UFW_CONFIGURATION.read_text(errors="replace").lower().splitlines()
        if "enabled=yes" in (line.strip() for line in lines):
            return LocalFirewall.UFW
    return None
