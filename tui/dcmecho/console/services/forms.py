"""What is typed before a C-MOVE or a test object, and what it asks for. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dcmecho.console.listen.request import EntryFault, read_ports
from dcmecho.diagnosis.move.model import MoveOrder
from dcmecho.diagnosis.move.study import uid_fault
from dcmecho.diagnosis.network.connection import Address
from dcmecho.diagnosis.services.consent import move_sentence, store_sentence
from dcmecho.diagnosis.store.model import new_test_object
from dcmecho.diagnosis.store.size import size_bytes
from dcmecho.diagnosis.survey.survey import Asked
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.target.value_checks import DICOM_PORT

_YES, _NO = "yes", "no"


@dataclass(frozen=True, slots=True)
class OrderField:
    """A field of the form: its label, what stands in it at first, and what it is for."""

    label: str
    value: str
    why: str
    is_path: bool = False


@dataclass(frozen=True, slots=True)
class OrderFault:
    """What is wrong with a field, by its number."""

    field: int
    text: str


@dataclass(frozen=True, slots=True)
class Order:
    """What to ask, and the sentence that the user agrees to; empty where that needs no consent."""

    asked: Asked
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class OrderKind:
    """A form: its title, its fields, and how they are read for a target."""

    title: str
    question: str
    fields: tuple[OrderField, ...]
    read: Callable[[Sequence[str], Target], Order | OrderFault]


def _read_move(values: Sequence[str], target: Target) -> Order | OrderFault:
    study, address, ports_text, accept = (value.strip() for value in values)
    if fault := uid_fault(study):
        return OrderFault(0, fault)
    ports = read_ports(ports_text)
    if isinstance(ports, EntryFault):
        return OrderFault(2, ports.text)
    if accept.lower() not in (_YES, _NO):
        return OrderFault(3, f"write {_YES} or {_NO}")
    ends = tuple(Address(address, port) for port in ports)
    order = MoveOrder(study, ends, accept.lower() == _YES)
    return Order(Asked(move=order), move_sentence(order, target))


def _read_store(values: Sequence[str], target: Target) -> Order | OrderFault:
    try:
        sent = new_test_object(size_bytes(values[0]))
    except ValueError as error:
        return OrderFault(0, str(error))
    return Order(Asked(store=sent), store_sentence(sent, target))


MOVE = OrderKind(
    "C-MOVE to ourselves",
    "Have this study sent to us?",
    (
        OrderField("Study UID", "", "Study Instance UID of a phantom study at the peer"),
        OrderField("Our address", "", "empty: the one that reaches the peer"),
        OrderField("Port", str(DICOM_PORT), "as the peer has it; further ones after commas"),
        OrderField("Let it in", _NO, "no: its call is read and rejected; yes: counted, dropped"),
    ),
    _read_move,
)
STORE = OrderKind(
    "Test object",
    "Store a test image there?",
    (OrderField("Size", "512k", "4k to 64M; 5M shows a way that loses big packets"),),
    _read_store,
)
