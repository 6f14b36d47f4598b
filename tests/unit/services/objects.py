"""DICOM files to ask about."""

from __future__ import annotations

from pathlib import Path

from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import CTImageStorage, JPEGBaseline8Bit, generate_uid

PATIENT = "DOE^JANE"


def write_compressed_ct(path: Path) -> None:
    """Write a CT image that claims to be JPEG and contains a patient's name."""
    image = Dataset()
    image.file_meta = FileMetaDataset()
    image.file_meta.TransferSyntaxUID = JPEGBaseline8Bit
    image.file_meta.MediaStorageSOPClassUID = CTImageStorage
    image.file_meta.MediaStorageSOPInstanceUID = generate_uid()
    image.SOPClassUID = image.file_meta.MediaStorageSOPClassUID
    image.PatientName = PATIENT
    image.save_as(path, enforce_file_format=True)
