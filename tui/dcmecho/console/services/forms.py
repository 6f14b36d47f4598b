"""What the user types before a C-MOVE or a test image, and the request it makes. No I/O."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dcmecho.console.listen.request import ListenFieldFault, read_ports
from dcmecho.diagnosis.move.model import MoveRequest
from dcmecho.diagnosis.move.study import uid_fault
from dcmecho.diagnosis.network.connection import Address
from dcmecho.diagnosis.services.consent import move_sentence, store_sentence
from dcmecho.diagnosis.store.model import new_test_image
from dcmecho.diagnosis.store.size import size_bytes
from dcmecho.diagnosis.survey.survey import SurveyRequest
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.target.value_checks import DICOM_PORT

_YES, _NO = "yes", "no"


@dataclass(frozen=True, slots=True)
class ServiceFormField:
    """A field of the form: its label, its text at first, and what it is for."""

    label: str
    value: str
    why: str
    is_path: bool = False


@dataclass(frozen=True, slots=True)
class ServiceFormFault:
    """An error in a field, given by its number."""

    field: int
    text: str


@dataclass(frozen=True, slots=True)
class ServiceRequest:
    """What to ask, and the sentence that the user agrees to; empty if no consent is needed."""

    asked: SurveyRequest
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class ServiceForm:
    """A form: its title, its fields, and the function that reads them for a target."""

    title: str
    question: str
    fields: tuple[ServiceFormField, ...]
    read: Callable[[Sequence[str], Target], ServiceRequest | ServiceFormFault]


def _read_move(values: Sequence[str], target: Target) -> ServiceRequest | ServiceFormFault:
    study, address, ports_text, accept = (value.strip() for value in values)
    if fault := uid_fault(study):
        return ServiceFormFault(0, fault)
    ports = read_ports(ports_text)
    if isinstance(ports, ListenFieldFault):
        return ServiceFormFault(2, ports.text)
    if accept.lower() not in (_YES, _NO):
        return ServiceFormFault(3, f"type {_YES} or {_NO}")
    ends = tuple(Address(address, port) for port in ports)
    order = MoveRequest(study, ends, accept.lower() == _YES)
    return ServiceRequest(SurveyRequest(move=order), move_sentence(order, target))


def _read_store(values: Sequence[str], target: Target) -> ServiceRequest | ServiceFormFault:
    try:
        sent = new_test_image(size_bytes(values[0]))
    except ValueError as error:
        return ServiceFormFault(0, str(error))
    return ServiceRequest(SurveyRequest(store=sent), store_sentence(sent, target))


MOVE = ServiceForm(
    "C-MOVE to this machine",
    "Send a C-MOVE for this study?",
    (
        ServiceFormField("Study UID", "", "Study Instance UID of a phantom or test study"),
        ServiceFormField("Your address", "", "empty: the one that can reach the peer"),
        ServiceFormField("Port", str(DICOM_PORT), "as registered at the peer; more after commas"),
        ServiceFormField(
            "Accept", _NO, "no: the call is read and rejected; yes: counted and discarded"
        ),
    ),
    _read_move,
)
STORE = ServiceForm(
    "Test image",
    "Send a test image to the peer?",
    (ServiceFormField("Size", "512k", "4k to 64M; 5M shows whether the path drops large packets"),),
    _read_store,
)
