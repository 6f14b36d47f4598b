"""A machine from which a peer is asked, and what can be wrong with the way to it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

HERE = "here"
"""The name of this machine among vantage points."""

PYTHON = "python3"

_UNSAFE = re.compile(r"[\s\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Vantage:
    """One vantage point, as ``[vantage.NAME]`` of the profile file describes it."""

    name: str
    ssh: str
    """The destination as ssh(1) takes it: ``user@host``, ``ssh://user@host:port``, a Host."""
    ssh_config: str = ""
    """A configuration file for ``ssh -F``; empty for the user's own."""
    python: str = PYTHON
    calling_ae: str = ""
    """Our title from there; empty for that of the target."""
    notes: str = ""

    @property
    def flaw(self) -> str:
        """Why this is no destination for ssh, or an empty text."""
        if not self.ssh:
            return 'ssh is missing: write ssh = "user@host", or a Host of your ssh_config'
        for what, value in (("ssh", self.ssh), ("python", self.python)):
            if value.startswith("-"):
                return f"{what} begins with -, which ssh would read as an option"
            if _UNSAFE.search(value):
                return f"{what} holds white space or a control character"
        return ""


class VantageFailure(NamedTuple):
    """Why nothing can be asked from a vantage point. It says nothing about the peer."""

    cause: str
    """The id of the cause, ``vantage.name`` and its like."""
    text: str
    """What happened, in one sentence."""
    said: str = ""
    """The words of ssh or of the other machine; foreign text."""
