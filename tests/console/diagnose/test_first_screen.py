"""The first screen of a failed check says all that one needs, without scrolling."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from dcmecho.diagnosis.network.association import Rejection
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.stage import StageId, Status
from dcmecho.diagnosis.verdict import VerdictStatus
from dcmecho.lab.peers import PEERS
from dcmecho.lab.server import Lab
from tests.console.demo import demo
from tests.console.driving import PROFILES, SMALL, WIDE, Console, opened
from tests.console.playback import PlayedEngine
from tests.console.played_peers import (
    CALLED_UNKNOWN,
    CONGESTED,
    GREEN,
    ISSUER_UNKNOWN,
    REFUSED,
    PlayedPeer,
)

CANNED = {
    "called title unknown": CALLED_UNKNOWN,
    "calling title unknown": PlayedPeer(rejection=Rejection(1, 1, 3, "calling AE title unknown")),
    "busy": CONGESTED,
    "refused": REFUSED,
    "no answer": PlayedPeer(lost=True),
    "issuer unknown": ISSUER_UNKNOWN,
    "C-ECHO fails": replace(GREEN, echo_status=0x0122),
}
"""A table to read and to extend."""

OVER_TLS = PROFILES.replace('notes = "vendor hotline: ticket number needed"', "[target.tls]")


def first_screen(console: Console) -> str:
    """What stands in the diagnosis pane, with single spaces."""
    pane = console.main.panes.diagnosis
    top = int(pane.scroll_offset.y)
    visible = range(top, min(pane.row_count, top + pane.size.height))
    return " ".join(" ".join(pane.row(index).plain for index in visible).split())


Expects = Callable[[Report], list[str]]


def decisive(report: Report) -> list[str]:
    """What decides what to do: where it ended, the causes, who acts."""
    is_failed = report.verdict.status is VerdictStatus.FAILED
    return [
        report.stage(report.verdict.stage).summary if is_failed else report.verdict.title,
        *(cause.title for cause in report.causes),
        *(cause.who.short for cause in report.causes),
    ]


def decisive_and_next(report: Report) -> list[str]:
    """With the next key."""
    return [*decisive(report), "Next: "]


def expected(report: Report) -> list[str]:
    """All that one needs, with how far it came and the whole first step."""
    first = report.causes[0]
    parts = [*decisive_and_next(report), first.actions[0]]
    parts += [each.text for each in first.behind]
    if any(result.status is Status.PASSED for result in report.stages):
        parts.append(StageId.PROFILE.row.label)
    if any(result.status is Status.NOT_REACHED for result in report.stages):
        parts.append("not reached: ")
    return parts


def shown_report(console: Console) -> Report:
    """The report of the selected target."""
    profile = console.main.panes.shown
    assert profile is not None
    report = console.main.session.record(profile).report
    assert report is not None
    return report


def lacks(console: Console, expects: Expects = expected) -> list[str]:
    """What is missing on the first screen of the failed check of the selected target."""
    seen = first_screen(console)
    return [part for part in expects(shown_report(console)) if not _stands_in(seen, part)]


def _stands_in(seen: str, part: str) -> bool:
    """Where a text is wrapped, who acts or a time stands between two of its words."""
    words = map(re.escape, part.split())
    return re.search(r"(?: \S+){0,2} ".join(words), seen) is not None


@pytest.mark.parametrize("name", CANNED)
async def test_it_shows_how_far_it_came_the_causes_who_acts_and_the_first_step(
    name: str, profiles: Path, engine: PlayedEngine
) -> None:
    engine.peers["Main PACS"] = CANNED[name]
    if CANNED[name].handshake is not None:
        profiles.write_text(OVER_TLS, encoding="utf-8")
    async with opened(profiles, engine) as console:
        await console.run()
        assert not lacks(console), console.text


@pytest.mark.parametrize(
    ("size", "keys", "expects"),
    [(WIDE, "", expected), (SMALL, "", decisive), (SMALL, "2", decisive_and_next)],
    ids=["120x36", "80x24", "80x24 in the diagnosis"],
)
async def test_it_does_so_for_each_practice_peer_that_fails(
    lab: Lab, tmp_path: Path, size: tuple[int, int], keys: str, expects: Expects
) -> None:
    async with demo(lab, tmp_path, size=size) as console:
        await console.press("a", "y")
        await console.idle()
        await console.press("home")
        missing = {}
        for _ in PEERS:
            await console.press(*keys)
            report = shown_report(console)
            if report.causes and (lacking := lacks(console, expects)):
                missing[report.target.name] = lacking
            await console.press("1", "down")
        assert not missing


async def test_a_refusal_is_said_once(profiles: Path, engine: PlayedEngine) -> None:
    engine.peers["Main PACS"] = REFUSED
    async with opened(profiles, engine) as console:
        await console.run()
        assert first_screen(console).count("connection refused") == 1
        await console.shows("Symptom, and what can be behind it", "Port 104 refuses connections")


async def test_a_folded_stage_is_unfolded_under_the_cursor(
    profiles: Path, engine: PlayedEngine
) -> None:
    engine.peers["Main PACS"] = CALLED_UNKNOWN
    async with opened(profiles, engine) as console:
        await console.run()
        await console.shows("passed: Values, Name, TCP, Association")
        await console.press("2", "home", "down", "down")
        await console.shows("Seen at stage TCP", "connected to 192.168.1.50:104 from")
