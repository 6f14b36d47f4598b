"""Bytes of a file, of a gzip file, or of a stream as they come, in a buffer that is refilled."""

from __future__ import annotations

import io
import os
import select
import stat
import zlib
from collections.abc import Callable
from typing import Protocol

from dcmecho.capture.file.record import DamagedError

CHUNK = 1 << 19
GZIP_MAGIC = b"\x1f\x8b"

_IDLE_S = 0.5
"""A stream that says nothing for so long is idle."""

_MOST_RATIO = 250
_RATIO_COUNTS_FROM = 1 << 24
"""A file that unpacks to more than 16 MiB and to 250 times its size is no capture but a bomb."""


class Chunks(Protocol):
    """Gives bytes until there are none."""

    @property
    def raw_bytes(self) -> int:
        """Bytes of the file that were read."""

    def read(self) -> bytes:
        """Return some bytes, or none at the end."""


class FileChunks:
    """Chunks of an open file; calls ``idle`` while a stream says nothing."""

    def __init__(self, file: io.FileIO, idle: Callable[[], None]) -> None:
        """Read an open file."""
        self._raw_bytes = 0
        self._file = file
        self._idle = idle
        self._stream = not stat.S_ISREG(os.fstat(file.fileno()).st_mode)

    def read(self) -> bytes:
        """Return some bytes, or none at the end."""
        if self._stream:
            self._wait()
        found = self._file.read(CHUNK) or b""
        self._raw_bytes += len(found)
        return found

    @property
    def raw_bytes(self) -> int:
        """Bytes of the file that were read."""
        return self._raw_bytes

    def _wait(self) -> None:
        while not select.select([self._file], [], [], _IDLE_S)[0]:
            self._idle()


class Again:
    """Chunks of which the first has been read already."""

    def __init__(self, chunks: Chunks, first: bytes) -> None:
        """Give ``first`` before the rest of the chunks."""
        self._chunks = chunks
        self._first = first

    @property
    def raw_bytes(self) -> int:
        """Bytes of the file that were read."""
        return self._chunks.raw_bytes

    def read(self) -> bytes:
        """Return some bytes, or none at the end."""
        found, self._first = self._first, b""
        return found or self._chunks.read()


class UnpackedChunks:
    """Unpacks gzip, in pieces of bounded size. Raises ``DamagedError``."""

    def __init__(self, packed: Chunks) -> None:
        """Unpack these chunks."""
        self._packed = packed
        self._unpacking = _gzip()
        self._rest = b""
        self._unpacked = 0

    @property
    def raw_bytes(self) -> int:
        """Bytes of the packed file that were read."""
        return self._packed.raw_bytes

    def read(self) -> bytes:
        """Return some bytes, or none at the end."""
        while True:
            if self._unpacking.eof:
                self._rest = self._unpacking.unused_data or self._packed.read()
                if not self._rest.startswith(GZIP_MAGIC):
                    return b""
                self._unpacking = _gzip()
            packed = self._rest or self._unpacking.unconsumed_tail or self._packed.read()
            self._rest = b""
            found = self._unpack(packed)
            if found:
                return found
            if not packed and not self._unpacking.eof:
                raise DamagedError("the gzip file ends too early")

    def _unpack(self, packed: bytes) -> bytes:
        try:
            found = self._unpacking.decompress(packed, CHUNK)
        except zlib.error as error:
            raise DamagedError("the gzip file is damaged") from error
        self._unpacked += len(found)
        if self._unpacked > max(_RATIO_COUNTS_FROM, _MOST_RATIO * self.raw_bytes):
            raise DamagedError(f"it unpacks to more than {_MOST_RATIO} times its size")
        return found


def _gzip() -> zlib._Decompress:
    return zlib.decompressobj(wbits=31)


class Source:
    """A buffer over chunks. A reader of records keeps its place itself."""

    def __init__(self, chunks: Chunks, tell: Callable[[], None]) -> None:
        """Read these chunks; ``tell`` is called after each."""
        self._chunks = chunks
        self._tell = tell
        self._damage: DamagedError | None = None

    def more(self, buffer: bytes, at: int, needed: int) -> bytes:
        """Return what is left of a buffer from ``at`` on, with at least ``needed`` bytes.

        Shorter at the end of the file. Damage is raised when all before it has been returned.
        """
        parts = [buffer[at:]]
        have = len(parts[0])
        while have < needed:
            found = self._read()
            if not found:
                break
            parts.append(found)
            have += len(found)
        if have < needed and self._damage is not None:
            raise self._damage
        return b"".join(parts)

    def _read(self) -> bytes:
        if self._damage is not None:
            return b""
        try:
            found = self._chunks.read()
        except DamagedError as error:
            self._damage = error
            return b""
        self._tell()
        return found
