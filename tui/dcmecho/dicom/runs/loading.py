"""pynetdicom, loaded when the first association needs it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dcmecho.dicom.runs.requestor import Requestor


@cache
def requestor_class() -> type[Requestor]:
    """The requestor, with pynetdicom loaded for it.

    pydicom checks every UID that is made. Ours are right, and the peer's are judged by their bytes.
    No upstream issue was found about the time that this takes.
    """
    from pydicom import config

    config.settings.reading_validation_mode = config.IGNORE
    from dcmecho.dicom.runs.requestor import Requestor

    return Requestor
