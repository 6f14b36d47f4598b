"""The interface that starts runs: the DICOM side of dcmecho, or scripted peers in tests."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol

from dcmecho.diagnosis.events import Emit
from dcmecho.diagnosis.runs import Handle, RunHandle
from dcmecho.diagnosis.target.prohibition import Prohibitions
from dcmecho.diagnosis.target.target import Target
from dcmecho.dicom.deferring import LOADING
from dcmecho.dicom.runs.guard import Guard
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
    """A started listener, such as ``dcmecho.dicom.listen.listener.Listener``."""

    def stop(self) -> None:
        """Stop it, within 2 s."""


class CheckHandle(Protocol):
    """The started runs of many targets, such as ``dcmecho.dicom.check.CheckPool``."""

    def cancel(self) -> None:
        """Ask all of them to end, and start no more. Does not wait."""

    def join(self, timeout_s: float | None = None) -> bool:
        """Wait until all have ended. Return whether they ended within ``timeout_s``."""


class Engine(Protocol):
    """Starts runs, each on a thread of its own."""

    def prepare(self) -> None:
        """Prepare for the first run. Called once the first screen is shown."""

    def forbid(self, prohibitions: Prohibitions) -> None:
        """Connect to none of these addresses from now on."""

    def diagnose(self, target: Target, emit: Emit) -> RunHandle:
        """Start a diagnosis."""

    def diagnose_all(self, targets: Sequence[Target], emits: Sequence[Emit]) -> CheckHandle:
        """Start the diagnoses, a limited number at a time; ``emits`` has one for each target."""

    def experiment(
        self, investigation: Investigation, experiment: Experiment, emit: Emit
    ) -> RunHandle:
        """Start an experiment, after the pause that its budget requires."""

    def survey(self, target: Target, asked: SurveyRequest, used: int, emit: Emit) -> Handle:
        """Start a survey of services, after ``used`` associations of the diagnosis."""

    def nonsense_title(self) -> str:
        """Return an AE title that nobody uses."""

    def addresses(self) -> tuple[str, ...]:
        """Return the addresses of this machine."""

    def listen(self, config: ListenerConfig, emit: EmitListening) -> ListenerHandle:
        """Start to listen. Raises ``CannotListenError``."""

    def addresses_of(self, host: str) -> frozenset[str]:
        """Return the addresses of a host, none if it has none. Blocks for some seconds."""

    def name_problem(self, host: str) -> str:
        """Return why a host name does not resolve, empty if it does. Blocks for some seconds."""


class DicomEngine:
    """The real engine. The first run imports the DICOM side, which takes a moment."""

    def __init__(self, also_load: Callable[[], None] = lambda: None) -> None:
        self._slots = PeerSlots()
        self._loading = threading.Thread(
            target=_load, args=(also_load,), name="dcmecho-load", daemon=True
        )

    def prepare(self) -> None:
        """Load the DICOM side while the user reads the first screen."""
        with suppress(RuntimeError):  # Without a thread for it, the first run loads it.
            self._loading.start()

    def finish(self) -> None:
        """Wait until loading ends: Python aborts if it exits in the middle of an import."""
        if self._loading.is_alive():
            self._loading.join(_LOADED_WITHIN_S)

    def forbid(self, prohibitions: Prohibitions) -> None:
        """Connect to none of these addresses from now on."""
        self._slots.guard = Guard(prohibitions)

    def diagnose(self, target: Target, emit: Emit) -> RunHandle:
        """Start a diagnosis."""
        from dcmecho.dicom.runs.workers import start

        return start(target, emit, slots=self._slots)

    def diagnose_all(self, targets: Sequence[Target], emits: Sequence[Emit]) -> CheckHandle:
        """Start the diagnoses on a pool. Raises ``RuntimeError`` if no thread can start."""
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
        with LOADING:
            from dcmecho.dicom.services.worker import start_survey

        return start_survey(target, emit, asked, used, self._slots)

    def nonsense_title(self) -> str:
        """Return an AE title that nobody uses."""
        from dcmecho.diagnosis.experiments.plans import nonsense_title

        return nonsense_title()

    def addresses(self) -> tuple[str, ...]:
        """Return the IPv4 addresses of this machine."""
        from dcmecho.dicom.wire.local_addresses import local_addresses

        return local_addresses()

    def listen(self, config: ListenerConfig, emit: EmitListening) -> ListenerHandle:
        """Start to listen. Raises ``CannotListenError``."""
        with LOADING:
            from dcmecho.dicom.listen.listener import start

        return start(config, emit)

    def addresses_of(self, host: str) -> frozenset[str]:
        """Ask the name lookup of this machine."""
        from dcmecho.dicom.listen.origins import addresses_of

        return addresses_of(host)

    def name_problem(self, host: str) -> str:
        """Ask the name lookup of this machine."""
        from dcmecho.dicom.wire.resolver import Lookup

        woken = threading.Condition()
        lookup = Lookup(host, 0, woken)
        with woken:
            woken.wait_for(lambda: lookup.done, _ANSWERED_WITHIN_S)
        found = lookup.resolution(0.0, 0.0, _ANSWERED_WITHIN_S)
        return f"does not resolve on this machine: {found.message}" if found.failure else ""


def _load(also: Callable[[], None]) -> None:
    _load_dicom()
    also()


def _load_dicom() -> None:
    """Import pynetdicom and everything that a run or a survey needs up to its report."""
    from dcmecho.diagnosis import investigation  # noqa: F401
    from dcmecho.dicom.runs import workers  # noqa: F401
    from dcmecho.dicom.runs.loading import load_for_many, load_tls

    with LOADING:
        from dcmecho.dicom.services import worker  # noqa: F401

        load_for_many(())
        load_tls()
