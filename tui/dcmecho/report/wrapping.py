"""Where lines of plain text break."""

from __future__ import annotations

import textwrap

WIDTH = 78
"""Fits a terminal of 80 columns, also inside a frame."""


def wrap(text: str, first: str, others: str) -> list[str]:
    """Break ``text`` to :data:`WIDTH`; ``first`` and ``others`` are the indents of its lines.

    A name is not broken at a hyphen: people copy it.
    """
    return textwrap.wrap(
        text, WIDTH, initial_indent=first, subsequent_indent=others, break_on_hyphens=False
    )
