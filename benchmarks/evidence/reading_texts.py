"""How fast ``dcmecho explain`` reads logs, and in how much memory.

python benchmarks/evidence/reading_texts.py [MEGABYTES]

The logs are made of what real programs wrote (``tests/corpora/texts``), again and again with other
times, numbers and titles, dense or among lines of other programs as a server's log has them.
"""

from __future__ import annotations

import random
import resource
import sys
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from dcmecho.diagnosis.texts.explaining import explain

_FOLDER = Path(__file__).parents[2] / "tests" / "corpora" / "texts"
_PIECE = 1 << 18
_NOISE = (
    "INFO  [org.jboss.as.server] (Controller Boot Thread) WFLYSRV0010: Deployed app number {}",
    "DEBUG [io.undertow.request] (default I/O-{}) Opened connection with a client",
    "T0101 11:00:00.000000 ServerIndex.cpp:{}] Flushing the database, 12 pending changes",
    "2026-11-30 02:10:00,{:03} INFO  wrote 52428800 bytes in 1200 ms to /archive/a/b/c/d.dcm",
)


class Kind(NamedTuple):
    """A kind of log: whose texts it has, and how many lines of others for one of theirs."""

    name: str
    software: tuple[str, ...]
    others: int


_KINDS = (
    Kind("DCMTK, dense", ("DCMTK",), 0),
    Kind("dcm4che, dense", ("dcm4che",), 0),
    Kind("Orthanc, dense", ("Orthanc",), 0),
    Kind("pynetdicom, dense", ("pynetdicom",), 0),
    Kind("all, dense", ("",), 0),
    Kind("all, one line in ten", ("",), 9),
)


def main(megabytes: int) -> int:
    """Print a line for each kind of log."""
    texts = [tomllib.loads(path.read_text("utf-8")) for path in sorted(_FOLDER.glob("*.toml"))]
    for kind in _KINDS:
        lines = [
            line
            for each in texts
            if each["stage"] != "none" and any(s in each["software"] for s in kind.software)
            for line in each["text"].strip("\n").splitlines()
        ]
        log = _log(lines, kind.others, megabytes << 20)
        began = time.process_time()
        found = explain([_pieces(log)])
        took = time.process_time() - began
        sys.stdout.write(
            f"{kind.name:22} {len(log) / took / 1e6:5.1f} MB/s, {len(found.failures)} kinds of"
            f" failures, {found.fine} fine\n"
        )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    sys.stdout.write(f"peak {peak} MB, of which the last log {megabytes}\n")
    return 0


def _log(lines: list[str], others: int, size: int) -> bytes:
    """Return a log of about this size, without two lines that are the same."""
    chance = random.Random(1)
    made: list[str] = []
    length = number = 0
    while length < size:
        for line in lines:
            number += 1
            made.append(
                f"2026-11-30 02:{number // 60 % 60:02}:{number % 60:02},{number % 1000:03} "
            )
            made[-1] += line.replace("MAIN_PACS", f"PACS{number % 7}").replace("CT_ROOM1", "MR3")
            made += [chance.choice(_NOISE).format(number % 1000) for _ in range(others)]
            length += sum(map(len, made[-1 - others :]))
    return ("\n".join(made) + "\n").encode()


def _pieces(log: bytes) -> Iterator[bytes]:
    for start in range(0, len(log), _PIECE):
        yield log[start : start + _PIECE]


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10))
