"""What the terminal can show, judged before the first byte is written to it."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from os import environ
from pathlib import Path

from dcmecho.console.symbols import ASCII, UNICODE, Symbols


@dataclass(frozen=True, slots=True)
class Terminal:
    """``sixteen_colours``: only the terminal's own colours, or none at all (``NO_COLOR``).

    ``osc52``: it takes the escape sequence that copies, or passes over it. ``slow``: every byte on
    the line to it is waited for.
    """

    unicode: bool = True
    sixteen_colours: bool = False
    osc52: bool = True
    slow: bool = False

    @property
    def symbols(self) -> Symbols:
        """The signs that this terminal can show; on a slow line no bars, which always move."""
        signs = UNICODE if self.unicode else ASCII
        return replace(signs, sparks="", rule=ASCII.rule) if self.slow else signs

    @property
    def plain_lines(self) -> bool:
        """True where borders are made of ASCII signs."""
        return self.slow or not self.unicode

    @property
    def patience_s(self) -> float:
        """A run that ends sooner is drawn once, with its result."""
        return 0.4 if self.slow else 0.0

    @property
    def drain_interval_s(self) -> float:
        """Log lines, running times and news of the watch are drawn this often at most."""
        return 1.0 if self.slow else 0.25


TRUE_COLOUR = Terminal()
"""A UTF-8 terminal with all colours."""


def look(env: Mapping[str, str] | None = None, *, low_bandwidth: bool = False) -> Terminal:
    """Judge the terminal by its environment (by default the one this process was started with).

    ``low_bandwidth``: the user says that the line to it is slow.
    """
    env = starting_environment() if env is None else env
    return Terminal(
        unicode=speaks_utf8(env),
        sixteen_colours=low_bandwidth or not _has_many_colours(env),
        # The text console of a server prints it.
        osc52=not env.get("TERM", "").startswith(("linux", "vt")),
        slow=low_bandwidth,
    )


def refusal(env: Mapping[str, str] | None = None) -> str | None:
    """Why the console cannot run here and what to use in its place, or ``None``."""
    env = environ if env is None else env
    advice = (
        "Use `dcmecho check NAME` or `dcmecho check --all`: "
        "the same diagnosis as plain text, no screen needed."
    )
    streams = (sys.__stdin__, sys.__stdout__, sys.__stderr__)
    if not all(stream and stream.isatty() for stream in streams):
        return f"the console needs a terminal: stdin, stdout and stderr. {advice}"
    if env.get("TERM", "dumb") in ("dumb", "unknown", ""):
        return f"the terminal (TERM={env.get('TERM', '')}) cannot move its cursor. {advice}"
    return None


def speaks_utf8(env: Mapping[str, str]) -> bool:
    """True where the locale's encoding is UTF-8 (the first of LC_ALL, LC_CTYPE, LANG decides)."""
    for variable in ("LC_ALL", "LC_CTYPE", "LANG"):
        if value := env.get(variable):
            codeset = value.rpartition(".")[2].partition("@")[0]
            return codeset.replace("-", "").lower() == "utf8"
    return False


def starting_environment() -> Mapping[str, str]:
    """The environment as it was before Python coerced a C locale into C.UTF-8 (PEP 538)."""
    try:
        raw = Path("/proc/self/environ").read_bytes()
    except OSError:
        return environ
    pairs = (entry.partition(b"=") for entry in raw.split(b"\0") if entry)
    return {key.decode(errors="replace"): value.decode(errors="replace") for key, _, value in pairs}


def _has_many_colours(env: Mapping[str, str]) -> bool:
    if "NO_COLOR" in env:
        return False
    if env.get("COLORTERM", "").lower() in ("truecolor", "24bit"):
        return True
    return env.get("TERM", "").rpartition("-")[2] in ("256color", "kitty")
