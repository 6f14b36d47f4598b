"""Makes Textual's SVG export the same on every run, and the same in every viewer."""

from __future__ import annotations

import re

_RUN = re.compile(
    r'(?P<open><text class="[^"]*") x="(?P<x>[\d.]+)" y="(?P<y>[\d.]+)" '
    r'textLength="(?P<length>[\d.]+)"(?P<rest>[^>]*)>(?P<text>[^<]*)</text>'
)
_NBSP = "&#160;"
_ENTITY = re.compile(r"&[^;]+;|.", re.DOTALL)
_UNIQUE_ID = re.compile(r"terminal-(\d+)-")


def stable_svg(svg: str, name: str) -> str:
    """Replace the export's checksum by the picture's name, and pad no text with spaces.

    Viewers that drop leading no-break spaces would else draw a run of text too far left.
    """
    svg = _UNIQUE_ID.sub(f"{name}-", svg)
    return _RUN.sub(_without_padding, svg)


def _without_padding(match: re.Match[str]) -> str:
    text = match["text"]
    cells = len(_ENTITY.findall(text))
    width = float(match["length"]) / cells if cells else 0.0
    left = _padding(text)
    kept = text[left * len(_NBSP) :]
    while kept.endswith(_NBSP):
        kept = kept[: -len(_NBSP)]
    if not kept:
        return ""
    x = float(match["x"]) + left * width
    length = len(_ENTITY.findall(kept)) * width
    return (
        f'{match["open"]} x="{x:g}" y="{match["y"]}" '
        f'textLength="{length:g}"{match["rest"]}>{kept}</text>'
    )


def _padding(text: str) -> int:
    count = 0
    while text.startswith(_NBSP, count * len(_NBSP)):
        count += 1
    return count
