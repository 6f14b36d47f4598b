"""Every key has a visible answer, and no answer stays for ever."""

from __future__ import annotations

from pathlib import Path

import pytest

from dcmecho.console.widgets import notice
from tests.console.driving import PROFILES, opened
from tests.console.playback import PlayedEngine

_MORE_THAN_50 = "".join(
    f'[[target]]\nname = "Scanner {n}"\nhost = "10.0.0.{n}"\nport = 104\ncalled_ae = "CT{n}"\n'
    for n in range(1, 52)
)


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ("x", "No experiment would narrow the causes down now."),
        ("u", "Nothing to undo"),
        ("escape", "Nothing to cancel, and no filter or marks to clear."),
        ("b", "b does nothing here. Press ? for the keys."),
        ("f5", "f5 does nothing here."),
        ("2 b", "b does nothing here."),
        ("g b", "You have given no answer that could be undone."),
        ("g 5", "5 does nothing here."),
        ("g s", "Nothing is proposed that you could skip."),
        ("s y", "There is no result yet."),
        ("s b", "b does nothing here."),
    ],
)
async def test_a_key_that_does_nothing_says_why(
    profiles: Path, engine: PlayedEngine, keys: str, said: str
) -> None:
    async with opened(profiles, engine) as console:
        await console.press(*keys.split())
        await console.shows(said)


@pytest.mark.parametrize(("key", "said"), [("g", "Press e to fix them."), ("e", ""), ("D", "")])
async def test_a_key_for_a_target_says_so_without_one(
    profiles: Path, engine: PlayedEngine, key: str, said: str
) -> None:
    profiles.write_text("")
    async with opened(profiles, engine) as console:
        await console.press(key)
        await console.shows(said or "No target is selected.")


async def test_a_key_that_acts_is_not_explained(profiles: Path, engine: PlayedEngine) -> None:
    async with opened(profiles, engine) as console:
        await console.press("down", "2", "j", "tab", "1")
        assert not console.main.panes.notice.text


async def test_a_notice_goes_with_the_next_key_once_it_was_read(
    profiles: Path, engine: PlayedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(profiles, engine) as console:
        await console.press("u", "down")
        await console.shows("Nothing to undo")
        monkeypatch.setattr(notice, "READ_WITHIN_S", 0.0)
        await console.press("down")
        await console.until(lambda: "Nothing to undo" not in console.text)


async def test_more_than_50_targets_are_checked_only_after_a_question(
    profiles: Path, engine: PlayedEngine
) -> None:
    profiles.write_text(_MORE_THAN_50)
    async with opened(profiles, engine) as console:
        await console.press("a")
        await console.shows("Check 51 targets?")
        await console.press("n")
        assert not engine.runs
        await console.press("a", "y")
        await console.shows("51 targets checked")


async def test_up_to_50_targets_are_checked_at_once(profiles: Path, engine: PlayedEngine) -> None:
    profiles.write_text(PROFILES)
    async with opened(profiles, engine) as console:
        await console.press("a")
        await console.shows("3 targets checked")
