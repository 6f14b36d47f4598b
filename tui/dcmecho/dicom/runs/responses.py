"""What a DIMSE response is, and what is wrong with one that breaks the standard. Pure."""

from __future__ import annotations

from typing import NamedTuple

from dcmecho.diagnosis.network.association import Answer, Ending
from dcmecho.dicom.pdu.commands import Command
from dcmecho.dicom.pdu.uid_names import uid_name
from dcmecho.dicom.wire.connection import Arrival
from dcmecho.standard.command_fields import CommandField
from dcmecho.standard.uids import VERIFICATION_SOP_CLASS


class Response(NamedTuple):
    """What came while a DIMSE response was awaited. ``ANSWERED`` has a command with a status."""

    answer: Answer
    command: Command | None = None
    owes_dataset: bool = False
    """The data set that it announces has not come to its end."""


def malformed(answer: Answer, arrival: Arrival, message: str) -> Answer:
    """The answer where what arrived breaks the standard; ``message`` says how and where."""
    return answer._replace(ending=Ending.MALFORMED, data=arrival.pdu.data, message=message)


def fault_of(command: Command, command_field: CommandField, message_id: int) -> str:
    """Say what is wrong with a command in place of the awaited response; empty for nothing."""
    awaited = command_field.words
    if command.field != command_field:
        return f"{command.name} in place of {awaited}"
    if command.responds_to != message_id:
        return f"{awaited} answers message {command.responds_to}, we asked with {message_id}"
    return "" if command.status is not None else f"{awaited} without a status"


def fault_of_echo(command: Command) -> str:
    """Say what is wrong with a C-ECHO-RSP that answers our message; empty for nothing."""
    if command.sop_class_uid not in ("", VERIFICATION_SOP_CLASS):
        return f"C-ECHO-RSP for another SOP class, {uid_name(command.sop_class_uid)}"
    return "C-ECHO-RSP that announces a data set" if command.has_dataset else ""


def never_whole(answer: Answer, arrival: Arrival, pdus: int, within_s: float) -> Answer:
    """The answer where ``pdus`` P-DATA-TF held no whole command."""
    message = f"{pdus} P-DATA-TF came within {within_s:g} s, and no whole command in them"
    return malformed(answer, arrival, message)._replace(unfinished=True)
