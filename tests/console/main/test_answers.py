"""Every key has a visible answer, and no answer stays for ever."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.screen import ModalScreen

from dcmecho.console.command import Pane
from dcmecho.console.commands import COMMANDS
from dcmecho.console.main.panes import PANES
from dcmecho.console.screens.unused_keys import HasKeys
from dcmecho.console.widgets import notice
from dcmecho.console.widgets.notice import Notice
from tests.console.driving import PROFILES, Console, opened
from tests.console.main.test_keys import screens
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
        ("w b", "b does nothing here. Press ? for the keys."),
        ("r R b", "b does nothing here. Press ? for the keys."),
        ("I tab b", "b does nothing here. Press ? for the keys."),
        ("X b", "b does nothing here. Press ? for the keys."),
        ("D b", "b does nothing here. Press y or n."),
        ("question_mark b", "b does nothing here. Press esc."),
    ],
)
async def test_a_key_that_does_nothing_says_why(
    profiles: Path, engine: PlayedEngine, keys: str, said: str
) -> None:
    async with opened(profiles, engine) as console:
        await console.press(*keys.split())
        await console.shows(said)


_OPENED_BY = {
    Pane.TARGETS: "1",
    Pane.DIAGNOSIS: "2",
    Pane.LOG: "3",
    Pane.GUIDE: "g",
    Pane.SERVICES: "s",
    Pane.WATCH: "w",
    Pane.REPORT: "r R",
    Pane.IMPORT: "I tab",
    Pane.EXPORT: "X",
    Pane.EXPLAIN: "exclamation_mark tab",
}
"""A table to read and to extend: all panes whose letters are commands, but the listener's."""
_LETTERS = "behixBCZ059"


@pytest.mark.parametrize("pane", _OPENED_BY)
async def test_every_letter_without_a_meaning_is_answered(
    pane: Pane, profiles: Path, engine: PlayedEngine
) -> None:
    async with opened(profiles, engine) as console:
        for key in _OPENED_BY[pane].split():
            await console.press(key)
            await console.idle()
        meaning = {*keys(pane), *(keys(Pane.ANYWHERE) if pane in PANES else ())}
        for key in sorted(set(_LETTERS) - meaning):
            await console.press(key)
            assert f"{key} does nothing here." in said(console), console.text


def keys(pane: Pane) -> set[str]:
    """All keys of a pane."""
    return {key for command in COMMANDS[pane] for key in command.keys}


def said(console: Console) -> str:
    """The notice of the screen on top."""
    return console.app.screen.query_one(Notice).text


def test_every_screen_that_is_no_question_has_panes_of_keys() -> None:
    assert [
        screen.__name__ for screen in screens() if not issubclass(screen, HasKeys | ModalScreen)
    ] == []


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
