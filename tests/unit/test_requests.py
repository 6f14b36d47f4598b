"""What we send is byte for byte what pynetdicom would send for the same values."""

from __future__ import annotations

import pydicom.uid
import pytest
from pynetdicom import ALL_TRANSFER_SYNTAXES, build_context
from pynetdicom.dimse_messages import C_ECHO_RQ
from pynetdicom.dimse_primitives import C_ECHO
from pynetdicom.pdu import A_ASSOCIATE_RQ, A_RELEASE_RQ, P_DATA_TF
from pynetdicom.pdu_primitives import (
    A_ASSOCIATE,
    ImplementationClassUIDNotification,
    ImplementationVersionNameNotification,
    MaximumLengthNotification,
)

from dcmecho.diagnosis.model import RunOptions, Target
from dcmecho.dicom import words
from dcmecho.dicom.requests import (
    IMPLEMENTATION_CLASS_UID,
    IMPLEMENTATION_VERSION,
    RELEASE_REQUEST,
    VERIFICATION,
    associate_request,
    echo_request,
    transfer_syntaxes,
)

_DEFLATED = "1.2.840.10008.1.2.1.99"


def from_pynetdicom(target: Target, options: RunOptions) -> bytes:
    """Encode the same A-ASSOCIATE-RQ with pynetdicom."""
    primitive = A_ASSOCIATE()
    primitive.application_context_name = options.application_context or "1.2.840.10008.3.1.1.1"
    primitive.calling_ae_title = target.calling_ae
    primitive.called_ae_title = target.called_ae
    contexts = []
    for number in range(options.presentation_contexts):
        contexts.append(
            build_context(VERIFICATION, [*transfer_syntaxes(options.transfer_syntaxes)])
        )
        contexts[-1].context_id = 2 * number + 1
    primitive.presentation_context_definition_list = contexts
    length = MaximumLengthNotification()
    length.maximum_length_received = target.max_pdu_bytes
    class_uid = ImplementationClassUIDNotification()
    class_uid.implementation_class_uid = pydicom.uid.UID(IMPLEMENTATION_CLASS_UID)
    version = ImplementationVersionNameNotification()
    version.implementation_version_name = IMPLEMENTATION_VERSION
    primitive.user_information = [length, class_uid, version]
    pdu = A_ASSOCIATE_RQ()
    pdu.from_primitive(primitive)
    return pdu.encode()


@pytest.mark.parametrize(
    "options",
    [
        RunOptions(),
        RunOptions(transfer_syntaxes=3, presentation_contexts=2),
        RunOptions(transfer_syntaxes=38, presentation_contexts=128),
        RunOptions(application_context="1.2.3.4.5"),
    ],
    ids=["one context", "two contexts", "all that can be proposed", "another application context"],
)
@pytest.mark.parametrize("called", ["PACS", "SIXTEEN_CHARS_AE", " LEADING", "a.b-c [/]"])
def test_associate_request(called: str, options: RunOptions) -> None:
    target = Target("192.0.2.1", 104, called, "MY_WORKSTATION", max_pdu_bytes=16384)
    assert associate_request(target, options) == from_pynetdicom(target, options)


@pytest.mark.parametrize(("context_id", "message_id"), [(1, 1), (255, 65535)])
def test_echo_request(context_id: int, message_id: int) -> None:
    primitive = C_ECHO()
    primitive.MessageID = message_id
    primitive.AffectedSOPClassUID = VERIFICATION
    message = C_ECHO_RQ()
    message.primitive_to_message(primitive)
    (values,) = message.encode_msg(context_id, 16384)
    pdu = P_DATA_TF()
    pdu.from_primitive(values)
    assert echo_request(context_id, message_id) == pdu.encode()


def test_release_request() -> None:
    assert A_RELEASE_RQ().encode() == RELEASE_REQUEST


def test_deflated_is_proposed_last() -> None:
    every = transfer_syntaxes(len(ALL_TRANSFER_SYNTAXES))
    assert set(every) == set(ALL_TRANSFER_SYNTAXES)
    assert every[-1] == _DEFLATED


@pytest.mark.parametrize("uid", words.UID_NAMES)
def test_names_at_hand_are_those_of_the_dictionary(uid: str) -> None:
    assert words.uid_name(uid) == pydicom.uid.UID(uid).name
