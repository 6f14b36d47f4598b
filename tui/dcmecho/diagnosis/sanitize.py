r"""Makes foreign text printable: that of a peer is a type of its own until then.

Nothing that a peer sends must move the cursor, change colors or hide text. Control characters,
escape sequences, bidirectional overrides and bytes outside ASCII are shown as ``\x1b`` or
``\u202e``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import PurePath

LINE = 512
"""Maximum characters of a text on one line."""

BRIEF = 60
"""Maximum number of characters of a text within a sentence."""

PARAGRAPH = 4096
"""Maximum characters of a wrapped text."""


def printable(text: str | bytes, limit: int = LINE) -> str:
    r"""Return one line of visible text, with other characters as ``\x..`` or ``\u....``.

    Text longer than ``limit`` characters is cut and ends with an ellipsis.
    """
    if isinstance(text, bytes):
        text = text.decode("latin-1")
        shown = text if text.isascii() and text.isprintable() else _escaped_bytes(text)
    else:
        shown = text if text.isprintable() else "".join(map(_escape, text))
    return cut(shown, limit)


def cut(text: str, limit: int) -> str:
    """Return printable text of at most ``limit`` characters, with an ellipsis if some are gone."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def error_text(error: BaseException) -> str:
    """Return the words of Python or of a library for an error, printable."""
    return printable(str(error), PARAGRAPH)


def own_text(text: str) -> str:
    """Return what the user typed or wrote into the target file, printable."""
    return printable(text)


def path_text(path: PurePath | str) -> str:
    """Return a path as the user or the file system gave it, printable."""
    return printable(str(path))


class PeerText:
    r"""Text as a peer sent it. ``str()`` and f-strings give it printable, on one line.

    It is not a ``str``, so mypy reports every place that uses it as one. Bytes outside
    ASCII are shown as ``\x..``; of text that a library decoded, only what is not printable is.
    """

    __slots__ = ("_sent",)

    def __init__(self, sent: str | bytes) -> None:
        self._sent = sent

    @property
    def raw(self) -> str:
        """The characters that were sent, to compare them. Never to be shown."""
        return self._sent if isinstance(self._sent, str) else self._sent.decode("latin-1")

    @property
    def brief(self) -> str:
        """Its printable beginning, for a sentence that goes on."""
        return printable(self._sent, BRIEF)

    def __str__(self) -> str:
        return printable(self._sent)

    def __repr__(self) -> str:
        return f"PeerText({self._sent!r})"

    def __bool__(self) -> bool:
        return bool(self._sent)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PeerText) and self.raw == other.raw

    def __hash__(self) -> int:
        return hash(self.raw)


NO_TEXT = PeerText(b"")
"""The text of a peer that sent none."""


def title_bytes(title: str | bytes) -> str:
    r"""Return an AE title, with its bytes if it has odd ones: ``PACS\x20 (50 41 43 53 20)``.

    A title of visible ASCII without leading or trailing spaces is returned unchanged.
    """
    text = title if isinstance(title, str) else title.decode("latin-1")
    if text and text.isascii() and text.isprintable() and text == text.strip(" "):
        return text
    raw = title if isinstance(title, bytes) else title.encode("utf-8", "surrogateescape")
    shown = "".join("\\x20" if byte == 0x20 else printable(bytes([byte])) for byte in raw)
    return f"{shown} ({raw.hex(' ')})" if raw else "(empty)"


def title_words(title: str) -> str:
    """Return an AE title for a sentence, in quotes if it starts or ends with a space."""
    is_plain = title.isascii() and title.isprintable()
    if is_plain and title.strip(" ") and title != title.strip(" "):
        return f'"{title}"'
    return title_bytes(title)


def _escaped_bytes(text: str) -> str:
    return "".join(ch if 0x20 <= ord(ch) < 0x7F else f"\\x{ord(ch):02x}" for ch in text)


def _escape(ch: str) -> str:
    if ch.isprintable():
        return ch
    code = ord(ch)
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
