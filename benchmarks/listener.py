"""The cost of a listener: C-ECHO, a flood of callers, and stopping with open calls.

Run: ``python benchmarks/listener.py [CALLS]``. Prints figures; no pass or fail.
"""

from __future__ import annotations

import resource
import socket
import statistics
import struct
import sys
import time
from contextlib import ExitStack, suppress

from dcmecho.diagnosis.listen.book import CallBook
from dcmecho.diagnosis.listen.verdict import Expectation
from dcmecho.diagnosis.network.connection import Address
from dcmecho.dicom.listen.limits import Limits
from dcmecho.dicom.listen.listener import Listener, ListenerConfig, start
from dcmecho.dicom.pdu.read import read_associate

_NO_RATE = Limits(connections_of_source_in_window=1_000_000)
_FULL = Limits(connections_of_source=16)
_UIDS = (b"1.2.840.10008.1.1", b"1.2.840.10008.1.2")


def _item(kind: int, body: bytes) -> bytes:
    return struct.pack(">BxH", kind, len(body)) + body


def _request(padding_bytes: int = 0) -> bytes:
    context = _item(0x20, b"\1\0\0\0" + _item(0x30, _UIDS[0]) + _item(0x40, _UIDS[1]))
    body = struct.pack(">H2x", 1) + b"US".ljust(16) + b"THEM".ljust(16) + bytes(32)
    body += _item(0x10, b"1.2.840.10008.3.1.1.1") + context + _item(0x50, _item(0x51, bytes(4)))
    body += _item(0x7F, bytes(padding_bytes)) if padding_bytes else b""
    return struct.pack(">BxL", 1, len(body)) + body


def _associate_and_leave(listener: Listener, request: bytes) -> float:
    began = time.perf_counter()
    with socket.create_connection((listener.bound[0].ip, listener.bound[0].port)) as connection:
        connection.sendall(request)
        with suppress(OSError):
            read_associate(connection.recv(4096))
        elapsed_ms = (time.perf_counter() - began) * 1000
        connection.sendall(struct.pack(">BxLL", 5, 4, 0))
        with suppress(OSError):
            connection.recv(16)
    return elapsed_ms


def _resident_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _listen(book: CallBook, limits: Limits) -> Listener:
    return start(ListenerConfig((Address("127.0.0.1", 0),), 600.0, limits), book.add)


def _flood(calls: int, padding_bytes: int) -> None:
    listener = _listen(CallBook(Expectation()), _NO_RATE)
    before = _resident_mib()
    request = _request(padding_bytes)
    times = [_associate_and_leave(listener, request) for _ in range(calls)]
    print(  # noqa: T201
        f"{calls} callers, requests of {len(request)} bytes: answered in"
        f" {statistics.median(times):.2f} ms (median), memory at most"
        f" {_resident_mib() - before:.1f} MiB more"
    )
    listener.stop()


def _end_with_all_open() -> None:
    listener = _listen(CallBook(Expectation()), _FULL)
    with ExitStack() as connections:
        for _ in range(16):
            address = (listener.bound[0].ip, listener.bound[0].port)
            connection = connections.enter_context(socket.create_connection(address))
            connection.sendall(_request())
            connection.recv(4096)
        began = time.perf_counter()
        listener.stop()
        elapsed_ms = (time.perf_counter() - began) * 1000
    print(f"stopped with 16 associations open in {elapsed_ms:.1f} ms")  # noqa: T201


def main() -> None:
    """Measure."""
    calls = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    _flood(calls, 0)
    _flood(calls, 65_000)
    _end_with_all_open()


if __name__ == "__main__":
    main()
