"""Finds the program that uses a port, from /proc (proc(5)). Only root sees others' programs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from dcmecho.diagnosis.sanitize import PeerText

_TABLES = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
_LISTEN = "0A"
_LOCAL_AT, _STATE_AT, _INODE_AT = 1, 3, 9


@dataclass(frozen=True, slots=True)
class PortOwner:
    """A listening process."""

    pid: int
    program: str

    def __str__(self) -> str:
        return f"{self.program} (process {self.pid})"


def port_owner(port: int) -> PortOwner | None:
    """Return the program that listens on TCP ``port``, or ``None`` if not visible."""
    sockets = {f"socket:[{inode}]" for inode in _listening_inodes(port)}
    if not sockets:
        return None
    for process in Path("/proc").iterdir():
        if process.name.isdigit() and _holds(process, sockets):
            return PortOwner(int(process.name), _program(process))
    return None


def running_programs() -> frozenset[str]:
    """Return the names of all running programs (the kernel keeps 15 characters of each)."""
    return frozenset(
        _program(process) for process in Path("/proc").iterdir() if process.name.isdigit()
    )


def _listening_inodes(port: int) -> Iterator[str]:
    for table in _TABLES:
        with suppress(OSError):
            for line in table.read_text().splitlines()[1:]:
                row = line.split()
                if row[_STATE_AT] == _LISTEN and row[_LOCAL_AT].endswith(f":{port:04X}"):
                    yield row[_INODE_AT]


def _holds(process: Path, sockets: set[str]) -> bool:
    with suppress(OSError):
        for descriptor in (process / "fd").iterdir():
            with suppress(OSError):
                if os.readlink(descriptor) in sockets:
                    return True
    return False


def _program(process: Path) -> str:
    with suppress(OSError):
        return str(PeerText((process / "comm").read_text(errors="replace").strip()))
    return ""
