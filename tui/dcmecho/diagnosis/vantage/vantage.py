"""A machine from which a peer is asked, and what can be wrong with the way to it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from dcmecho.diagnosis.cause import CauseId

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
    def login(self) -> str:
        """The ssh command that a person runs once, to answer what ssh asks."""
        # Imported here because every check imports this module, and start-up counts.
        import shlex

        config = ["-F", self.ssh_config] if self.ssh_config else []
        return shlex.join(["ssh", *config, "--", self.ssh, "true"])

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


class VantageReached(NamedTuple):
    """A vantage point that can ask."""

    vantage: str
    far_socket: str
    """The SHA-256 of the program that runs there, in hexadecimal."""
    way_and_back_ms: float


class VantageFailure(NamedTuple):
    """Why nothing can be asked from a vantage point. It says nothing about the peer."""

    cause: CauseId
    vantage: str
    """Its name."""
    text: str
    """What happened, in one sentence."""
    said: str = ""
    """The last words of ssh or of the other machine, printable."""
    login: str = ""
    """The ssh command that a person can run to see for themselves."""
    is_sure: bool = True
    """False if nothing that was said rules out another cause."""
