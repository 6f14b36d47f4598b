"""What all requests after a check share, on the command line."""

from __future__ import annotations

from typing import NamedTuple

from dcmecho.cli.interruption import Interruption
from dcmecho.diagnosis.events import Emit
from dcmecho.dicom.runs.budget import Budget
from dcmecho.dicom.runs.slots import PeerSlots


class AfterCheck(NamedTuple):
    """Where the events go, what ends the requests, and who else is connected to which peer."""

    emit: Emit
    interruption: Interruption
    slots: PeerSlots
    budget: Budget
    quiet: bool
