"""Builds the test image: an 8-bit grayscale image of no patient that reads ``TEST dcmecho``."""

from __future__ import annotations

import math
from datetime import UTC, datetime

from pydicom.dataset import Dataset

from dcmecho.diagnosis.store.model import (
    DESCRIPTION,
    PATIENT_ID,
    PATIENT_NAME,
    SyntheticImage,
)
from dcmecho.standard.uids import SECONDARY_CAPTURE_IMAGE_STORAGE

_TEXT = "TEST dcmecho"
_GLYPHS = {
    "T": ("#####", "..#..", "..#..", "..#..", "..#..", "..#..", "..#.."),
    "E": ("#####", "#....", "#....", "####.", "#....", "#....", "#####"),
    "S": (".####", "#....", "#....", ".###.", "....#", "....#", "####."),
    " ": (".....",) * 7,
    "d": ("....#", "....#", ".####", "#...#", "#...#", "#...#", ".####"),
    "c": (".....", ".....", ".####", "#....", "#....", "#....", ".####"),
    "m": (".....", ".....", "##.#.", "#.#.#", "#.#.#", "#.#.#", "#.#.#"),
    "e": (".....", ".....", ".###.", "#...#", "#####", "#....", ".###."),
    "h": ("#....", "#....", "####.", "#...#", "#...#", "#...#", "#...#"),
    "o": (".....", ".....", ".###.", "#...#", "#...#", "#...#", ".###."),
}
_GLYPH_WIDTH, _GLYPH_HEIGHT = 6, 7
_BACKGROUND, _INK = 0x30, 0xE0


def build(sent: SyntheticImage) -> Dataset:
    """Return the data set, with pixels of ``size_bytes`` up to a row more (PS3.3 A.8.1)."""
    columns = max(2, math.isqrt(sent.size_bytes) & ~1)
    rows = -(-sent.size_bytes // columns)
    now = datetime.now(UTC)
    image = Dataset()
    image.SOPClassUID = SECONDARY_CAPTURE_IMAGE_STORAGE
    image.SOPInstanceUID = sent.instance_uid
    image.StudyInstanceUID = sent.study_uid
    image.SeriesInstanceUID = sent.series_uid
    image.PatientName = PATIENT_NAME
    image.PatientID = PATIENT_ID
    image.PatientBirthDate = image.PatientSex = ""
    image.StudyDate = image.SeriesDate = image.ContentDate = now.strftime("%Y%m%d")
    image.StudyTime = image.SeriesTime = image.ContentTime = now.strftime("%H%M%S")
    image.StudyID = "TEST"
    image.AccessionNumber = image.ReferringPhysicianName = ""
    image.StudyDescription = image.SeriesDescription = image.ImageComments = DESCRIPTION
    image.Modality = "OT"
    image.ConversionType = "SYN"
    image.Manufacturer = "dcmecho"
    image.QualityControlImage = "YES"
    image.BurnedInAnnotation = "NO"
    image.SeriesNumber = image.InstanceNumber = 1
    image.SamplesPerPixel = 1
    image.PhotometricInterpretation = "MONOCHROME2"
    image.Rows, image.Columns = rows, columns
    image.BitsAllocated = image.BitsStored = 8
    image.HighBit = 7
    image.PixelRepresentation = 0
    image.add_new("PixelData", "OB", _pixels(rows, columns))
    return image


def _pixels(rows: int, columns: int) -> bytes:
    """Return pixels with lines of text, as large as the width allows."""
    scale = max(1, columns // (_GLYPH_WIDTH * (len(_TEXT) + 1)))
    blank = bytes([_BACKGROUND]) * columns
    line = b"".join(_pixel_row(y, scale, columns) * scale for y in range(_GLYPH_HEIGHT))
    band = line + blank * (_GLYPH_HEIGHT * scale)
    return (band * (rows * columns // len(band) + 1))[: rows * columns]


def _pixel_row(y: int, scale: int, columns: int) -> bytes:
    dots = "".join(f"{_GLYPHS[letter][y]}." for letter in _TEXT)
    ink = b"".join(bytes([_INK if dot == "#" else _BACKGROUND]) * scale for dot in dots)
    return ink[:columns].ljust(columns, bytes([_BACKGROUND]))
