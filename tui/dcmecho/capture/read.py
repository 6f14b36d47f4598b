"""Reads captures: the entry to this package."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum
from typing import NamedTuple

from dcmecho.capture.conversation import CaptureFacts
from dcmecho.capture.reader import OpenReader

STANDARD_INPUT = "-"


class Progress(NamedTuple):
    """How far the reading is."""

    file: str
    bytes_read: int
    size: int | None
    """Bytes of all files, ``None`` where unknown (a stream)."""
    frames: int


class Looks(Enum):
    """What a file is that is not a capture."""

    EMPTY = "is empty"
    TEXT = "is text, not a capture: tcpdump -w FILE makes a capture"
    DICOM_FILE = "is a DICOM file, not a capture"
    OTHER = "is not a capture (pcap or pcapng)"
    OTHER_CAPTURE = "is a capture in another format: editcap -F pcapng IN OUT makes one to read"


class NotACaptureError(Exception):
    """A file is not a capture; nothing of it was read."""

    def __init__(self, file: str, looks: Looks) -> None:
        """Say which file and what it looks like."""
        super().__init__(f"{file}: {looks.value}")
        self.file = file
        self.looks = looks


def read_captures(
    files: Sequence[str], open_reader: OpenReader, tell: Callable[[Progress], None] | None = None
) -> CaptureFacts:
    """Read captures, one after the other, and hand each conversation to a reader of its own.

    ``-`` is standard input, read as it comes: conversations end while it runs. ``tell`` is called
    about once a megabyte. Files are read in the order of their first records, so the parts of a
    ring buffer make one capture. A conversation that a second file shows again is a conversation
    again.

    Raises ``NotACaptureError`` for the first file that is none, before any is read, and ``OSError``
    where one cannot be opened. A damaged rest is no error: see ``CaptureFacts.damaged``.
    """
    raise NotImplementedError
