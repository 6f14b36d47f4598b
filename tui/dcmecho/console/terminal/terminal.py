"""What the terminal can show, determined before the first byte is written to it."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from os import environ
from pathlib import Path

from dcmecho.console.symbols import ASCII, UNICODE, Symbols


@dataclass(frozen=True, slots=True)
class Terminal:
    """``sixteen_colours``: only the terminal's own colors, or none at all (``NO_COLOR``).

    ``osc52``: it handles the escape sequence that copies, or ignores it. ``slow``: the user waits
    for every byte on the line to it.
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
        """True if borders are made of ASCII signs."""
        return self.slow or not self.unicode

    @property
    def patience_s(self) -> float:
        """A run that ends sooner than this is drawn only once, with its result."""
        return 0.4 if self.slow else 0.0

    @property
    def drain_interval_s(self) -> float:
        """Minimum seconds between two drawings of log lines, running times and the watch."""
        return 1.0 if self.slow else 0.25


TRUE_COLOUR = Terminal()
"""A UTF-8 terminal with all colors."""


def look(env: Mapping[str, str] | None = None, *, low_bandwidth: bool = False) -> Terminal:
    """Determine the terminal from its environment (default: that of this process at its start).

    ``low_bandwidth``: the user says that the line to it is slow.
    """
    env = starting_environment() if env is None else env
    return Terminal(
        unicode=speaks_utf8(env),
        sixteen_colours=low_bandwidth or not _has_many_colours(env),
        # The text console of a server would print it.
        osc52=not env.get("TERM", "").startswith(("linux", "vt")),
        slow=low_bandwidth,
    )


def refusal(env: Mapping[str, str] | None = None) -> str | None:
    """Return why the console cannot run here and what to use instead, or ``None``."""
    env = environ if env is None else env
    advice = (
        "Use `dcmecho check NAME` or `dcmecho check --all` for the same diagnosis as plain text."
    )
    streams = (sys.__stdin__, sys.__stdout__, sys.__stderr__)
    if not all(stream and stream.isatty() for stream in streams):
        return f"the console needs a terminal on stdin, stdout and stderr. {advice}"
    if env.get("TERM", "dumb") in ("dumb", "unknown", ""):
        return f"the terminal (TERM={env.get('TERM', '')}) cannot move its cursor. {advice}"
    return None


def speaks_utf8(env: Mapping[str, str]) -> bool:
    """Return whether the locale is UTF-8 (the first of LC_ALL, LC_CTYPE and LANG decides)."""
    for variable in ("LC_ALL", "LC_CTYPE", "LANG"):
        if value := env.get(variable):
            codeset = value.rpartition(".")[2].partition("@")[0]
            return codeset.replace("-", "").lower() == "utf8"
    return False


def starting_environment() -> Mapping[str, str]:
    """Return the environment as it was before Python changed a C locale to C.UTF-8 (PEP 538)."""
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
