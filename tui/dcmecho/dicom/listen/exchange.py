"""Answers the commands on an accepted association. Stored objects are counted, not kept."""

from __future__ import annotations

from dataclasses import dataclass

from dcmecho.diagnosis.listen.calls import Accepted, AnsweredCommand
from dcmecho.dicom.pdu import build
from dcmecho.dicom.pdu.commands import (
    CommandAssembler,
    DimseCommand,
    Fragment,
)
from dcmecho.dicom.pdu.framing import PduFault
from dcmecho.standard.command_fields import RESPONSE, CommandField
from dcmecho.standard.statuses import SUCCESS, UNRECOGNIZED_OPERATION
from dcmecho.standard.uids import VERIFICATION_SOP_CLASS, is_storage

_DISTINCT_SERVICES = 16


@dataclass(frozen=True, slots=True)
class _Awaiting:
    """A command whose data set is not complete yet."""

    context_id: int
    command: DimseCommand


class Exchange:
    """Receives the fragments in order and returns the answers. Keeps counts but no data."""

    def __init__(self, accepted: Accepted) -> None:
        self._abstract_syntaxes = {
            each.context_id: each.abstract_syntax for each in accepted.contexts if each.is_accepted
        }
        self._assembler = CommandAssembler()
        self._awaiting: _Awaiting | None = None
        self._times: dict[tuple[str, int | None], int] = {}
        self.stored_objects = 0
        self.stored_bytes = 0

    @property
    def services(self) -> tuple[AnsweredCommand, ...]:
        """The commands received so far."""
        return tuple(
            AnsweredCommand(command, status, times)
            for (command, status), times in self._times.items()
        )

    def take(self, fragment: Fragment) -> bytes:
        """Return the PDU that answers the command completed by ``fragment``, or no bytes.

        Raises :class:`PduFault` for an unexpected fragment.
        """
        if fragment.context_id not in self._abstract_syntaxes:
            raise PduFault(f"data on presentation context {fragment.context_id}, not accepted")
        if fragment.is_command:
            return self._take_command(fragment)
        return self._take_data(fragment)

    def _take_command(self, fragment: Fragment) -> bytes:
        if self._awaiting is not None:
            raise PduFault("a command arrived before the data set of the previous command")
        command = self._assembler.add(fragment)
        if command is None:
            return b""
        if command.has_dataset:
            self._awaiting = _Awaiting(fragment.context_id, command)
            return b""
        return self._answer(fragment.context_id, command)

    def _take_data(self, fragment: Fragment) -> bytes:
        awaiting = self._awaiting
        if awaiting is None or awaiting.context_id != fragment.context_id:
            raise PduFault("a data set arrived without a command that announces it")
        if awaiting.command.field == CommandField.C_STORE_RQ:
            self.stored_bytes += len(fragment.data)
        if not fragment.is_last:
            return b""
        self._awaiting = None
        return self._answer(awaiting.context_id, awaiting.command)

    def _answer(self, context_id: int, command: DimseCommand) -> bytes:
        field = command.field
        if field is None or command.message_id is None or not _is_answered(field):
            self._count(command, None)
            return b""
        status = self._status(context_id, command)
        self._count(command, status)
        return build.response(
            context_id,
            field | RESPONSE,
            command.message_id,
            status,
            command.sop_class_uid,
            command.sop_instance_uid,
        )

    def _status(self, context_id: int, command: DimseCommand) -> int:
        abstract_syntax = self._abstract_syntaxes[context_id]
        if command.field == CommandField.C_ECHO_RQ and abstract_syntax == VERIFICATION_SOP_CLASS:
            return SUCCESS
        if (
            command.field == CommandField.C_STORE_RQ
            and is_storage(abstract_syntax)
            and command.has_dataset
        ):
            self.stored_objects += 1
            return SUCCESS
        return UNRECOGNIZED_OPERATION

    def _count(self, command: DimseCommand, status: int | None) -> None:
        key = (command.name, status)
        if key in self._times or len(self._times) < _DISTINCT_SERVICES:
            self._times[key] = self._times.get(key, 0) + 1


def _is_answered(field: int) -> bool:
    return not field & RESPONSE and field != CommandField.C_CANCEL_RQ
