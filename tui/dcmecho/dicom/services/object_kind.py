"""Reads the SOP class and transfer syntax of a DICOM file, and nothing else of it."""

from __future__ import annotations

from pathlib import Path

from pydicom.errors import InvalidDicomError
from pydicom.filereader import read_file_meta_info

from dcmecho.diagnosis.sanitize import PeerText, error_text, path_text
from dcmecho.diagnosis.services.model import ObjectKind
from dcmecho.dicom.pdu.uid_names import uid_name
from dcmecho.regular_file import require_regular
from dcmecho.standard.uids import MEDIA_STORAGE_DIRECTORY


class NoObjectError(Exception):
    """The file cannot be stored at a peer. The message names the file and says why."""


def read_kind(path: Path) -> ObjectKind:
    """Read only the file meta information (PS3.10 7.1) of a file.

    Raises :class:`NoObjectError`.
    """
    name = path_text(path)
    try:
        require_regular(path)
        found = read_file_meta_info(path)
    except FileNotFoundError:
        raise NoObjectError(f"{name}: no such file") from None
    except OSError as error:
        raise NoObjectError(f"{name}: cannot be read: {error.strerror or error}") from None
    except InvalidDicomError:
        raise NoObjectError(
            f"{name}: not a DICOM file (no DICM at byte 128, see PS3.10 7.1)"
        ) from None
    except Exception as error:
        raise NoObjectError(f"{name}: cannot be read as DICOM: {error_text(error)}") from None
    sop_class = str(PeerText(str(found.get("MediaStorageSOPClassUID", ""))))
    syntax = str(PeerText(str(found.get("TransferSyntaxUID", ""))))
    if not sop_class or not syntax:
        missing = "transfer syntax" if sop_class else "SOP class"
        raise NoObjectError(f"{name}: the file meta information has no {missing}")
    if sop_class == MEDIA_STORAGE_DIRECTORY:
        raise NoObjectError(f"{name}: a DICOMDIR cannot be sent. Use one of the files it lists")
    return ObjectKind(
        file=path_text(path.name),
        sop_class_uid=sop_class,
        sop_class_name=uid_name(sop_class),
        transfer_syntax_uid=syntax,
        transfer_syntax_name=uid_name(syntax),
    )
