"""Callers that are played, for pictures; where there are none, a real listener."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from dcmecho.console.runs.engine import ListenerHandle
from dcmecho.diagnosis.listen.calls import Call, CallEnding, NonDicomCaller
from dcmecho.diagnosis.listen.events import CallChanged, EmitListening, ListeningStarted
from dcmecho.dicom.listen.listener import ListenerConfig, start
from tests.unit.listen.calling import bare_call, call, request

CALLERS = (
    call(request(calling="CT2"), source="192.168.1.61", number=1),
    replace(bare_call(CallEnding.NOT_DICOM, number=2), non_dicom=NonDicomCaller.TLS),
    call(request("MY_W0RKSTATION", calling="MR1"), source="192.168.1.64", number=3),
)
"""One as it should be, one that tries TLS, and one that was given a title that looks alike."""


class PlayedListener:
    """A listener handle: nothing is open."""

    def stop(self) -> None:
        """Nothing to end."""


def listen(callers: Sequence[Call], config: ListenerConfig, emit: EmitListening) -> ListenerHandle:
    """Let the callers call at once; without any a real listener begins."""
    if not callers:
        return start(config, emit)
    emit(ListeningStarted(datetime.now(UTC), config.ends, config.for_s))
    for each in callers:
        emit(CallChanged(each))
    return PlayedListener()
