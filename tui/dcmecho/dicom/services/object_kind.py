"""Reads the SOP class and transfer syntax of a DICOM file, and nothing else of it."""

from __future__ import annotations

import re
from pathlib import Path

from dcmecho.diagnosis.sanitize import PeerText, path_text
from dcmecho.diagnosis.services.model import ObjectKind
from dcmecho.dicom.pdu.uid_names import uid_name
from dcmecho.dicom.services.file_meta import MOST_BYTES, NoFileMetaError, read_file_meta
from dcmecho.regular_file import read_start
from dcmecho.standard.uids import MEDIA_STORAGE_DIRECTORY

_SOP_CLASS, _TRANSFER_SYNTAX = 0x0002, 0x0010
_UID = re.compile(rb"[0-9]+(?:\.[0-9]+)+")
_UID_BYTES = 64
"""PS3.5 9.1."""


class NoObjectError(Exception):
    """The file cannot be stored at a peer. The message names the file and says why."""


def read_kind(path: Path) -> ObjectKind:
    """Read only the file meta information (PS3.10 7.1) of a file.

    Raises :class:`NoObjectError`.
    """
    name = path_text(path)
    try:
        found = read_file_meta(read_start(path, MOST_BYTES))
    except FileNotFoundError:
        raise NoObjectError(f"{name}: no such file") from None
    except OSError as error:
        raise NoObjectError(f"{name}: cannot be read: {error.strerror or error}") from None
    except NoFileMetaError as error:
        raise NoObjectError(f"{name}: {error}") from None
    sop_class = _uid(name, "SOP class", found.get(_SOP_CLASS, b""))
    syntax = _uid(name, "transfer syntax", found.get(_TRANSFER_SYNTAX, b""))
    if sop_class == MEDIA_STORAGE_DIRECTORY:
        raise NoObjectError(f"{name}: a DICOMDIR cannot be sent. Use one of the files it lists")
    return ObjectKind(
        file=path_text(path.name),
        sop_class_uid=sop_class,
        sop_class_name=uid_name(sop_class),
        transfer_syntax_uid=syntax,
        transfer_syntax_name=uid_name(syntax),
    )


def _uid(name: str, what: str, value: bytes) -> str:
    """Return a UID without its padding. What is not a UID must not be proposed to a peer."""
    uid = value.rstrip(b"\0 ")
    if not uid:
        raise NoObjectError(f"{name}: the file meta information has no {what}")
    if len(uid) > _UID_BYTES or not _UID.fullmatch(uid):
        raise NoObjectError(f"{name}: the {what} {PeerText(uid).brief} is not a UID (PS3.5 9.1)")
    return uid.decode("ascii")
