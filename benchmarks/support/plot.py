"""A line chart as SVG, without a plotting library as a dependency."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

_WIDTH, _HEIGHT = 720, 360
_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 20, 40, 60
_COLOURS = ("#1b6ca8", "#c0392b", "#27803b", "#8e44ad")


@dataclass(frozen=True)
class Axis:
    """A logarithmic axis from ``low`` to ``high``, with one tick per decade."""

    title: str
    low: float
    high: float

    def share(self, value: float) -> float:
        """Return the position of ``value``, from 0 to 1."""
        return math.log(value / self.low) / math.log(self.high / self.low)

    def ticks(self) -> list[float]:
        """Return the powers of ten in the range."""
        first, last = math.ceil(math.log10(self.low)), math.floor(math.log10(self.high))
        return [10.0**power for power in range(first, last + 1)]


def line_chart(
    title: str, x: Axis, y: Axis, lines: Mapping[str, Sequence[tuple[float, float]]]
) -> str:
    """Return a chart with a line for each name; points are ``(x, y)``."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}"'
        ' font-family="sans-serif" font-size="13">',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="white"/>',
        f'<text x="{_LEFT}" y="24" font-size="15">{escape(title)}</text>',
        *_frame(x, y),
    ]
    for number, (name, points) in enumerate(lines.items()):
        parts += _line(number, name, points, x, y)
    return "\n".join([*parts, "</svg>", ""])


def _frame(x: Axis, y: Axis) -> list[str]:
    bottom, right = _HEIGHT - _BOTTOM, _WIDTH - _RIGHT
    parts = [
        f'<path d="M{_LEFT},{_TOP} V{bottom} H{right}" fill="none" stroke="black"/>',
        f'<text x="{(_LEFT + right) / 2}" y="{_HEIGHT - 16}" text-anchor="middle">'
        f"{escape(x.title)}</text>",
        f'<text transform="translate(18,{(_TOP + bottom) / 2}) rotate(-90)" text-anchor="middle">'
        f"{escape(y.title)}</text>",
    ]
    for tick in x.ticks():
        at = _x(x, tick)
        parts.append(f'<text x="{at}" y="{bottom + 18}" text-anchor="middle">{tick:g}</text>')
    for tick in y.ticks():
        at = _y(y, tick)
        parts.append(f'<path d="M{_LEFT},{at} H{right}" stroke="#dddddd"/>')
        parts.append(f'<text x="{_LEFT - 8}" y="{at + 4}" text-anchor="end">{tick:g}</text>')
    return parts


def _line(
    number: int, name: str, points: Sequence[tuple[float, float]], x: Axis, y: Axis
) -> list[str]:
    colour = _COLOURS[number % len(_COLOURS)]
    places = [(_x(x, across), _y(y, up)) for across, up in points]
    path = " L".join(f"{across:.1f},{up:.1f}" for across, up in places)
    dots = [
        f'<circle cx="{across:.1f}" cy="{up:.1f}" r="4" fill="{colour}"/>' for across, up in places
    ]
    label = f'<text x="{_LEFT + 12 + 190 * number}" y="{_TOP + 14}" fill="{colour}">{escape(name)}'
    return [
        f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2"/>',
        *dots,
        f"{label}</text>",
    ]


def _x(axis: Axis, value: float) -> float:
    return round(_LEFT + axis.share(value) * (_WIDTH - _RIGHT - _LEFT), 1)


def _y(axis: Axis, value: float) -> float:
    bottom = _HEIGHT - _BOTTOM
    return round(bottom - axis.share(value) * (bottom - _TOP - 24), 1)
