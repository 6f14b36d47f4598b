"""The first screen of a failed check that worked before: what changed, above the causes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dcmecho.diagnosis.verdict import VerdictStatus
from dcmecho.journal.connection import opened as journal_opened
from dcmecho.journal.journal import Journal
from dcmecho.journal.kinds import Book, Way
from dcmecho.journal.place import Place
from dcmecho.lab.peers import PEERS
from dcmecho.lab.profiles import demo_profiles_toml
from dcmecho.lab.server import Lab
from dcmecho.profiles.book.load import load
from tests.console.demo import demo
from tests.console.diagnose.test_first_screen import first_screen, shown_report
from tests.console.driving import SMALL, WIDE, Console
from tests.unit.journal.journals import keep
from tests.unit.report.reports import green


def known(lab: Lab, folder: Path) -> Journal:
    """A journal in which each practice peer has worked, under another title and on another port."""
    path, place = folder / "profiles.toml", Place(folder / "history.db")
    path.write_text(demo_profiles_toml(lab.targets()), encoding="utf-8")
    targets = [each for each in load(path).targets if not each.do_not_probe]
    book = Book(str(path), frozenset(each.name for each in targets))
    began = datetime.now(UTC) - timedelta(hours=8)
    with journal_opened(place, wait_s=10) as connection:
        for target in targets:
            former = replace(target, called_ae="FORMER_TITLE", port=1 + target.port)
            keep(connection, replace(green(former), started=began), book=book)
    return Journal(place, Way.CONSOLE, print)


def faults(console: Console) -> str:
    """What is not as it should be on the first screen of the selected target."""
    seen = first_screen(console)
    first = shown_report(console).causes[0].title
    at, cause_at = seen.find("last ok"), seen.find(first[:30])
    if at < 0 or "since" not in seen:
        return "no block about the last success"
    if cause_at < 0:
        return "no cause"
    return "" if at < cause_at else "a cause above the block"


@pytest.mark.parametrize(
    ("size", "keys"), [(WIDE, ""), (SMALL, ""), (SMALL, "2")], ids=["wide", "small", "focused"]
)
async def test_what_changed_stands_above_the_causes_of_each_practice_peer(
    lab: Lab, tmp_path: Path, size: tuple[int, int], keys: str
) -> None:
    async with demo(lab, tmp_path, size=size, journal=known(lab, tmp_path)) as console:
        await console.press("a", "y")
        await console.idle()
        await console.press("home")
        wrong, seen = {}, 0
        for _ in PEERS:
            report = shown_report(console)
            if report.causes and report.verdict.status is VerdictStatus.FAILED:
                seen += 1
                await console.until(lambda: shown_report(console).history)
                await console.press(*keys)
                if fault := faults(console):
                    wrong[report.target.name] = f"{fault}\n{first_screen(console)}"
            await console.press("1", "down")
        assert seen > 20
        assert not wrong
