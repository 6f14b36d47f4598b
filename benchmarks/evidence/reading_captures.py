"""How long it takes to read a capture of 200 MB into conversations, and how much memory.

Run: ``python benchmarks/evidence/reading_captures.py [RUNS] [ASSOCIATIONS]``. Writes a capture of
6,400 associations with a C-STORE each to a temporary folder, and reads it with a reader that
follows PDUs and skips datasets, as the reader of DICOM does. With ``--dcmecho`` it times the whole
command ``dcmecho read`` in place of that. Prints medians, no pass or fail.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from dcmecho.capture.conversation import Conversation, Gap, Seen, Way
from dcmecho.capture.read import read_captures
from dcmecho.capture.reader import EVERYTHING, Meeting

sys.path.append(str(Path(__file__).parents[1]))
from support.traffic import write_capture

_P_DATA, _HEADER_BYTES = 4, 12
_COMMAND = 1
_MB = 1 << 20


class _Follower:
    """Follows PDUs; skips those with a dataset behind their header."""

    def __init__(self, _meeting: Meeting) -> None:
        self._rest = dict.fromkeys(Way, b"")

    def data(self, way: Way, _at: Seen, data: bytes) -> int:
        rest = self._rest[way] + data
        while len(rest) >= _HEADER_BYTES or (len(rest) >= 10 and rest[0] != _P_DATA):
            length = 6 + int.from_bytes(rest[2:6], "big")
            dataset = rest[0] == _P_DATA and not rest[11] & _COMMAND
            if length > len(rest):
                if not dataset:
                    break
                self._rest[way] = b""
                return length - len(rest)
            rest = rest[length:]
        self._rest[way] = rest
        return 0

    def gap(self, _way: Way, _at: Seen, _gap: Gap) -> int:
        return EVERYTHING

    def end(self, conversation: Conversation) -> None:
        pass


def main() -> None:
    """Measure and print."""
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    runs, associations = (*numbers, *(5, 6400)[len(numbers) :])
    command = "--dcmecho" in sys.argv
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "capture.pcap"
        frames = write_capture(path, associations)
        size = path.stat().st_size
        times = [_command(path) if command else _reading(path) for _ in range(runs)]
    who = resource.RUSAGE_CHILDREN if command else resource.RUSAGE_SELF
    wall, processor = (statistics.median(each) for each in zip(*times, strict=True))
    peak = resource.getrusage(who).ru_maxrss / 1024
    sys.stdout.write(f"{size / _MB:.0f} MB, {frames} frames, {associations} associations\n")
    sys.stdout.write(f"{wall:.2f} s, {processor:.2f} s of processor time, {peak:.0f} MB at most\n")


def _reading(path: Path) -> tuple[float, float]:
    wall, processor = time.perf_counter(), time.process_time()
    read_captures([str(path)], _Follower)
    return time.perf_counter() - wall, time.process_time() - processor


def _command(path: Path) -> tuple[float, float]:
    before, wall = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    program = str(Path(sys.executable).with_name("dcmecho"))
    subprocess.run([program, "read", str(path)], check=False, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.perf_counter() - wall, after.ru_utime + after.ru_stime - (
        before.ru_utime + before.ru_stime
    )


if __name__ == "__main__":
    main()
