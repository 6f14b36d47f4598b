"""Builds DIMSE requests (PS3.7 9.3), as messages for pynetdicom to encode."""

from __future__ import annotations

from io import BytesIO

from pydicom.dataset import Dataset
from pydicom.uid import UID, generate_uid
from pynetdicom.dimse_messages import (
    C_CANCEL_RQ,
    C_ECHO_RQ,
    C_FIND_RQ,
    C_MOVE_RQ,
    C_STORE_RQ,
    DIMSEMessage,
)
from pynetdicom.dimse_primitives import (
    C_CANCEL,
    C_ECHO,
    C_FIND,
    C_MOVE,
    C_STORE,
    DimsePrimitiveType,
)
from pynetdicom.dsutils import encode

from dcmecho.diagnosis.network.association import ContextAnswer
from dcmecho.standard.uids import VERIFICATION_SOP_CLASS

_MEDIUM_PRIORITY = 0


def new_uid() -> str:
    """Return a new, unique UID."""
    return generate_uid(prefix=None)


def echo_request(message_id: int) -> DIMSEMessage:
    """Return a C-ECHO-RQ (PS3.7 9.3.5.1)."""
    request = C_ECHO()
    request.MessageID = message_id
    request.AffectedSOPClassUID = VERIFICATION_SOP_CLASS
    return _filled(C_ECHO_RQ(), request)


def find_request(context: ContextAnswer, message_id: int, study_uid: str) -> DIMSEMessage:
    """Return a C-FIND-RQ for one study. Its UID is the only key."""
    request = C_FIND()
    request.MessageID = message_id
    request.AffectedSOPClassUID = context.abstract_syntax
    request.Priority = _MEDIUM_PRIORITY
    request.Identifier = _study(context, study_uid)
    return _filled(C_FIND_RQ(), request)


def move_request(
    context: ContextAnswer, message_id: int, study_uid: str, destination: str
) -> DIMSEMessage:
    """Return a C-MOVE-RQ for one study (PS3.7 9.3.4.1)."""
    request = C_MOVE()
    request.MessageID = message_id
    request.AffectedSOPClassUID = context.abstract_syntax
    request.Priority = _MEDIUM_PRIORITY
    request.MoveDestination = destination
    request.Identifier = _study(context, study_uid)
    return _filled(C_MOVE_RQ(), request)


def cancel_request(message_id: int) -> DIMSEMessage:
    """Return a C-CANCEL-RQ for the request with this message id (PS3.7 9.3.2.3)."""
    request = C_CANCEL()
    request.MessageIDBeingRespondedTo = message_id
    return _filled(C_CANCEL_RQ(), request)


def store_request(
    context: ContextAnswer, message_id: int, instance_uid: str, dataset: bytes
) -> DIMSEMessage:
    """Return a C-STORE-RQ with an encoded data set (PS3.7 9.3.1.1)."""
    request = C_STORE()
    request.MessageID = message_id
    request.AffectedSOPClassUID = context.abstract_syntax
    request.AffectedSOPInstanceUID = instance_uid
    request.Priority = _MEDIUM_PRIORITY
    request.DataSet = BytesIO(dataset)
    return _filled(C_STORE_RQ(), request)


def encoded(dataset: Dataset, context: ContextAnswer) -> bytes:
    """Return ``dataset`` encoded in the accepted (uncompressed) transfer syntax."""
    syntax = UID(context.transfer_syntax)
    whole = encode(dataset, syntax.is_implicit_VR, syntax.is_little_endian)
    assert whole is not None, "a data set of our own can be encoded"
    return whole


def _filled(message: DIMSEMessage, request: DimsePrimitiveType) -> DIMSEMessage:
    message.primitive_to_message(request)
    return message


def _study(context: ContextAnswer, study_uid: str) -> BytesIO:
    identifier = Dataset()
    identifier.QueryRetrieveLevel = "STUDY"
    identifier.StudyInstanceUID = study_uid
    return BytesIO(encoded(identifier, context))
