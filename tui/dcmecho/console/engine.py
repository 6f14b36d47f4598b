"""What makes the runs: the DICOM side of dcmecho, or peers that are played."""

from __future__ import annotations

import threading
from importlib import import_module
from typing import Protocol

from dcmecho.diagnosis.events import Emit
from dcmecho.diagnosis.experiments import Experiment, nonsense_title
from dcmecho.diagnosis.investigation import Investigation
from dcmecho.diagnosis.model import Report, Target

_LOADED_WITHIN_S = 2.0
_ANSWERED_WITHIN_S = 5.0


class RunHandle(Protocol):
    """A started run, as ``dcmecho.dicom.workers.Run`` is one."""

    def cancel(self) -> None:
        """Ask the run to end. Does not wait."""

    def join(self, timeout_s: float | None = None) -> Report | None:
        """Wait for the end."""


class Engine(Protocol):
    """Starts runs, each on a thread of its own."""

    def prepare(self) -> None:
        """Called once the first screen is shown, before anything was asked for."""

    def diagnose(self, target: Target, emit: Emit) -> RunHandle:
        """Start a diagnosis."""

    def experiment(
        self, investigation: Investigation, experiment: Experiment, emit: Emit
    ) -> RunHandle:
        """Start an experiment, after the pause that its budget asks for."""

    def nonsense_title(self) -> str:
        """Make an AE title that nobody has."""

    def addresses(self) -> tuple[str, ...]:
        """The addresses of this machine."""

    def name_problem(self, host: str) -> str:
        """Tell why a host name does not resolve, empty where it does. Blocks, for some seconds."""


class DicomEngine:
    """The real one. The first run imports the DICOM side, which takes a moment."""

    def __init__(self) -> None:
        self._loading = threading.Thread(
            target=import_module, args=("dcmecho.dicom.workers",), name="dcmecho-load", daemon=True
        )

    def prepare(self) -> None:
        """Load the DICOM side while the user reads the first screen."""
        self._loading.start()

    def finish(self) -> None:
        """Let it load to its end: Python aborts where it ends in the middle of an import."""
        if self._loading.is_alive():
            self._loading.join(_LOADED_WITHIN_S)

    def diagnose(self, target: Target, emit: Emit) -> RunHandle:
        """Start a diagnosis."""
        from dcmecho.dicom.workers import start

        return start(target, emit)

    def experiment(
        self, investigation: Investigation, experiment: Experiment, emit: Emit
    ) -> RunHandle:
        """Start an experiment. Raises ``ExperimentRefusedError``."""
        from dcmecho.dicom.workers import start_experiment

        return start_experiment(investigation, experiment, emit)

    def nonsense_title(self) -> str:
        """Make an AE title that nobody has."""
        return nonsense_title()

    def addresses(self) -> tuple[str, ...]:
        """The IPv4 addresses of this machine."""
        from dcmecho.dicom.local_addresses import local_addresses

        return local_addresses()

    def name_problem(self, host: str) -> str:
        """Ask the resolver of this machine."""
        from dcmecho.dicom.resolver import Lookup

        woken = threading.Condition()
        lookup = Lookup(host, 0, woken)
        with woken:
            woken.wait_for(lambda: lookup.done, _ANSWERED_WITHIN_S)
        found = lookup.resolution(0.0, 0.0, _ANSWERED_WITHIN_S)
        return f"does not resolve here: {found.message}" if found.failure else ""
