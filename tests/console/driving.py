"""Drives the console the way a person does: by keys, reading what stands on the screen."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from textual.content import Content
from textual.pilot import Pilot

from dcmecho.console.app import ConsoleApp
from dcmecho.console.guide.step_pane import StepPane
from dcmecho.console.main.screen import MainScreen
from dcmecho.console.terminal.terminal import TRUE_COLOUR, Terminal
from dcmecho.journal.journal import Journal
from tests.console.playback import PlayedEngine
from tests.console.terminal.textual_private import screen_lines

WIDE, SMALL = (120, 36), (80, 24)
PATIENCE_S = 20.0

PROFILES = """\
# The archive of the house. This comment stays.
[defaults]
calling_ae = "MY_WORKSTATION"

[[target]]
name = "Main PACS"    # ask for Ms Weber
group = "Radiology"
host = "pacs.hospital.lan"
port = 104
called_ae = "TARGET_PACS"
notes = "vendor hotline: ticket number needed"

[[target]]
name = "CT 2"
group = "Radiology"
host = "192.168.1.61"
port = 104
called_ae = "CT2"

[[target]]
name = "Echo cart"
group = "Cardiology"
host = "192.168.1.77"
port = 11112
called_ae = "ECHOCART"
"""


@dataclass
class Console:
    """A running console under test."""

    app: ConsoleApp
    pilot: Pilot[None]

    @property
    def main(self) -> MainScreen:
        """The working screen, whatever is on top of it."""
        return next(s for s in self.app.screen_stack if isinstance(s, MainScreen))

    @property
    def lines(self) -> list[str]:
        """What stands on the screen, line by line."""
        return screen_lines(self.app.screen)

    @property
    def text(self) -> str:
        """What stands on the screen."""
        return "\n".join(self.lines)

    def line(self, part: str) -> str:
        """The first line that contains ``part``. Fails where there is none."""
        for line in self.lines:
            if part in line:
                return line
        raise AssertionError(f"{part!r} is not on the screen:\n{self.text}")

    async def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        for key in keys:
            await self.pilot.press(key)
        await self.pilot.pause()

    async def type(self, text: str) -> None:
        """Type a text."""
        names = {
            " ": "space",
            "-": "minus",
            "_": "underscore",
            ".": "full_stop",
            "[": "left_square_bracket",
        }
        await self.press(*(names.get(ch, ch) for ch in text))

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait until a condition holds."""
        deadline = monotonic() + PATIENCE_S
        while not condition():
            if monotonic() > deadline:
                raise AssertionError(f"did not come about:\n{self.text}")
            await self.pilot.pause(0.01)

    async def shows(self, *parts: str) -> None:
        """Wait until all of these stand on the screen."""
        await self.until(lambda: all(part in self.text for part in parts))

    async def idle(self) -> None:
        """Wait until nothing runs."""
        await self.until(lambda: not self.main.session.bridge.busy)
        await self.pilot.pause()

    async def run(self) -> None:
        """Check the selected target and wait for its report."""
        await self.press("r")
        await self.idle()

    async def go(self, *keys: str) -> None:
        """Press keys, and after each wait until nothing runs."""
        for key in keys:
            await self.press(key)
            await self.idle()

    async def skip_all(self) -> None:
        """Do without every experiment that the guide proposes."""
        while "s Skip" in self.lines[-1]:
            await self.press("s")

    @property
    def step_rows(self) -> list[Content]:
        """The text of the guide's step, also what has scrolled out."""
        text = self.app.screen.query_one(StepPane).text
        return [text.row(index) for index in range(text.row_count)]

    @property
    def choices(self) -> list[str]:
        """What can be chosen in the guide, the one under the cursor marked with ``>``."""
        step = self.app.screen.query_one(StepPane)
        chosen = step.choices.cursor
        labels = [step.choices.row(index).plain for index in range(step.choices.row_count)]
        return [(">" if index == chosen else " ") + label[1:] for index, label in enumerate(labels)]


@asynccontextmanager
async def opened(
    path: Path,
    engine: PlayedEngine,
    size: tuple[int, int] = WIDE,
    terminal: Terminal = TRUE_COLOUR,
    journal: Journal | None = None,
) -> AsyncIterator[Console]:
    """Open the console on a profile file, with played peers."""
    app = ConsoleApp(path, engine, terminal, journal=journal)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        try:
            yield Console(app, pilot)
        finally:
            engine.go_on()
            _end_all(app)


def _end_all(app: ConsoleApp) -> None:
    """End what runs, as leaving does: a watch would go on asking beside the tests to come."""
    for screen in app.screen_stack:
        if isinstance(screen, MainScreen):
            screen.session.watching.cancel()
            screen.session.bridge.shut_down()
            screen.session.watching.join(PATIENCE_S)
            if screen.session.memory is not None:
                screen.session.memory.finish(PATIENCE_S)
