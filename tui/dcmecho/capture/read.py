"""Reads captures: the entry to this package."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from dcmecho.capture.conversation import CaptureFacts
from dcmecho.capture.file.forms import Looks
from dcmecho.capture.file.opened import (
    STANDARD_INPUT,
    Callbacks,
    NotACaptureError,
    OpenedCapture,
    is_stream,
    open_capture,
)
from dcmecho.capture.file.record import DamagedError
from dcmecho.capture.frame.decode import Decoder
from dcmecho.capture.reader import OpenReader
from dcmecho.capture.tcp.table import Table

__all__ = ["STANDARD_INPUT", "Looks", "NotACaptureError", "Progress", "read_captures"]


class Progress(NamedTuple):
    """How far the reading is."""

    file: str
    bytes_read: int
    size: int | None
    """Bytes of this file, ``None`` where unknown (a stream)."""
    frames: int


def read_captures(
    files: Sequence[str], open_reader: OpenReader, tell: Callable[[Progress], None] | None = None
) -> CaptureFacts:
    """Read captures, one after the other, and hand each conversation to a reader of its own.

    ``-`` is standard input, read as it comes: conversations are handed out while it runs, and
    Ctrl-C ends it as its end does. ``tell`` is called after each half megabyte. Files are read in
    the order of their first records, so the parts of a ring buffer make one capture. A conversation
    that has ended and is in a second file too is handed out again.

    Raises ``NotACaptureError`` for the first file that is none, before any is read (but for
    streams), and ``OSError`` where one cannot be opened. A damaged rest is no error: see
    ``CaptureFacts.damaged``.
    """
    return _Reading(open_reader, tell).read(_in_order(files))


def _in_order(files: Sequence[str]) -> Sequence[str]:
    if len(files) == 1 or any(map(is_stream, files)):
        return files
    times = {file: _first_time(file) for file in files}
    return sorted(files, key=lambda file: times[file] or 0.0)


def _first_time(file: str) -> float | None:
    opened = open_capture(file, Callbacks())
    with opened.file:
        return opened.first_time()


class _Reading:
    """One reading of several files into one table of connections."""

    def __init__(self, open_reader: OpenReader, tell: Callable[[Progress], None] | None) -> None:
        self._table = Table(open_reader, lambda: self._decoder.seen())
        self._decoder = Decoder(self._table)
        self._tell = tell
        self._opened: OpenedCapture | None = None
        self._forms: list[str] = []
        self._damaged: list[str] = []

    def read(self, files: Sequence[str]) -> CaptureFacts:
        """Read all files."""
        for file in files:
            self._read_file(file)
        self._table.finish_all()
        decoder = self._decoder
        return CaptureFacts(
            files=tuple(files),
            form=self._forms[0],
            frames=decoder.frames,
            first=decoder.first,
            last=decoder.seen() if decoder.frames else None,
            conversations=self._table.count,
            duplicates=self._table.duplicates,
            cut=decoder.cut,
            snaplen=decoder.snaplen,
            not_read=tuple(decoder.not_read.most_common()),
            damaged="; ".join(self._damaged) or None,
            look_ups=decoder.look_ups(),
        )

    def _read_file(self, file: str) -> None:
        opened = open_capture(file, Callbacks(self._table.finish_over, self._told))
        self._opened = opened
        self._forms.append(opened.form)
        take = self._decoder.take
        with opened.file:
            try:
                for record in opened.records:
                    take(record)
            except DamagedError as error:
                self._damaged.append(f"{file}: {error}" if self._forms[1:] else str(error))
            except KeyboardInterrupt:
                if file != STANDARD_INPUT:
                    raise

    def _told(self) -> None:
        if self._tell is not None and self._opened is not None:
            file, read = self._opened.name, self._opened.chunks.raw_bytes
            size = None if is_stream(file) else Path(file).stat().st_size
            self._tell(Progress(file, read, size, self._decoder.frames))
