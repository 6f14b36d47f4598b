"""tshark reads the same frames and the same bytes of each stream."""

from __future__ import annotations

import subprocess
from collections import Counter, defaultdict
from pathlib import Path
from typing import NamedTuple

import pytest

from dcmecho.capture.conversation import Way
from tests.network.peers.real_peers import require_program
from tests.unit.capture.listening import CAPTURES, Heard, hear

NO_CAPTURES = ("202", "204", "207")
FILES = sorted(
    path
    for path in CAPTURES.iterdir()
    if path.suffix != ".toml" and not path.name.startswith(NO_CAPTURES)
)
SMOKE = ("007", "088", "091", "107", "111", "182", "187", "209")
"""Plain, reordered, every frame twice, lost answers, cut, lost by the capture, tunnel, several."""

FIELDS = ("tcp.stream", "ip.src", "ipv6.src", "tcp.srcport", "tcp.seq", "tcp.len", "tcp.payload")


class Streams(NamedTuple):
    """The bytes of each stream by sequence number, and the number of frames with TCP."""

    bytes_of: dict[tuple[int, str], dict[int, int]]
    frames: int


def read_with_tshark(file: Path) -> Streams:
    program = require_program("tshark", "tshark")
    command = [program, "-n", "-r", str(file), "-Y", "tcp && !icmp && !icmpv6", "-T", "fields"]
    for field in FIELDS:
        command += ["-e", field]
    # The exit code tells of a damaged end too.
    done = subprocess.run(
        [*command, "-E", "occurrence=l"], capture_output=True, text=True, check=False
    )
    found: dict[tuple[int, str], dict[int, int]] = defaultdict(dict)
    lines = done.stdout.splitlines()
    for line in lines:
        stream, ipv4, ipv6, port, sequence, _, payload = line.split("\t")
        sender = f"[{ipv6}]:{port}" if ipv6 else f"{ipv4}:{port}"
        data = bytes.fromhex(payload)
        found[int(stream), sender].update(enumerate(data, int(sequence)))
    return Streams({key: each for key, each in found.items() if each}, len(lines))


def read_here(file: Path) -> Streams:
    heard, _ = hear(file)
    found = {}
    for index, each in enumerate(heard):
        for way in Way:
            data = each.bytes_of[way]
            if data:
                sender = str(each.conversation.stream(way).endpoint)
                found[index, sender] = {at + 1: byte for at, byte in data.items()}
    return Streams(found, sum(map(frames_of, heard)))


def frames_of(heard: Heard) -> int:
    streams = (heard.conversation.client, heard.conversation.server)
    return sum(stream.frames + stream.duplicates for stream in streams)


def differences(file: Path) -> Counter[str]:
    ours, theirs = read_here(file), read_with_tshark(file)
    found = Counter({"frames": abs(ours.frames - theirs.frames)})
    found["streams"] = len(ours.bytes_of.keys() ^ theirs.bytes_of.keys())
    for key in ours.bytes_of.keys() & theirs.bytes_of.keys():
        found["bytes"] += len(ours.bytes_of[key].items() ^ theirs.bytes_of[key].items())
    return +found


@pytest.mark.parametrize("number", SMOKE)
def test_some_captures_are_read_as_tshark_reads_them(number: str) -> None:
    (file,) = (path for path in FILES if path.name.startswith(number))
    assert differences(file) == Counter()


@pytest.mark.nightly
@pytest.mark.timeout(300)
def test_all_captures_are_read_as_tshark_reads_them() -> None:
    assert len(FILES) >= 110
    assert {file.name: found for file in FILES if (found := differences(file))} == {}
