"""One-off peers for a test, played by the lab's machinery."""

from __future__ import annotations

from collections.abc import Callable

from dcmecho.diagnosis.target.target import Target
from dcmecho.lab.behaviour import Behaviour
from dcmecho.lab.peer import Group, LabPeer
from dcmecho.lab.server import Lab

ServePeer = Callable[[Behaviour], Target]
"""Serves a behaviour on a free port until the test ends, and returns a target for it."""


def lab_of(behaviour: Behaviour) -> Lab:
    """Return a lab, not started, whose only peer plays ``behaviour``."""
    peer = LabPeer(
        id="scripted",
        port=0,
        group=Group.ASSOCIATION,
        name="Scripted peer",
        story="What one test needs",
        behaviour=behaviour,
    )
    return Lab((peer,))
