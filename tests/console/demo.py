"""The console over the real engine and the practice peers, as ``dcmecho demo`` opens it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from dcmecho.cli.demo import PracticeEngine
from dcmecho.console.app import ConsoleApp
from dcmecho.journal.journal import Journal
from dcmecho.lab.profiles import demo_profiles_toml
from dcmecho.lab.server import Lab
from tests.console.driving import WIDE, Console


@asynccontextmanager
async def demo(
    lab: Lab,
    folder: Path,
    more: str = "",
    size: tuple[int, int] = WIDE,
    journal: Journal | None = None,
) -> AsyncIterator[Console]:
    """Open the console; ``more`` is added to the profiles."""
    path = folder / "profiles.toml"
    path.write_text(demo_profiles_toml(lab.targets()) + more, encoding="utf-8")
    app = ConsoleApp(path, PracticeEngine(lab), journal=journal)
    async with app.run_test(size=size) as pilot:
        yield Console(app, pilot)


async def select(console: Console, name: str) -> None:
    """Go to the practice peer of this name."""
    await console.press("slash")
    console.main.panes.targets.filter(name)
    await console.press("enter")
    # A long name is cut in the title, where the connection has to be seen in whole.
    title = re.compile(rf"{re.escape(name[:12])}[^│]*  \S+ -> ")
    await console.until(lambda: any(map(title.search, console.lines)))
