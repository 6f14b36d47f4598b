"""DIMSE responses, and what is wrong with malformed ones. No I/O."""

from __future__ import annotations

from typing import NamedTuple

from dcmecho.diagnosis.network.association import Answer, Ending
from dcmecho.dicom.pdu.commands import DimseCommand
from dcmecho.dicom.pdu.uid_names import uid_name
from dcmecho.dicom.wire.connection import Arrival
from dcmecho.standard.command_fields import CommandField
from dcmecho.standard.uids import VERIFICATION_SOP_CLASS


class Response(NamedTuple):
    """The result of waiting for a DIMSE response. ``ANSWERED`` has a command with a status."""

    answer: Answer
    command: DimseCommand | None = None
    owes_dataset: bool = False
    """True if the announced data set is not complete yet."""


def malformed(answer: Answer, arrival: Arrival, message: str) -> Answer:
    """Return the answer for a malformed arrival; ``message`` says what is wrong and where."""
    return answer._replace(ending=Ending.MALFORMED, data=arrival.pdu.data, message=message)


def fault_of(command: DimseCommand, command_field: CommandField, message_id: int) -> str:
    """Return what is wrong with a command instead of the expected response, or an empty text."""
    awaited = command_field.words
    if command.field != command_field:
        return f"{command.name} instead of {awaited}"
    if command.responds_to != message_id:
        return f"{awaited} answers message {command.responds_to} instead of {message_id}"
    return "" if command.status is not None else f"{awaited} without a status"


def fault_of_echo(command: DimseCommand) -> str:
    """Return what is wrong with a C-ECHO-RSP to our message, or an empty text."""
    if command.sop_class_uid not in ("", VERIFICATION_SOP_CLASS):
        return f"C-ECHO-RSP for another SOP class, {uid_name(command.sop_class_uid)}"
    return "C-ECHO-RSP that announces a data set" if command.has_dataset else ""


def never_whole(answer: Answer, arrival: Arrival, pdus: int, within_s: float) -> Answer:
    """Return the answer for ``pdus`` P-DATA-TF without a whole command."""
    message = f"{pdus} P-DATA-TF within {within_s:g} s, but no complete command in them"
    return malformed(answer, arrival, message)._replace(unfinished=True)
