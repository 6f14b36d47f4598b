"""The SOP classes and transfer syntaxes to ask a peer about, read from ``catalogue.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

SERVICES = "Services"
"""The group without storage SOP classes."""

MADE_UP_SOP_CLASS = "2.25.301947285614409226130541988215604182563"
"""A SOP class that does not exist; a peer that accepts it accepts anything (PS3.5 B.2)."""

MADE_UP_SYNTAX = "2.25.62185041907358839011942704633815207719"
"""A transfer syntax that does not exist."""

_FILE = "catalogue.toml"


@dataclass(frozen=True, slots=True)
class Syntax:
    """A transfer syntax to ask about.

    ``code`` (2 letters) is the heading of its column, ``family`` the common name, and ``short``
    (at most 5 letters) the name in the JSON.
    """

    uid: str
    code: str
    family: str
    short: str


@dataclass(frozen=True, slots=True)
class SopClass:
    """A SOP class to ask about, and the transfer syntaxes to offer for it."""

    uid: str
    short: str
    group: str
    syntaxes: tuple[Syntax, ...]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything to ask about, in the order of the matrix."""

    syntaxes: tuple[Syntax, ...]
    sop_classes: tuple[SopClass, ...]

    @property
    def images(self) -> tuple[Syntax, ...]:
        """The transfer syntaxes to offer for a SOP class outside the catalogue."""
        return max((each.syntaxes for each in self.sop_classes), key=len)

    def find(self, uid: str) -> SopClass | None:
        """Return the SOP class with this UID, or ``None``."""
        return next((each for each in self.sop_classes if each.uid == uid), None)


@cache
def catalogue() -> Catalogue:
    """Return the catalogue; the file is read once."""
    tables = tomllib.loads(files(__package__).joinpath(_FILE).read_text(encoding="utf-8"))
    syntaxes = [
        (Syntax(t["uid"], t["code"], t["family"], t["short"]), t["sets"]) for t in tables["syntax"]
    ]

    def asked(name: str) -> tuple[Syntax, ...]:
        return tuple(syntax for syntax, sets in syntaxes if name in sets)

    return Catalogue(
        tuple(syntax for syntax, _ in syntaxes),
        tuple(
            SopClass(uid, short, group["title"], asked(_set(other, group["asked"])))
            for group in tables["group"]
            for uid, short, *other in group["sop_classes"]
        ),
    )


def _set(other: Sequence[str], usual: str) -> str:
    return other[0] if other else usual
