"""Captures that are damaged in any way are read, or said to be none: no crash, no endless loop."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from dcmecho.capture.associations.reading import read_associations
from dcmecho.capture.read import NotACaptureError
from dcmecho.report.json.observed import observed_data
from dcmecho.report.observed.read import render
from tests.unit.capture.listening import CAPTURES, hear

LARGEST = 40_000
FILES = sorted(
    path for path in CAPTURES.iterdir() if path.suffix != ".toml" and path.stat().st_size <= LARGEST
)
EXTREMES = (
    b"\0\0\0\0",
    b"\xff\xff\xff\xff",
    b"\x7f\xff\xff\xff",
    b"\0\0\0\3",
    b"\3\0\0\0",
    b"\x80\0\0\0",
)


def mutated(content: bytes, draw: random.Random) -> bytes:
    """Change some places of a file."""
    changed = bytearray(content)
    for _ in range(draw.choice((1, 1, 3, 20))):
        at = draw.randrange(len(changed) or 1)
        match draw.randrange(6):
            case 0:
                changed[at : at + 1] = bytes((draw.randrange(256),))
            case 1:
                changed[at : at + 4] = draw.choice(EXTREMES)
            case 2:
                del changed[at : at + draw.randrange(1, 40)]
            case 3:
                changed[at:at] = draw.randbytes(draw.randrange(1, 40))
            case 4:
                other = draw.randrange(len(changed) or 1)
                changed[at:at] = changed[other : other + draw.randrange(200)]
            case _:
                if draw.random() < 0.2:
                    del changed[at:]
    return bytes(changed)


def read_mutated(tmp_path: Path, seed: int) -> None:
    draw = random.Random(seed)
    file = draw.choice(FILES)
    path = tmp_path / file.name
    path.write_bytes(mutated(file.read_bytes(), draw))
    try:
        heard, facts = hear(path)
    except NotACaptureError:
        return
    assert facts.conversations == len(heard)
    found = read_associations([str(path)])
    assert render(found).replace("\n", "").isprintable()
    for association in found.associations:
        observed_data(association)
    for each in heard:
        for stream in (each.conversation.client, each.conversation.server):
            assert stream.received >= 0
            assert all(gap.length > 0 for gap in stream.gaps)


@pytest.mark.parametrize("tens", range(20))
def test_200_mutated_captures(tmp_path: Path, tens: int) -> None:
    for seed in range(10 * tens, 10 * tens + 10):
        read_mutated(tmp_path, seed)


@pytest.mark.nightly
@pytest.mark.timeout(600)
@pytest.mark.parametrize("hundreds", range(2, 22))
def test_2000_mutated_captures(tmp_path: Path, hundreds: int) -> None:
    for seed in range(100 * hundreds, 100 * hundreds + 100):
        read_mutated(tmp_path, seed)
