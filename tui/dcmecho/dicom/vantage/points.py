"""All vantage points of a process, by their names."""

from __future__ import annotations

from collections.abc import Iterable

from dcmecho.diagnosis.vantage.vantage import Vantage
from dcmecho.dicom.vantage import ssh
from dcmecho.dicom.vantage.line import Line
from dcmecho.dicom.vantage.network import FarNetwork
from dcmecho.dicom.vantage.point import VantagePoint


class VantagePoints:
    """Implements :class:`dcmecho.dicom.runs.slots.Vantages`."""

    def __init__(self, vantages: Iterable[Vantage]) -> None:
        self._points = {each.name: VantagePoint(each, line_through_ssh) for each in vantages}

    def network(self, name: str) -> FarNetwork:
        """Return the network as the vantage point ``name`` sees it. Raises ``KeyError``."""
        return FarNetwork(self._points[name])

    def close(self) -> None:
        """End every line."""
        for each in self._points.values():
            each.close()


def line_through_ssh(vantage: Vantage) -> Line:
    """Return the line to ``vantage``, not open yet."""
    return Line(vantage, ssh.command(vantage))
