"""Commands of which several are open at once: asynchronous operations, and those inside a C-GET."""

from __future__ import annotations

from dcmecho.capture.conversation import Seen, Way
from dcmecho.capture.passed.trace import Trace, is_final
from dcmecho.diagnosis.sanitize import NO_TEXT
from dcmecho.dicom.pdu.commands import DimseCommand
from dcmecho.standard.command_fields import RESPONSE, CommandField

CLIENT, SERVER = Way.FROM_CLIENT, Way.FROM_SERVER


def request(field: CommandField, message: int) -> DimseCommand:
    return DimseCommand(field, message, None, None, "1.2", NO_TEXT)


def answer(field: CommandField, message: int, status: int = 0) -> DimseCommand:
    return DimseCommand(field | RESPONSE, None, message, status, "1.2", NO_TEXT)


def traced(*passed: tuple[Way, DimseCommand]) -> Trace:
    trace = Trace()
    for frame, (way, command) in enumerate(passed):
        trace.add_command(way, Seen(frame, None), command)
    return trace


STORE, GET = CommandField.C_STORE_RQ, CommandField.C_GET_RQ


def test_a_failure_of_an_earlier_command_is_told_too() -> None:
    trace = traced(
        (CLIENT, request(STORE, 1)),
        (CLIENT, request(STORE, 2)),
        (SERVER, answer(STORE, 1, 0xA700)),
        (SERVER, answer(STORE, 2)),
    )
    assert trace.failed is not None
    assert trace.failed.command.message_id == 1


def test_a_get_waits_while_its_objects_are_stored() -> None:
    passed = [
        (CLIENT, request(GET, 1)),
        (SERVER, request(STORE, 1)),
        (CLIENT, answer(STORE, 1)),
    ]
    trace = traced(*passed)
    assert trace.last is not None
    assert trace.last.command.field == GET
    assert not is_final(trace.last.answer)
    trace = traced(*passed, (SERVER, answer(GET, 1)))
    assert trace.last is not None
    assert trace.last.command.field == GET
    assert is_final(trace.last.answer)


def test_an_answer_that_the_capture_lost_leaves_nothing_open() -> None:
    trace = traced(
        (CLIENT, request(STORE, 1)), (CLIENT, request(STORE, 2)), (SERVER, answer(STORE, 2))
    )
    assert trace.last is not None
    assert is_final(trace.last.answer)
