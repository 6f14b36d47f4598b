"""What is typed to ask whether a peer would take an object. Of a file it reads what it is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from dcmecho.console.services.forms import (
    ServiceForm,
    ServiceFormFault,
    ServiceFormField,
    ServiceRequest,
)
from dcmecho.console.widgets.typed_path import existing_path
from dcmecho.diagnosis.survey.survey import SurveyRequest
from dcmecho.diagnosis.target.target import Target


def _read(values: Sequence[str], _: Target) -> ServiceRequest | ServiceFormFault:
    from dcmecho.dicom.services.object_kind import NoObjectError, read_kind

    typed = values[0].strip()
    if not typed:
        return ServiceFormFault(0, "the path of a DICOM file is needed")
    try:
        kind = read_kind(existing_path(typed) or Path(typed))
    except NoObjectError as error:
        return ServiceFormFault(0, str(error))
    return ServiceRequest(SurveyRequest(like=kind))


OBJECT = ServiceForm(
    "Would it take this object?",
    "",
    (
        ServiceFormField(
            "File",
            "",
            "a DICOM file. Its SOP class and transfer syntax are read and proposed, no more",
            is_path=True,
        ),
    ),
    _read,
)
