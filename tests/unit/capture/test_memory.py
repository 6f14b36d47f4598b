"""What a hostile capture claims, repeats or packs takes no memory."""

from __future__ import annotations

import gzip
import os
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.capture.packets import (
    ACK,
    CLIENT,
    SERVER,
    SYN,
    Packet,
    Record,
    handshake,
    interface,
    pcap,
    section,
)

ROOT = str(Path(__file__).parents[3])
READ = """
import resource, sys
from dcmecho.capture.read import read_captures
from tests.unit.capture.test_memory import Nothing
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
facts = read_captures(sys.argv[1:], Nothing)
used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
print(used // 1024, facts.frames, facts.damaged)
"""
MOST_MB = 60


class Nothing:
    """A reader that keeps nothing."""

    def __init__(self, _meeting: object) -> None:
        """Take what every reader takes."""

    def data(self, *_: object) -> int:
        return 0

    def gap(self, *_: object) -> int:
        return 0

    def end(self, _: object) -> None:
        """Keep nothing."""


def from_(index: int, **values: object) -> bytes:
    source = bytes((10, 1, index >> 8 & 0xFF, index & 0xFF)), 1000
    return Packet(source, SERVER, 1000, SYN)._replace(**values).ethernet()  # type: ignore[arg-type]


def records(frames: Iterator[bytes]) -> bytes:
    return pcap(Record(frame, 1_790_000_000 + index / 1000) for index, frame in enumerate(frames))


def without_an_answer() -> bytes:
    return records(from_(index) for index in range(20_000))


def from_the_middle() -> bytes:
    return records(from_(index, flags=ACK, data=bytes(1000)) for index in range(20_000))


def behind_holes() -> bytes:
    """Return 300 connections whose data all waits behind a hole at the beginning."""
    opened = [from_(index) for index in range(300)]
    late = (
        from_(index % 300, flags=ACK, sequence=2000 + 1400 * (index // 300), data=bytes(1400))
        for index in range(24_000)
    )
    return records(iter([*opened, *late]))


def backwards() -> bytes:
    """Return a stream whose segments come in the wrong order, with a hole before each."""
    opened = [each.ethernet() for each in handshake()]
    data = (
        Packet(CLIENT, SERVER, 1001 + 20 * index, ACK, 9001, bytes(10), number=index).ethernet()
        for index in range(20_000, 0, -1)
    )
    return records(iter([*opened, *data]))


def of_4_gib() -> bytes:
    claims = struct.pack("<II", 0x0BAD, 0xFFFFFFFC)
    return section() + interface() + claims + bytes(1000)


def zeros_in_gzip() -> bytes:
    return gzip.compress(pcap([]) + bytes(1 << 28))


@pytest.mark.parametrize(
    "content",
    [without_an_answer, from_the_middle, behind_holes, backwards, of_4_gib, zeros_in_gzip],
    ids=lambda make: make.__name__,
)
def test_memory_is_bounded(tmp_path: Path, content: object) -> None:
    assert callable(content)
    path = tmp_path / "hostile"
    path.write_bytes(content())
    done = subprocess.run(
        [sys.executable, "-c", READ, str(path)],
        env={**os.environ, "PYTHONPATH": ROOT},
        check=True,
        capture_output=True,
        text=True,
    )
    used, _, damaged = done.stdout.split(maxsplit=2)
    assert int(used) <= MOST_MB
    if content is zeros_in_gzip:
        assert damaged == "it unpacks to more than 250 times its size\n"
