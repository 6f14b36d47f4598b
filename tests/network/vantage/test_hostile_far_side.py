"""A far side that lies, floods or breaks off harms nothing here, and never makes a peer green."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.vantage.vantage import Vantage
from dcmecho.diagnosis.verdict import VerdictStatus
from dcmecho.dicom.runs.slots import PeerSlots
from dcmecho.dicom.runs.workers import start
from dcmecho.dicom.vantage.far_socket import HEADER, LOST_AFTER_S, MAGIC
from dcmecho.dicom.vantage.line import Line
from dcmecho.dicom.vantage.network import FarNetwork
from dcmecho.dicom.vantage.point import VantagePoint

_PREAMBLE = f"""
import os, random, struct, sys, time, json
H = struct.Struct({HEADER.format!r})
MAGIC = {MAGIC!r}
def tell(kind, number=0, value=0, payload=b""):
    os.write(1, H.pack(kind, number, value, len(payload)) + payload)
def heard():
    head = b""
    while len(head) < H.size:
        more = os.read(0, H.size - len(head))
        if not more: sys.exit()
        head += more
    kind, number, value, length = H.unpack(head)
    payload = b""
    while len(payload) < length:
        payload += os.read(0, length - len(payload))
    return kind, number, value, payload
os.write(1, MAGIC)
"""

_HEARS = """
while True:
    kind, number, value, payload = heard()
    AND_THEN
"""

_ANSWERS_BEATS = """
while True:
    kind, number, value, payload = heard()
    if kind == b"B":
        tell(b"b", number, value)
    AND_THEN
"""


def _on(and_then: str) -> str:
    return _ANSWERS_BEATS.replace("AND_THEN", and_then.replace("\n", "\n    "))


_ACCEPT = """if kind == b"C":
    tell(b"c", number, 1000, b'{"local": ["192.0.2.1", 7], "info": "ff"}')
"""

FAR_SIDES = {
    "noise": "os.write(1, os.urandom(100000))\ntime.sleep(60)",
    "a frame that claims 4 GiB": 'os.write(1, H.pack(b"d", 1, 0, 2**32 - 1))\ntime.sleep(60)',
    "silence": "time.sleep(60)",
    "half a frame": 'os.write(1, b"b\\0")\ntime.sleep(60)',
    "an end at once": "",
    "other numbers": _on('tell(b"c", number + 7, 0, b"{}")\ntell(b"d", 99, 0, b"x" * 60000)'),
    "no JSON": _on('if kind == b"C": tell(b"c", number, 0, b"\\xff{")'),
    "deep JSON": _on('if kind == b"C": tell(b"c", number, 0, b"[" * 60000)'),
    "an unknown error": _on('if kind == b"C": tell(b"f", number, 0, b\'{"error": "__doc__"}\')'),
    "a negative time": _on(_ACCEPT + 'if kind == b"S": tell(b"d", number, -2**62, b"\\x02\\0")'),
    "an address that is none": _on(
        """if kind == b"C": tell(b"c", number, 0, b'{"local": ["\\\\u001b[31m", 7]}')"""
    ),
    "a flood": _on(
        _ACCEPT + 'if kind == b"S":\n    while True: tell(b"d", number, 0, b"\\x04" * 60000)'
    ),
    "a TCP_INFO that lies": _on(_ACCEPT + 'if kind == b"I": tell(b"i", number, 0, b"\\xff" * 300)'),
    "an end after the request": _on(_ACCEPT + 'if kind == b"S": sys.exit()'),
    "escape sequences": _on(
        _ACCEPT + 'if kind == b"S":\n    tell(b"d", number, 0, b"\\x1b]0;x\\x07" * 50)'
    ),
}


@contextmanager
def from_far_side(program: str) -> Iterator[PeerSlots]:
    def new_line(vantage: Vantage) -> Line:
        return Line(vantage, [sys.executable, "-c", _PREAMBLE + program])

    point = VantagePoint(Vantage("liar", "liar"), new_line)

    class Liars:
        def network(self, _name: str) -> FarNetwork:
            return FarNetwork(point)

    try:
        yield PeerSlots(vantages=Liars())
    finally:
        point.close()


def check(slots: PeerSlots) -> Report:
    target = Target("192.0.2.10", 104, "PACS", "ME", vantage="liar")
    target = replace(target, connect_timeout_s=1.0, acse_timeout_s=1.0)
    run = start(target, lambda _event: None, slots=slots)
    report = run.join(60)
    assert report is not None, run.fault
    return report


@pytest.mark.parametrize("far_side", FAR_SIDES)
def test_a_run_ends_and_is_not_green(far_side: str) -> None:
    began = time.monotonic()
    with from_far_side(FAR_SIDES[far_side]) as slots:
        report = check(slots)

    assert report.verdict.status in (VerdictStatus.ERROR, VerdictStatus.FAILED)
    assert time.monotonic() - began < 20 + LOST_AFTER_S
    texts = [report.verdict.title, *(stage.summary for stage in report.stages)]
    texts += [evidence.text for stage in report.stages for evidence in stage.evidence]
    assert all(text.isprintable() for text in texts)


def test_a_way_of_seconds_can_be_opened() -> None:
    later = 'if kind == b"B": threading.Timer(3, tell, (b"b", number, value)).start()'
    program = f"import threading\n{_HEARS.replace('AND_THEN', later)}"
    line = Line(Vantage("far", "far"), [sys.executable, "-c", _PREAMBLE + program])
    line.open(lambda: False)
    line.close()

    assert line.was_open
    assert line.failure is None


def test_random_frames_never_crash_the_line() -> None:
    program = """
random.seed(SEED)
for _ in range(200):
    kind = random.choice([b"r", b"c", b"f", b"s", b"d", b"i", b"e", b"x", b"b", b"?"])
    tell(kind, random.randrange(6), random.randrange(-2**63, 2**63), os.urandom(9))
    time.sleep(0.001)
"""
    for seed in range(10):
        with from_far_side(program.replace("SEED", str(seed))) as slots:
            report = check(slots)
        assert report.verdict.status in (VerdictStatus.ERROR, VerdictStatus.FAILED)
