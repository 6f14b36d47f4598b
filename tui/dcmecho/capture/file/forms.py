"""What a file is, by its first bytes, and its records."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from dcmecho.capture.file.pcap import is_pcap, read_pcap
from dcmecho.capture.file.pcapng import is_pcapng, read_pcapng
from dcmecho.capture.file.record import Records
from dcmecho.capture.file.source import Source

ENOUGH = 132
"""Bytes after which nothing more is learned from the beginning."""


class Looks(Enum):
    """What a file is that is not a capture; the value is said behind its name."""

    EMPTY = "is empty"
    TEXT = "is text, not a capture: tcpdump -w FILE makes a capture"
    DICOM_FILE = "is a DICOM file, not a capture"
    OTHER_CAPTURE = "is a capture in another form: editcap -F pcapng IN OUT makes one to read"
    OTHER = "is not a capture (pcap or pcapng)"


_OTHER_CAPTURES = (b"snoop\0\0\0", b"GMBU", b"RTSS", b"XCP\0", b"TRSNIFF data", b"btsnoop\0")
"""snoop, Network Monitor 2 and 1, NetXray, Sniffer, Bluetooth."""

_DICOM_AT = 128
_TEXT_BOMS = (b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")
_TEXT_SAMPLE = 4096
_CONTROLS = frozenset(range(32)) - frozenset(b"\t\n\r\f\x1b")


def form(beginning: bytes) -> tuple[str, Callable[[Source], Records]] | Looks:
    """Return the name of a form with what reads it, or what the file is in place of a capture."""
    if is_pcap(beginning):
        return "pcap", read_pcap
    if is_pcapng(beginning):
        return "pcapng", read_pcapng
    return _looks(beginning)


def _looks(beginning: bytes) -> Looks:
    if not beginning:
        return Looks.EMPTY
    if beginning[_DICOM_AT : _DICOM_AT + 4] == b"DICM":
        return Looks.DICOM_FILE
    if beginning.startswith(_OTHER_CAPTURES):
        return Looks.OTHER_CAPTURE
    if beginning.startswith(_TEXT_BOMS) or _is_text(beginning[:_TEXT_SAMPLE]):
        return Looks.TEXT
    return Looks.OTHER


def _is_text(sample: bytes) -> bool:
    ascii_bytes = len(sample.decode("ascii", "ignore"))
    return _CONTROLS.isdisjoint(sample) and 2 * ascii_bytes > len(sample)
