"""Whatever a text is, it is read to its end: no crash, nothing raw, nothing proven by accident."""

from __future__ import annotations

import random
import tracemalloc
from collections.abc import Iterator

import pytest

from dcmecho.diagnosis.texts.explaining import explain
from dcmecho.report.json.layout import indented
from dcmecho.report.json.observed import observed_data
from dcmecho.report.observed.explain import render
from tests.unit.texts.corpus import CASES, explained

MUTATIONS = 200
MOST_MEMORY_KB = 40_000


def mutated(chance: random.Random) -> bytes:
    """Return a text of the corpus with bytes and lines changed, cut, doubled or mixed."""
    data = bytearray(chance.choice(CASES).text.encode())
    for _ in range(chance.randrange(1, 12)):
        place = chance.randrange(len(data) + 1)
        match chance.randrange(5):
            case 0:
                data[place:place] = chance.randbytes(chance.randrange(1, 20))
            case 1:
                del data[place : place + chance.randrange(1, 60)]
            case 2:
                data[place:place] = chance.choice(CASES).text.encode()[: chance.randrange(400)]
            case 3:
                data[place:place] = data[place : place + 200] * chance.randrange(1, 30)
            case _:
                data[place:place] = b"\x1b[2J\x00\x1b]0;x\x07\xe2\x80\xae"
    return bytes(data)


def told(text: bytes) -> str:
    """Return all that is told of a text."""
    found = explained(text)
    return render(found) + indented([observed_data(each) for each in found.failures])


def check(seed: int) -> None:
    shown = told(mutated(random.Random(seed)))
    raw = [character for character in shown if not character.isprintable() and character != "\n"]
    assert raw == []


@pytest.mark.parametrize("seed", range(MUTATIONS))
def test_a_mutated_text_is_told_without_anything_raw(seed: int) -> None:
    check(seed)


@pytest.mark.nightly
def test_two_thousand_mutated_texts_are_told_without_anything_raw() -> None:
    for seed in range(MUTATIONS, MUTATIONS + 2000):
        check(seed)


def endless(piece: bytes, times: int) -> Iterator[bytes]:
    for _ in range(times):
        yield piece


@pytest.mark.parametrize(
    "piece",
    [
        b"F: Association Request Failed: 0006:0317 Peer aborted " * 2000,
        b"\x00" * 100_000,
        b"\xff\xfe" * 50_000,
        b"MAIN_PACS<-CT(1) >> A-ASSOCIATE-RQ\n" * 3000,
        b">" * 100_000,
        b"(" * 100_000,
        b"\r" * 100_000,
    ],
    ids=["a line without end", "zeros", "a mark", "requests", "quotes", "braces", "returns"],
)
def test_a_text_without_end_needs_no_more_memory(piece: bytes) -> None:
    tracemalloc.start()
    try:
        explain([endless(piece, 20)])
        assert tracemalloc.get_traced_memory()[1] < MOST_MEMORY_KB * 1024
    finally:
        tracemalloc.stop()


def test_many_kinds_of_failures_are_counted_and_not_all_told() -> None:
    lines = "".join(
        f'E: DicomAssociation - connecting to AET "P{number}": TCP Initialization Error: refused\n'
        for number in range(1000)
    )
    found = explained(lines)
    assert len(found.failures) == 200
    assert found.untold == 800


def test_alike_failures_are_counted() -> None:
    lines = "".join(
        f"2026-11-30 02:{10 + number // 60}:{number % 60:02} "
        f"W1130 CommandDispatcher.cpp:617] Rejected association, because of a bad called AET in"
        " the request (OLD)\n"
        for number in range(0, 180, 3)
    )
    (failure,) = explained(lines).failures
    assert failure.alike.times == 60
    assert str(failure.alike.since) == "2026-11-30 02:10:00+00:00"
