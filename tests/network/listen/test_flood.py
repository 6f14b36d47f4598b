"""A caller that sends the longest requests again and again: bounded output, and an end at once."""

from __future__ import annotations

import json
import socket
import struct
import subprocess
from pathlib import Path

import pytest

from dcmecho.exit_codes import ExitCode
from tests.network.listen.raw_client import PATIENCE_S, RELEASE_RQ, receive_pdu
from tests.network.listen.test_command_line import HERE, LISTEN, ListenSession

_CALLS = 24
_MOST_PRINTED = 16_000_000


def item(kind: int, data: bytes) -> bytes:
    return struct.pack(">BxH", kind, len(data)) + data


def long_request() -> bytes:
    """Return an A-ASSOCIATE-RQ of 55 kB: one context with 4,700 transfer syntaxes."""
    syntaxes = b"".join(item(0x40, b"1.9.%d" % number) for number in range(4700))
    context = item(0x20, b"\1\0\0\0" + item(0x30, b"1.2.840.10008.1.1") + syntaxes)
    user = item(0x50, item(0x51, struct.pack(">L", 16384)))
    titles = b"ANY".ljust(16) + b"FLOOD".ljust(16)
    fields = struct.pack(">Hxx", 1) + titles + bytes(32)
    body = fields + item(0x10, b"1.2.840.10008.3.1.1.1") + context + user
    return struct.pack(">BxL", 1, len(body)) + body


@pytest.mark.parametrize("form", ["text", "json", "jsonl"])
def test_a_flood_of_long_requests(tmp_path: Path, form: str) -> None:
    printed = tmp_path / "stdout"
    with (
        printed.open("w") as stdout,
        subprocess.Popen(
            [*LISTEN, *HERE, "-v", "--format", form],
            stdout=stdout,
            stderr=subprocess.PIPE,
            text=True,
        ) as process,
    ):
        session = ListenSession(process)
        request = long_request()
        for _ in range(_CALLS):
            with socket.create_connection(("127.0.0.1", session.ports[0]), PATIENCE_S) as caller:
                caller.settimeout(PATIENCE_S)
                caller.sendall(request)
                receive_pdu(caller)
                caller.sendall(RELEASE_RQ)
                receive_pdu(caller)
        _, said, code = session.interrupt()
    assert code == ExitCode.OK
    text = printed.read_text()
    assert len(text) < _MOST_PRINTED
    if form == "json":
        assert json.loads(text)["calls_seen"] == _CALLS
    if form == "jsonl":
        events = [json.loads(line) for line in text.splitlines()]
        assert "calls are printed without their contexts" in said
        assert events[-3]["request"]["lists_left_out"]
        assert events[-1]["calls_seen"] == _CALLS
