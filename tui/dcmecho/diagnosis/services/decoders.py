"""The tools that decode a transfer syntax, read from ``decoders.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

_FILE = "decoders.toml"


def decoders_of(syntax_uid: str) -> tuple[str, ...]:
    """Return the tools that decode a transfer syntax; none if dcmecho knows of none."""
    return tuple(name for name, decodes in decoders().items() if syntax_uid in decodes)


@cache
def decoders() -> Mapping[str, frozenset[str]]:
    """Return the UIDs of the transfer syntaxes that each tool decodes; the file is read once."""
    tables = tomllib.loads(files(__package__).joinpath(_FILE).read_text(encoding="utf-8"))
    return {tool["name"]: frozenset(tool["decodes"]) for tool in tables["tool"]}
