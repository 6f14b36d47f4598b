"""Files to ask about with ``--like``: only what is needed is read, and only UIDs are proposed."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from pydicom.uid import CTImageStorage, JPEGBaseline8Bit

from dcmecho.dicom.services.object_kind import NoObjectError, read_kind
from tests.unit.services.objects import write_compressed_ct

CT, JPEG = CTImageStorage.encode(), JPEGBaseline8Bit.encode()


def element(number: int, vr: bytes, value: bytes) -> bytes:
    return struct.pack("<HH2sH", 2, number, vr, len(value)) + value


def meta(*elements: bytes) -> bytes:
    return bytes(128) + b"DICM" + b"".join(elements)


def written(folder: Path, content: bytes) -> Path:
    path = folder / "object.dcm"
    path.write_bytes(content)
    return path


def nested(bytes_long: int) -> bytes:
    """Sequences in each other, of undefined length (PS3.5 7.5)."""
    one = struct.pack("<HH2sHI", 2, 1, b"SQ", 0, 0xFFFFFFFF) + b"\xfe\xff\x00\xe0\xff\xff\xff\xff"
    return one * (bytes_long // len(one))


def test_the_kind_of_a_file_is_read(tmp_path: Path) -> None:
    write_compressed_ct(path := tmp_path / "ct.dcm")
    kind = read_kind(path)
    assert kind.sop_class_name == "CT Image Storage"
    assert kind.transfer_syntax_uid == JPEGBaseline8Bit


def test_values_are_read_without_their_padding(tmp_path: Path) -> None:
    path = written(tmp_path, meta(element(2, b"UI", CT + b"\0"), element(16, b"UI", JPEG + b" ")))
    assert read_kind(path).transfer_syntax_uid == JPEGBaseline8Bit


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "no DICM at byte 128"),
        (meta(), "has no SOP class"),
        (meta(element(2, b"UI", CT)), "has no transfer syntax"),
        (meta(element(2, b"UI", b"not a uid"), element(16, b"UI", JPEG)), "SOP class not a uid is"),
        (meta(element(2, b"UI", CT), element(16, b"UI", b"1.2\x1b[2J")), r"1\.2\\x1b\[2J is not"),
        (meta(element(2, b"UI", b"1." * 40 + b"1"), element(16, b"UI", JPEG)), "is not a UID"),
        (meta(element(2, b"UI", CT)[:-2]), r"\(0002,0002\) claims 25 bytes at byte 140"),
        (meta(struct.pack("<HHI", 2, 2, 4)), "no VR at byte 136"),
        (meta(nested(400_000)), r"\(0002,0001\) claims 4294967295 bytes"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_cannot_be_proposed_is_refused(tmp_path: Path, content: bytes, why: str) -> None:
    with pytest.raises(NoObjectError, match=why):
        read_kind(written(tmp_path, content))


def test_only_the_beginning_of_a_file_is_read(tmp_path: Path) -> None:
    path = written(tmp_path, meta(element(2, b"UI", CT), element(16, b"UI", JPEG)))
    with path.open("r+b") as file:
        file.truncate(1 << 40)
    assert read_kind(path).sop_class_name == "CT Image Storage"
