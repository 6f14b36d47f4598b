"""The accuracy of the C-ECHO times that dcmecho reports, compared with the packets.

Run as root on Linux: ``python benchmarks/true_times.py [TARGETS] [--hogs N]``. It checks
one target alone and all at once, against one ``storescp --fork`` on loopback, and records every
packet with the kernel's time. ``--hogs`` runs N programs that use up processor time.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from support.peers import hosts, profiles_toml, storescp

from dcmecho.dicom.wire import kernel

_ALONE = 10
_ALL_IPV4, _SO_RCVBUFFORCE = 0x0800, 33
_BUFFER_BYTES = 1 << 26
_ETHERNET_BYTES = 14
_P_DATA_TF = 4
_LONGEST_WAIT_S = 0.2


class Packets:
    """The C-ECHO times of each peer at ``port``, from the packets on loopback."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._asked_ns: dict[str, int] = {}
        self._answered_ns: dict[str, int] = {}
        self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(_ALL_IPV4))
        self._socket.bind(("lo", 0))
        self._socket.settimeout(_LONGEST_WAIT_S)
        self._socket.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, _BUFFER_BYTES)
        kernel.stamp_arrivals(self._socket)
        self._over = threading.Event()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def times_ms(self) -> Mapping[str, float]:
        """Stop recording, and return the times by address of the peer."""
        self._over.set()
        self._reader.join()
        self._socket.close()
        return {
            host: (answered - self._asked_ns[host]) / 1e6
            for host, answered in self._answered_ns.items()
        }

    def _read(self) -> None:
        while True:
            try:
                received = kernel.receive(self._socket, 256)
            except TimeoutError:
                if self._over.is_set():
                    return
                continue
            if received.stamp_ns is not None:
                self._note(received.data[_ETHERNET_BYTES:], received.stamp_ns)

    def _note(self, packet: bytes, at_ns: int) -> None:
        segment = packet[(packet[0] & 15) * 4 : int.from_bytes(packet[2:4], "big")]
        data = segment[(segment[12] >> 4) * 4 :]
        source, destination = (int.from_bytes(segment[at : at + 2], "big") for at in (0, 2))
        if not data or data[0] != _P_DATA_TF:
            return
        # Loopback shows each packet twice: sent and received.
        if destination == self._port:
            self._asked_ns.setdefault(socket.inet_ntoa(packet[16:20]), at_ns)
        elif source == self._port:
            self._answered_ns.setdefault(socket.inet_ntoa(packet[12:16]), at_ns)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("targets", nargs="?", type=int, default=96, help="how many at once")
    parser.add_argument("--hogs", type=int, default=0, help="programs that use up processor time")
    given = parser.parse_args()
    if sys.platform != "linux" or os.geteuid() != 0:
        sys.stdout.write("Not measured: only root may see the packets, and only on Linux.\n")
        return
    addresses = hosts(given.targets)
    with tempfile.TemporaryDirectory() as folder, storescp(Path(folder)) as port, _hogs(given.hogs):
        alone = [pair for host in addresses[:_ALONE] for pair in _checked([host], port, folder)]
        at_once = _checked(addresses, port, folder)
    sys.stdout.write(
        "| C-ECHO | reported, median | 95th | packets, median | 95th | apart, median | 95th |\n"
        "|---|---|---|---|---|---|---|\n"
        + _row(f"one alone, {len(alone)} times", alone)
        + _row(f"{len(at_once)} targets at once", at_once)
    )


def _checked(addresses: Sequence[str], port: int, folder: str) -> list[tuple[float, float]]:
    """Return the C-ECHO time of each target in ms: as reported, and from the packets."""
    profiles = Path(folder) / "profiles.toml"
    profiles.write_text(profiles_toml(addresses, port))
    command = [sys.executable, "-m", "dcmecho", "check", "--all", "--json", "--profiles"]
    packets = Packets(port)
    ended = subprocess.run([*command, str(profiles)], capture_output=True, check=True)
    times_ms = packets.times_ms()
    return [
        (stage["elapsed_ms"], times_ms[report["target"]["host"]])
        for report in json.loads(ended.stdout)
        for stage in report["stages"]
        if stage["id"] == "echo"
    ]


def _row(what: str, pairs: Sequence[tuple[float, float]]) -> str:
    reported, packets = zip(*pairs, strict=True)
    apart = [abs(one - other) for one, other in pairs]
    cells = (
        f"{value:.2f} ms"
        for times in (reported, packets, apart)
        for value in (statistics.median(times), sorted(times)[int(len(times) * 0.95)])
    )
    return f"| {what} | " + " | ".join(cells) + " |\n"


@contextmanager
def _hogs(number: int) -> Iterator[None]:
    running = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(number)]
    try:
        yield
    finally:
        for each in running:
            each.kill()
            each.wait()


if __name__ == "__main__":
    main()
