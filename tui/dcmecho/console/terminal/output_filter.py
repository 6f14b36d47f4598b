"""The last filter for every line before it goes to the terminal.

Texts are made printable where they enter the program. This filter is a second barrier: whatever a
widget draws, no control character reaches the terminal. A terminal without UTF-8 gets only ASCII.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import assert_never

from rich.cells import cell_len
from rich.color import Color as RichColor
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

from dcmecho.profiles.book.settings import Signs

_LINES = {"─": "-", "━": "-", "│": "|", "┃": "|", "═": "=", "║": "|", "▔": "-"}
_BLOCKS = dict.fromkeys("▁▂▃▄▅▆▇█▉▊▋▌▍▎▏", " ")
"""The ends of scroll bars, which are drawn by their background."""
_CORNERS = dict.fromkeys("┌┐└┘├┤┬┴┼╭╮╰╯╔╗╚╝", "+")
_WORDS = {"…": "~", "→": ">", "←": "<", "·": ".", "•": "*", "–": "-", "—": "-", "␣": "_"}
_ARROWS = {"↑": "^", "↓": "v", "▸": ">", "▾": "v"}
_QUOTES = {"‘": "'", "’": "'", "“": '"', "”": '"', "×": "x", "µ": "u"}
_PLAIN_LINES = _LINES | _CORNERS
_ALL = _PLAIN_LINES | _BLOCKS | _WORDS | _ARROWS | _QUOTES
_WGL4 = dict(zip("╭╮╰╯▸▾✔✘␣", "┌┐└┘►▼√×·", strict=True)) | dict.fromkeys("▁▂▃▅▆▇▉▊▋▍▎▏▔", " ")


class OutputFilter(LineFilter):
    """Replaces forbidden characters by others of the same width.

    ``earlier`` returns the filters to apply first. They are applied here because each filter of its
    own would copy every line once more.
    """

    def __init__(
        self,
        earlier: Callable[[], Sequence[LineFilter]] = tuple,
        *,
        signs: Signs,
        plain_lines: bool = False,
        sixteen_colors: bool = False,
    ) -> None:
        super().__init__()
        self._earlier = earlier
        self._table = _table(signs, plain_lines=plain_lines)
        self._ascii = signs is Signs.ASCII
        self._sixteen_colors = sixteen_colors

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Translate the text of every segment; styles stay."""
        for earlier in self._earlier():
            segments = earlier.apply(segments, background)
        if self._sixteen_colors:
            segments = [Segment(text, paired(style), control) for text, style, control in segments]
        return [
            Segment(self.clean(text), style, control) if self._is_changed(text) else segment
            for segment in segments
            for text, style, control in (segment,)
        ]

    def clean(self, text: str) -> str:
        """Return visible text of the same number of cells; what has no equivalent becomes ``?``."""
        text = text.translate(self._table)
        return "".join("?" * cell_len(ch) if self._is_odd(ch) else ch for ch in text)

    def _is_changed(self, text: str) -> bool:
        return self._is_odd(text) or bool(self._table and not text.isascii())

    def _is_odd(self, text: str) -> bool:
        return not text.isprintable() or (self._ascii and not text.isascii())


def _table(signs: Signs, *, plain_lines: bool) -> dict[int, str]:
    """Return what to write instead of what the terminal's font may not have."""
    match signs:
        case Signs.UNICODE:
            other: dict[str, str] = {}
        case Signs.WGL4:
            other = _WGL4
        case Signs.ASCII:
            other = _ALL
        case _:
            assert_never(signs)
    return str.maketrans(other | _PLAIN_LINES if plain_lines else other)


@lru_cache(maxsize=256)
def paired(style: Style | None) -> Style | None:
    """Return a style that is readable on any palette: both colors set, or none.

    A color alone is drawn on a background that nobody knows, dark or white.
    """
    if style is None or _is_set(style.color) == _is_set(style.bgcolor):
        return style
    return style + (_DEFAULT_TEXT if _is_set(style.color) else _BLACK_TEXT)


_DEFAULT_TEXT, _BLACK_TEXT = Style(color="default"), Style(color="black")


def _is_set(color: RichColor | None) -> bool:
    return color is not None and not color.is_default
