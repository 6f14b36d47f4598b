"""The abilities of the terminal, determined before the first byte is written to it."""

from __future__ import annotations

import sys
import termios
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from os import environ
from pathlib import Path

from dcmecho.console.symbols import Symbols, symbols_of
from dcmecho.console.terminal import probe
from dcmecho.profiles.book.settings import Signs

_ESCAPE_S, _LONGEST_ESCAPE_S = 0.1, 0.4
"""Seconds, on a fast line and on a slow one."""


@dataclass(frozen=True, slots=True)
class Terminal:
    """``sixteen_colours``: only the terminal's own colors, or none at all (``NO_COLOR``).

    ``osc52``: it handles the escape sequence that copies, or ignores it. ``slow``: the user waits
    for every byte on the line to it. ``mouse``: clicks come to the console, so that text can be
    selected only with shift. ``title``: its window has a title. ``round_trip_s``: how long a byte
    takes to it and back. ``typed``: what was typed before the console opened.
    """

    signs: Signs = Signs.UNICODE
    sixteen_colours: bool = False
    osc52: bool = True
    slow: bool = False
    mouse: bool = True
    title: bool = False
    round_trip_s: float = 0.0
    typed: str = ""

    @property
    def symbols(self) -> Symbols:
        """The signs that this terminal can show; on a slow line no bars, which always move."""
        symbols = symbols_of(self.signs)
        return replace(symbols, sparks="", rule="-") if self.slow else symbols

    @property
    def plain_lines(self) -> bool:
        """True if borders are made of ASCII signs."""
        return self.slow or self.signs is Signs.ASCII

    @property
    def patience_s(self) -> float:
        """A run that ends sooner than this is drawn only once, with its result."""
        return 0.4 if self.slow else 0.0

    @property
    def escape_delay_s(self) -> float:
        """An escape that nothing follows for so long is the key, not the start of a sequence."""
        return min(max(_ESCAPE_S, self.round_trip_s), _LONGEST_ESCAPE_S)

    @property
    def drain_interval_s(self) -> float:
        """Minimum seconds between two drawings of log lines, running times and the watch."""
        return 1.0 if self.slow else 0.25


TRUE_COLOUR = Terminal()
"""A UTF-8 terminal with all colors."""


def number_of_colors(term: str) -> int:
    """Return what terminfo says of the terminal; without an entry, the end of its name decides.

    The library reads terminfo once in a process (curses.setupterm).
    """
    import curses

    try:
        curses.setupterm(term, fd=sys.__stdout__.fileno() if sys.__stdout__ else 1)
    except (curses.error, OSError, ValueError):
        return 256 if term.endswith(("256color", "kitty")) else 16
    return curses.tigetnum("colors")


def look(
    env: Mapping[str, str] | None = None,
    *,
    low_bandwidth: bool = False,
    colors: Callable[[str], int] = number_of_colors,
) -> Terminal:
    """Determine the terminal from its environment (default: that of this process at its start).

    ``low_bandwidth``: the user says that the line to it is slow.
    ``colors`` gives the number of colors of a ``TERM``.
    """
    env = starting_environment() if env is None else env
    has_many_colors = _has_many_colors(env, colors)
    return Terminal(
        signs=_signs(env, has_many_colors=has_many_colors),
        sixteen_colours=low_bandwidth or "NO_COLOR" in env or not has_many_colors,
        # The text console of a server would print it.
        osc52=not _is_text_console(env),
        slow=low_bandwidth,
        mouse=_mouse_is_harmless(env),
        title=env.get("TERM", "").startswith(_WITH_TITLE),
    )


def ask(terminal: Terminal) -> Terminal:
    """Return the terminal with what it answers: signs that it draws in the right width."""
    if terminal.signs is Signs.ASCII or sys.__stdin__ is None or sys.__stderr__ is None:
        return terminal
    signs = probe.signs_to_measure(terminal.symbols)
    try:
        answer = probe.ask(sys.__stdin__.fileno(), sys.__stderr__.fileno(), signs)
    except (OSError, termios.error):
        return terminal
    is_right = answer.column in (None, len(signs) + 1)
    return replace(
        terminal,
        signs=terminal.signs if is_right else Signs.ASCII,
        round_trip_s=0.0 if answer.column is None else answer.round_trip_s,
        typed=answer.typed.decode(errors="replace"),
    )


_WITH_TITLE = ("xterm", "putty", "rxvt", "tmux", "alacritty", "foot")


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


def _signs(env: Mapping[str, str], *, has_many_colors: bool) -> Signs:
    if not speaks_utf8(env) or _is_text_console(env):
        return Signs.ASCII
    # PuTTY with its defaults; a terminal that says more of itself has more signs.
    names = env.get("TERM", "").startswith(("xterm", "putty"))
    return Signs.WGL4 if names and not has_many_colors else Signs.UNICODE


def _is_text_console(env: Mapping[str, str]) -> bool:
    return env.get("TERM", "").startswith(("linux", "vt"))


def _mouse_is_harmless(env: Mapping[str, str]) -> bool:
    """Return whether nothing is lost when the terminal reports clicks.

    Over SSH people select and paste with it. While it is on, GNU screen keeps a lone escape, and
    types the next key into a field.
    """
    is_remote = "SSH_CONNECTION" in env or "SSH_TTY" in env
    in_screen = env.get("TERM", "").startswith("screen") or "STY" in env
    in_tmux = "TMUX" in env or env.get("TERM_PROGRAM") == "tmux"
    return not is_remote and (in_tmux or not in_screen)


def _has_many_colors(env: Mapping[str, str], colors: Callable[[str], int]) -> bool:
    if env.get("COLORTERM", "").lower() in ("truecolor", "24bit"):
        return True
    return colors(env.get("TERM", "")) >= 256
