"""Text wrapped to the width of a pane: paragraphs, and items beside a short lead."""

from __future__ import annotations

from collections.abc import Iterator

from rich.cells import cell_len
from textual.content import Content

from dcmecho.diagnosis.sanitize import PARAGRAPH, printable

MARGIN = "  "
"""Left margin of every line; the cursor is drawn there."""

_LEAST_WIDTH = 10


def beside(name: str, rest: str, width: int) -> str:
    """Return ``name``, cut if necessary to leave room for all of ``rest``."""
    room = max(_LEAST_WIDTH, width - cell_len(rest) - len(MARGIN))
    return Content(name).truncate(room, ellipsis=True).plain


def paragraph(text: str, width: int, style: str = "") -> Iterator[Content]:
    """Wrap ``text``, made printable, to ``width`` cells, with a margin on both sides."""
    for line in Content(printable(text, PARAGRAPH)).wrap(
        max(_LEAST_WIDTH, width - 2 * len(MARGIN))
    ):
        yield Content.assemble(MARGIN, line.stylize(style))


def item(
    lead: str, text: str, width: int, style: str = "", lead_style: str = "$quiet"
) -> Iterator[Content]:
    """Wrap ``text``, made printable, beside ``lead``."""
    indent = " " * (len(lead) + 2 * len(MARGIN))
    room = max(_LEAST_WIDTH, width - len(indent) - len(MARGIN))
    for number, line in enumerate(Content(printable(text, PARAGRAPH)).wrap(room)):
        start = (f"{MARGIN}{lead}{MARGIN}", lead_style) if number == 0 else indent
        yield Content.assemble(start, line.stylize(style))
