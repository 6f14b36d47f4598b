"""The functions of this machine that a C-MOVE to it needs: listener and addresses."""

from __future__ import annotations

from dcmecho.diagnosis.listen.events import Admit, EmitListening
from dcmecho.diagnosis.network.connection import Address
from dcmecho.diagnosis.survey.move import Machine, RunningListener
from dcmecho.dicom.listen.listener import ListenerConfig, start
from dcmecho.dicom.listen.origins import addresses_of
from dcmecho.dicom.wire.local_addresses import address_towards


def _listen(ends: tuple[Address, ...], emit: EmitListening, admit: Admit) -> RunningListener:
    listener = start(ListenerConfig(ends), emit, admit)
    return RunningListener(listener.bound, listener.stop)


THIS_MACHINE = Machine(_listen, address_towards, addresses_of)
