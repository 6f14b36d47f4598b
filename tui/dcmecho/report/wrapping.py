"""Line breaks of plain text."""

from __future__ import annotations

import textwrap

WIDTH = 78
"""Columns of a line: fits a terminal of 80 columns, even inside a frame."""


def wrap(text: str, first: str, others: str) -> list[str]:
    """Break ``text`` to :data:`WIDTH`; ``first`` and ``others`` are the indents of its lines.

    Names are not broken at hyphens, because people copy them.
    """
    return textwrap.wrap(
        text, WIDTH, initial_indent=first, subsequent_indent=others, break_on_hyphens=False
    )
