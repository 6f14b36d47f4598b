"""Checks from a vantage point, as the program makes them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace

from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.vantage.vantage import Vantage
from dcmecho.dicom.runs.slots import PeerSlots
from dcmecho.dicom.runs.workers import Run, start
from dcmecho.dicom.vantage.points import VantagePoints


@contextmanager
def slots_from(vantage: Vantage) -> Iterator[PeerSlots]:
    """Slots for runs that ask from ``vantage``."""
    with closing(VantagePoints([vantage])) as points:
        yield PeerSlots(vantages=points)


def start_from(vantage: Vantage, slots: PeerSlots, target: Target) -> Run:
    """Start a check of ``target`` from ``vantage``."""
    return start(replace(target, vantage=vantage.name), lambda _event: None, slots=slots)


def check_from(vantage: Vantage, target: Target) -> Report:
    """Check ``target`` from ``vantage``, over a line of its own."""
    with slots_from(vantage) as slots:
        run = start_from(vantage, slots, target)
        report = run.join(60)
    assert report is not None, run.fault
    return report
