"""What all requests after a check share, on the command line."""

from __future__ import annotations

from typing import NamedTuple

from dcmecho.cli.interruption import Interruption
from dcmecho.diagnosis.events import Emit
from dcmecho.dicom.runs.budget import Budget


class AfterCheck(NamedTuple):
    """Where the events go, what ends the requests, and how many associations are left."""

    emit: Emit
    interruption: Interruption
    budget: Budget
    quiet: bool
