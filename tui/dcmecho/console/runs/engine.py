"""What makes the runs: the DICOM side of dcmecho, or peers that are played."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from dcmecho.diagnosis.events import Emit
from dcmecho.diagnosis.runs import Handle, RunHandle
from dcmecho.diagnosis.target.target import Target
from dcmecho.dicom.runs.slots import PeerSlots

if TYPE_CHECKING:
    from dcmecho.diagnosis.experiments.plans import Experiment
    from dcmecho.diagnosis.investigation import Investigation
    from dcmecho.diagnosis.listen.events import EmitListening
    from dcmecho.diagnosis.survey.survey import SurveyRequest
    from dcmecho.dicom.listen.listener import ListenerConfig

_LOADED_WITHIN_S = 2.0
_ANSWERED_WITHIN_S = 5.0


class ListenerHandle(Protocol):
    """A started listener, as ``dcmecho.dicom.listen.listener.Listener`` is one."""

    def stop(self) -> None:
        """End it, within 2 s."""


class CheckHandle(Protocol):
    """The started runs of many targets, as ``dcmecho.dicom.check.CheckPool`` is one."""

    def cancel(self) -> None:
        """Ask all of them to end, and begin no more. Does not wait."""

    def join(self, timeout_s: float | None = None) -> bool:
        """Wait for the end of all. False where ``timeout_s`` passed first."""


class Engine(Protocol):
    """Starts runs, each on a thread of its own."""

    def prepare(self) -> None:
        """Called once the first screen is shown, before anything was asked for."""

    def diagnose(self, target: Target, emit: Emit) -> RunHandle:
        """Start a diagnosis."""

    def diagnose_all(self, targets: Sequence[Target], emits: Sequence[Emit]) -> CheckHandle:
        """Start a bounded number of diagnoses at once; ``emits`` has one for each target."""

    def experiment(
        self, investigation: Investigation, experiment: Experiment, emit: Emit
    ) -> RunHandle:
        """Start an experiment, after the pause that its budget asks for."""

    def survey(self, target: Target, asked: SurveyRequest, used: int, emit: Emit) -> Handle:
        """Start a survey of services, after ``used`` associations of the diagnosis."""

    def nonsense_title(self) -> str:
        """Make an AE title that nobody has."""

    def addresses(self) -> tuple[str, ...]:
        """The addresses of this machine."""

    def listen(self, config: ListenerConfig, emit: EmitListening) -> ListenerHandle:
        """Start to listen. Raises ``CannotListenError``."""

    def addresses_of(self, host: str) -> frozenset[str]:
        """Give the addresses of a host, none where it has none. Blocks, for some seconds."""

    def name_problem(self, host: str) -> str:
        """Tell why a host name does not resolve, empty where it does. Blocks, for some seconds."""


class DicomEngine:
    """The real one. The first run imports the DICOM side, which takes a moment."""

    def __init__(self) -> None:
        self._slots = PeerSlots()
        self._loading = threading.Thread(target=_load_dicom, name="dcmecho-load", daemon=True)

    def prepare(self) -> None:
        """Load the DICOM side while the user reads the first screen."""
        self._loading.start()

    def finish(self) -> None:
        """Let it load to its end: Python aborts where it ends in the middle of an import."""
        if self._loading.is_alive():
            self._loading.join(_LOADED_WITHIN_S)

    def diagnose(self, target: Target, emit: Emit) -> RunHandle:
        """Start a diagnosis."""
        from dcmecho.dicom.runs.workers import start

        return start(target, emit, slots=self._slots)

    def diagnose_all(self, targets: Sequence[Target], emits: Sequence[Emit]) -> CheckHandle:
        """Start the diagnoses on a pool. Raises ``RuntimeError`` where no thread can begin."""
        from dcmecho.dicom.check import Check, start_all

        checks = [Check(target, emit) for target, emit in zip(targets, emits, strict=True)]
        return start_all(checks, slots=self._slots)

    def experiment(
        self, investigation: Investigation, experiment: Experiment, emit: Emit
    ) -> RunHandle:
        """Start an experiment. Raises ``ExperimentRefusedError``."""
        from dcmecho.dicom.runs.workers import start_experiment

        return start_experiment(investigation, experiment, emit, self._slots)

    def survey(self, target: Target, asked: SurveyRequest, used: int, emit: Emit) -> Handle:
        """Start a survey of services."""
        from dcmecho.dicom.services.worker import start_survey

        return start_survey(target, emit, asked, used, self._slots)

    def nonsense_title(self) -> str:
        """Make an AE title that nobody has."""
        from dcmecho.diagnosis.experiments.plans import nonsense_title

        return nonsense_title()

    def addresses(self) -> tuple[str, ...]:
        """The IPv4 addresses of this machine."""
        from dcmecho.dicom.wire.local_addresses import local_addresses

        return local_addresses()

    def listen(self, config: ListenerConfig, emit: EmitListening) -> ListenerHandle:
        """Start to listen. Raises ``CannotListenError``."""
        from dcmecho.dicom.listen.listener import start

        return start(config, emit)

    def addresses_of(self, host: str) -> frozenset[str]:
        """Ask the resolver of this machine."""
        from dcmecho.dicom.listen.origins import addresses_of

        return addresses_of(host)

    def name_problem(self, host: str) -> str:
        """Ask the resolver of this machine."""
        from dcmecho.dicom.wire.resolver import Lookup

        woken = threading.Condition()
        lookup = Lookup(host, 0, woken)
        with woken:
            woken.wait_for(lambda: lookup.done, _ANSWERED_WITHIN_S)
        found = lookup.resolution(0.0, 0.0, _ANSWERED_WITHIN_S)
        return f"does not resolve here: {found.message}" if found.failure else ""


def _load_dicom() -> None:
    """What every run needs, to its report, and pynetdicom."""
    from dcmecho.diagnosis import investigation  # noqa: F401
    from dcmecho.dicom.runs import workers  # noqa: F401
    from dcmecho.dicom.runs.loading import requestor_class

    requestor_class()
