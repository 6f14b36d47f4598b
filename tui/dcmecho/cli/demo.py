"""``dcmecho demo``: opens the console on the practice peers."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dcmecho.cli.options.parser import Parser
from dcmecho.console.runs.engine import DicomEngine
from dcmecho.journal.journal import Journal
from dcmecho.journal.kinds import Way
from dcmecho.journal.place import FILE_NAME, Place
from dcmecho.lab.ports import Ports
from dcmecho.lab.profiles import demo_profiles_toml
from dcmecho.lab.server import Lab

if TYPE_CHECKING:
    from dcmecho.console.runs.engine import CheckHandle, ListenerHandle
    from dcmecho.diagnosis.events import Emit
    from dcmecho.diagnosis.listen.events import EmitListening
    from dcmecho.diagnosis.runs import RunHandle
    from dcmecho.diagnosis.target.target import Target
    from dcmecho.dicom.listen.listener import ListenerConfig


@dataclass(frozen=True, slots=True)
class _PracticeListener:
    """A listener that receives calls from the lab until it is stopped."""

    listener: ListenerHandle
    lab: Lab

    def stop(self) -> None:
        """Stop the calls, then the listener."""
        self.lab.end_calls()
        self.listener.stop()


class PracticeEngine(DicomEngine):
    """The real engine; when it listens, the lab starts to call it."""

    def __init__(self, lab: Lab) -> None:
        super().__init__(also_load=self._certify)
        self._lab = lab

    def _certify(self) -> None:
        with suppress(OSError):  # Then a check says that the files are missing.
            self._lab.certify()

    def diagnose(self, target: Target, emit: Emit) -> RunHandle:
        """Start a diagnosis, when the lab has its certificates."""
        self._certify()
        return super().diagnose(target, emit)

    def diagnose_all(self, targets: Sequence[Target], emits: Sequence[Emit]) -> CheckHandle:
        """Start the diagnoses, when the lab has its certificates."""
        self._certify()
        return super().diagnose_all(targets, emits)

    def listen(self, config: ListenerConfig, emit: EmitListening) -> ListenerHandle:
        """Listen, and have the lab call. Raises ``CannotListenError``."""
        listener = super().listen(config, emit)
        self._lab.begin_calls(config.ends[0])
        return _PracticeListener(listener, self._lab)


def run(argv: Sequence[str]) -> int:
    """Open the console on practice peers, with free ports and a temporary file."""
    parser = Parser(
        "dcmecho demo",
        "dcmecho demo [--low-bandwidth] [--no-mouse]",
        "Opens the console on practice peers on this machine, healthy and broken, with\n"
        "free ports and a temporary profile file that you can change freely.",
    )
    parser.add_help_option()
    parser.add_console()
    given = parser.read(argv)
    from dcmecho.console.app import run_console

    lab = Lab(ports=Ports.FREE)
    with ExitStack() as ending, tempfile.TemporaryDirectory(prefix="dcmecho-") as folder:
        ending.callback(lab.stop)
        lab.start()
        profiles = Path(folder) / "profiles.toml"
        profiles.write_text(demo_profiles_toml(lab.targets()), encoding="utf-8")
        engine = PracticeEngine(lab)
        return run_console(
            profiles,
            low_bandwidth=given.low_bandwidth,
            mouse=given.mouse,
            engine=engine,
            lasts=False,
            journal=Journal(Place(Path(folder) / FILE_NAME), Way.CONSOLE, lambda _: None),
        )
