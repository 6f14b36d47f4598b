"""What a value of a file can do to the user if somebody else has written it."""

from __future__ import annotations

from enum import Enum, auto


class Risk(Enum):
    """The mark of every key of a profile file.

    Only the keys without a risk count in a file that somebody else can change.
    """

    NONE = auto()
    RUNS_A_PROGRAM = auto()
    WRITES_A_FILE = auto()
    REDIRECTS_TRAFFIC = auto()
    GIVES_TRUST = auto()
    """It makes keys with a risk count elsewhere."""

    def __bool__(self) -> bool:
        """Report whether there is a risk."""
        return self is not Risk.NONE
