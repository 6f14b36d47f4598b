"""The console over the real engine and the practice peers, as ``dcmecho demo`` opens it."""

from __future__ import annotations

from pathlib import Path

import pytest

from dcmecho.diagnosis.verdict import VerdictStatus
from dcmecho.lab.callers import CALLERS
from dcmecho.lab.server import Lab
from tests.console.demo import demo, select
from tests.network.peers.real_peers import unused_port


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Healthy archive", ["C-ECHO-RSP 0x0000", "Not proven", "A-RELEASE-RP"]),
        ("Called title unknown", ["rejected 1/1/7", "Possible causes", "A-ASSOCIATE-RJ"]),
        ("Nothing listens", ["refused", "What to do next"]),
    ],
)
async def test_practice_peers_are_explained(
    lab: Lab, tmp_path: Path, name: str, shown: list[str]
) -> None:
    async with demo(lab, tmp_path) as console:
        await select(console, name)
        await console.run()
        await console.shows(*shown)


async def test_a_silent_peer_is_cancelled_within_two_seconds(lab: Lab, tmp_path: Path) -> None:
    async with demo(lab, tmp_path) as console:
        await select(console, "Silent")
        await console.press("enter")
        await console.until(lambda: "running" in console.line("Association  "))
        await console.press("escape")
        await console.until(lambda: not console.main.session.bridge.busy)
        report = console.main.session.state["Silent"].report
        assert report is not None
        assert report.verdict.status is VerdictStatus.CANCELLED
        assert report.elapsed_ms < 3_000, "the peer's own time-out would be 3 s"


async def test_two_peers_run_at_the_same_time(lab: Lab, tmp_path: Path) -> None:
    async with demo(lab, tmp_path) as console:
        await select(console, "Silent")
        await console.press("enter")
        console.main.panes.targets.filter("Healthy archive")
        await console.shows("Healthy archive  MY_WORKSTATION")
        await console.press("enter")
        await console.shows("C-ECHO-RSP 0x0000", "1 running")
        await console.until(lambda: not console.main.session.bridge.busy)
        await console.shows("1 ok", "1 failing")


async def test_the_lab_calls_who_listens(tmp_path: Path) -> None:
    with Lab(callers=CALLERS[:2]) as lab:
        async with demo(lab, tmp_path) as console:
            await console.press("L", "tab", "ctrl+u")
            await console.type(str(unused_port()))
            await console.press("shift+tab", "ctrl+u")
            await console.type("0.0.0.0")
            await console.press("enter")
            await console.shows("Healthy archive as TARGET_PACS from 127.0.0.1")
            await console.shows("Healthy archive reached you", "TARGET_PACS -> MY_WORKSTATION")
            await console.shows("wrong title", "CT_2 -> MY_W0RKSTATION")
