"""A capture that is opened: what it is is known, its records can be read."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from typing import NamedTuple

from dcmecho.capture.file.forms import ENOUGH, Looks, form
from dcmecho.capture.file.record import DamagedError, Records
from dcmecho.capture.file.source import (
    GZIP_MAGIC,
    Again,
    Chunks,
    FileChunks,
    Source,
    UnpackedChunks,
)

STANDARD_INPUT = "-"


class NotACaptureError(Exception):
    """A file is not a capture; nothing of it was read."""

    def __init__(self, file: str, looks: Looks) -> None:
        """Say which file and what it looks like."""
        super().__init__(f"{file} {looks.value}")
        self.file = file
        self.looks = looks


class Callbacks(NamedTuple):
    """What is called while a capture is read."""

    idle: Callable[[], None] = lambda: None
    """A stream says nothing for a moment."""
    tell: Callable[[], None] = lambda: None
    """Another piece of the file was read."""


class OpenedCapture(NamedTuple):
    """One file, with its records, which are read as they are asked for."""

    name: str
    form: str
    records: Records
    file: io.FileIO
    chunks: Chunks

    def first_time(self) -> float | None:
        """Return the time of the first record, which is then gone from the records."""
        try:
            found = next(self.records, None)
        except DamagedError:
            return None
        return found and found[4]


def open_capture(name: str, callbacks: Callbacks) -> OpenedCapture:
    """Open a file. Raises ``OSError`` and ``NotACaptureError``."""
    file = io.FileIO(0, closefd=False) if name == STANDARD_INPUT else io.FileIO(name)
    try:
        return _opened(name, file, callbacks)
    except BaseException:
        file.close()
        raise


def _opened(name: str, file: io.FileIO, callbacks: Callbacks) -> OpenedCapture:
    chunks: Chunks = FileChunks(file, callbacks.idle)
    beginning = _beginning(chunks)
    packed = beginning.startswith(GZIP_MAGIC)
    if packed:
        chunks = UnpackedChunks(Again(chunks, beginning))
        beginning = _unpacked_beginning(name, chunks)
    found = form(beginning)
    if isinstance(found, Looks):
        raise NotACaptureError(name, found)
    words, read = found
    records = read(Source(Again(chunks, beginning), callbacks.tell))
    return OpenedCapture(name, f"{words}, gzip" if packed else words, records, file, chunks)


def _beginning(chunks: Chunks) -> bytes:
    """Read until the form can be told. A stream may give less at first than it takes."""
    beginning = b""
    while len(beginning) < ENOUGH and isinstance(form(beginning), Looks):
        found = chunks.read()
        if not found:
            break
        beginning += found
    return beginning


def _unpacked_beginning(name: str, chunks: Chunks) -> bytes:
    try:
        return _beginning(chunks)
    except DamagedError as error:
        raise NotACaptureError(name, Looks.OTHER) from error


def is_stream(name: str) -> bool:
    """Whether a file can be read only once, as its bytes come."""
    return name == STANDARD_INPUT or not os.path.isfile(name)
