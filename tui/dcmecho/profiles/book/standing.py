"""How much a profile file is allowed to do to the user who reads it. No I/O."""

from __future__ import annotations

from dataclasses import dataclass

from dcmecho.diagnosis.target.risk import Risk


@dataclass(frozen=True, slots=True)
class Standing:
    """Whose a file is."""

    distrust: str = ""
    """Who else can change it, and what to do if that is all right; empty if nobody else can."""
    elsewhere: str = ""
    """The file for the user's own settings; empty if it is this one."""

    def objection(self, risk: Risk, *, own_only: bool = False) -> str:
        """Say why a key of this file does not count; empty if it does."""
        if risk and self.distrust:
            return f"is ignored, because {self.distrust}"
        if own_only and self.elsewhere:
            return f"is ignored here. It counts in {self.elsewhere} only"
        return ""


FULL = Standing()
"""Everything in the file counts."""
