"""The form that asks whether a peer would accept an object like a file. It reads only its kind."""

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
        return ServiceFormFault(0, "enter the path of a DICOM file")
    try:
        kind = read_kind(existing_path(typed) or Path(typed))
    except NoObjectError as error:
        return ServiceFormFault(0, str(error))
    return ServiceRequest(SurveyRequest(like=kind))


OBJECT = ServiceForm(
    "Would the peer accept an object like this?",
    "",
    (
        ServiceFormField(
            "File",
            "",
            "a DICOM file; only its SOP class and transfer syntax are proposed",
            is_path=True,
        ),
    ),
    _read,
)
