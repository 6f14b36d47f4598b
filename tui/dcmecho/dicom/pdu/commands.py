"""Reads DIMSE command sets from their bytes (PS3.7 6.3.1: Implicit VR Little Endian)."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import NamedTuple

from dcmecho.diagnosis.move.counts import NO_COUNTS, SubOperations
from dcmecho.diagnosis.sanitize import NO_TEXT, PeerText
from dcmecho.dicom.pdu.framing import PduFault
from dcmecho.dicom.pdu.uid_names import read_uid
from dcmecho.standard.command_fields import command_words

NO_DATASET = 0x0101
"""Command data set type of a command without a data set (PS3.7 E.1)."""
_LONGEST_COMMAND_BYTES = 65_536
"""Maximum length of a command set; longer than any command of the standard."""


class DimseCommand(NamedTuple):
    """One DIMSE command. Missing fields are ``None`` or empty."""

    field: int | None
    message_id: int | None
    responds_to: int | None
    status: int | None
    sop_class_uid: str
    comment: PeerText
    sop_instance_uid: str = ""
    sub_operations: SubOperations = NO_COUNTS
    has_dataset: bool = False
    """True if a data set follows (PS3.7 E.1, command data set type)."""
    move_destination: PeerText = NO_TEXT

    @property
    def name(self) -> str:
        """``C-ECHO-RSP``, or the number of an unknown command."""
        if self.field is None:
            return "a command without a command field"
        return command_words(self.field)


class Fragment(NamedTuple):
    """One presentation data value (PS3.8 9.3.5.1, E.2)."""

    context_id: int
    is_command: bool
    is_last: bool
    data: bytes
    command: DimseCommand | None = None
    """The command, if the fragment contains a whole one."""
    fault: str = ""
    """The reason why a command fragment does not contain a complete command."""


class CommandAssembler:
    """Joins the fragments of one direction until a command is complete."""

    def __init__(self) -> None:
        self._parts = b""

    def add(self, fragment: Fragment) -> DimseCommand | None:
        """Return the command completed by ``fragment``, or ``None``. Raises :class:`PduFault`."""
        if not fragment.is_command:
            return None
        if not self._parts and fragment.is_last and fragment.command is not None:
            return fragment.command
        self._parts += fragment.data
        if len(self._parts) > _LONGEST_COMMAND_BYTES:
            raise PduFault(f"a command set of more than {_LONGEST_COMMAND_BYTES} bytes")
        if not fragment.is_last:
            return None
        whole, self._parts = self._parts, b""
        return read_command(whole)


def read_command(data: bytes) -> DimseCommand:
    """Read a command set. Raises :class:`PduFault` if it is not a list of group 0000 elements."""
    elements: dict[int, bytes] = {}
    at = 0
    while at < len(data):
        if at + 8 > len(data):
            raise PduFault(f"the command set is cut short at byte {at}")
        group, element, length = struct.unpack_from("<HHI", data, at)
        if group != 0 or at + 8 + length > len(data):
            raise PduFault(f"the command set cannot be read at byte {at}")
        if element in elements:
            raise PduFault(f"the command set has element (0000,{element:04X}) twice, at byte {at}")
        elements[element] = data[at + 8 : at + 8 + length]
        at += 8 + length
    numbers = {
        element: int.from_bytes(raw, "little") for element, raw in elements.items() if len(raw) == 2
    }
    number = numbers.get
    return DimseCommand(
        field=number(0x0100),
        message_id=number(0x0110),
        responds_to=number(0x0120),
        status=number(0x0900),
        sop_class_uid=_uid(elements, 0x0002),
        comment=_text(elements, 0x0902),
        sop_instance_uid=_uid(elements, 0x1000),
        sub_operations=SubOperations(
            remaining=number(0x1020),
            completed=number(0x1021),
            failed=number(0x1022),
            warning=number(0x1023),
        ),
        has_dataset=number(0x0800) not in (None, NO_DATASET),
        move_destination=_text(elements, 0x0600),
    )


def _uid(elements: Mapping[int, bytes], element: int) -> str:
    raw = elements.get(element)
    return read_uid(raw) if raw else ""


def _text(elements: Mapping[int, bytes], element: int) -> PeerText:
    raw = elements.get(element)
    return PeerText(raw.rstrip(b"\0 ")) if raw else NO_TEXT
