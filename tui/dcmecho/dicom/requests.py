"""DIMSE requests with data sets of our own making (PS3.7 9.3), for pynetdicom to encode."""

from __future__ import annotations

from io import BytesIO

from pydicom.dataset import Dataset
from pydicom.uid import UID, generate_uid
from pynetdicom.dimse_primitives import C_CANCEL, C_FIND, C_MOVE, C_STORE
from pynetdicom.dsutils import encode

from dcmecho.diagnosis.association import ContextAnswer

_MEDIUM_PRIORITY = 0


def new_uid() -> str:
    """A UID that nobody has."""
    return generate_uid(prefix=None)


def find_request(context: ContextAnswer, message_id: int, study_uid: str) -> C_FIND:
    """C-FIND-RQ for one study; no key but its UID is asked for."""
    request = C_FIND()
    request.MessageID = message_id
    request.AffectedSOPClassUID = UID(context.abstract_syntax)
    request.Priority = _MEDIUM_PRIORITY
    request.Identifier = _study(context, study_uid)
    return request


def move_request(
    context: ContextAnswer, message_id: int, study_uid: str, destination: str
) -> C_MOVE:
    """C-MOVE-RQ for one study (PS3.7 9.3.4.1)."""
    request = C_MOVE()
    request.MessageID = message_id
    request.AffectedSOPClassUID = UID(context.abstract_syntax)
    request.Priority = _MEDIUM_PRIORITY
    request.MoveDestination = destination
    request.Identifier = _study(context, study_uid)
    return request


def cancel_request(message_id: int) -> C_CANCEL:
    """C-CANCEL-RQ for the request with this message id (PS3.7 9.3.2.3)."""
    request = C_CANCEL()
    request.MessageIDBeingRespondedTo = message_id
    return request


def store_request(
    context: ContextAnswer, message_id: int, instance_uid: str, dataset: bytes
) -> C_STORE:
    """C-STORE-RQ with an encoded data set (PS3.7 9.3.1.1)."""
    request = C_STORE()
    request.MessageID = message_id
    request.AffectedSOPClassUID = UID(context.abstract_syntax)
    request.AffectedSOPInstanceUID = UID(instance_uid)
    request.Priority = _MEDIUM_PRIORITY
    request.DataSet = BytesIO(dataset)
    return request


def encoded(dataset: Dataset, context: ContextAnswer) -> bytes:
    """``dataset`` in the transfer syntax that was accepted, an uncompressed one."""
    syntax = UID(context.transfer_syntax)
    whole = encode(dataset, syntax.is_implicit_VR, syntax.is_little_endian)
    assert whole is not None, "a data set of our own can be encoded"
    return whole


def _study(context: ContextAnswer, study_uid: str) -> BytesIO:
    identifier = Dataset()
    identifier.QueryRetrieveLevel = "STUDY"
    identifier.StudyInstanceUID = study_uid
    return BytesIO(encoded(identifier, context))
