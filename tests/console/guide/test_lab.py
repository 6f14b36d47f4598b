"""The guided walk over the real engine: from a broken practice peer to its right end."""

from __future__ import annotations

from pathlib import Path

import pytest

from dcmecho.lab.server import Lab
from tests.console.demo import demo, select
from tests.console.driving import Console

ANOTHER_APPLICATION = """
[[target]]
name = "From the other application"
host = "127.0.0.1"
port = 104
called_ae = "ELSEWHERE"
calling_ae = "WORKSTATION_1"
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


async def _begin(console: Console, name: str) -> None:
    await select(console, name)
    await console.go("g", "enter")


async def _skip_to(console: Console, title: str) -> None:
    while title not in console.text:
        assert "s Skip" in console.lines[-1], console.text
        await console.press("s")


async def test_capital_letters_from_failed_to_green(lab: Lab, tmp_path: Path) -> None:
    async with demo(lab, tmp_path) as console:
        await _begin(console, "Upper and lower case")
        await _skip_to(console, "Change upper and lower case in an AE title")
        await console.press("enter")
        await console.shows("waiting first")
        await console.idle()
        await console.shows("use MAIN_PACS instead of main_pacs", "proven", "Ruled out")
        await console.go("enter")
        await console.shows("Fixed", "Called AE title: MAIN_PACS (was main_pacs)")
        assert "main_pacs" not in (tmp_path / "profiles.toml").read_text(encoding="utf-8").replace(
            "called as main_pacs", ""
        )


async def test_another_title_of_the_operator_is_accepted(lab: Lab, tmp_path: Path) -> None:
    async with demo(lab, tmp_path, ANOTHER_APPLICATION) as console:
        await _begin(console, "Calling title unknown")
        await _skip_to(console, "Use another calling AE title of yours")
        await console.shows("WORKSTATION_1")
        await console.go("enter")
        await console.shows("use WORKSTATION_1 instead of")
        await console.go("enter")
        await console.shows("Fixed", "Calling AE title: WORKSTATION_1 (was inherited)")


async def test_what_only_the_peer_can_change_is_handed_over_with_every_value(
    lab: Lab, tmp_path: Path
) -> None:
    async with demo(lab, tmp_path) as console:
        await _begin(console, "Registered with another address")
        await console.skip_all()
        while "Next: the" not in console.text:
            await console.press("down", "enter")
        await console.press("y")
        await console.shows("Saved ")
    (saved,) = tmp_path.glob("dcmecho-handover-Registered-*.txt")
    text = saved.read_text(encoding="utf-8")
    port = lab.port_of("wrong-address")
    assert "from   MY_WORKSTATION at 127.0.0.1" in text
    assert f"to     TARGET_PACS at 127.0.0.1, port {port}" in text
    assert '"MY_WORKSTATION": ["MY_WORKSTATION", "127.0.0.1", 11112]' in text
    assert "my_workstation = (MY_WORKSTATION, 127.0.0.1, 11112)" in text
    assert "Network AE MY_WORKSTATION" in text
    assert " UTC" in text


async def test_a_wrong_port_is_asked_for_and_put_right(lab: Lab, tmp_path: Path) -> None:
    async with demo(lab, tmp_path) as console:
        await _begin(console, "Web server")
        await console.shows("Is the port correct?", "not your web page")
        await console.type(str(lab.port_of("healthy")))
        await console.go("enter")
        await console.shows("Fixed", f"Port: {lab.port_of('healthy')} (was")
