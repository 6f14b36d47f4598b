"""Leaving asks before anything is lost; where nobody can answer, what was typed is kept."""

from __future__ import annotations

import os
import signal
import stat
from collections.abc import Awaitable, Callable, Collection
from pathlib import Path

import pytest

from dcmecho.profiles.edit.unsaved import kept_for
from tests.console.driving import Console, opened
from tests.console.main.edits import edit_in_the_form, edit_in_the_row, edit_several
from tests.console.playback import PlayedEngine
from tests.console.terminal.on_a_terminal import (
    DEMO,
    KEY_QUIET_S,
    on_a_terminal,
    read_until,
    read_until_quiet,
)

ASKED = "Quit?"


async def type_a_new_one(console: Console) -> None:
    await console.press("n")
    await console.until(lambda: console.main.editing.editor)
    await console.type("Ward 7")


def still_typed(console: Console) -> Collection[str]:
    """What is typed in the open editor and in no file."""
    unsaved = console.main.editing.unsaved
    return unsaved.typed.values() if unsaved else ()


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second ctrl+c insists, however slow the machine."""
    monkeypatch.setattr("dcmecho.console.app.INSISTS_WITHIN_S", 60.0)


Typing = Callable[[Console], Awaitable[None]]
TYPED = {
    "row": (edit_in_the_row, "pacs.hospital.lanx"),
    "form": (edit_in_the_form, "Main PACSX"),
    "several": (edit_several, "WS"),
    "new": (type_a_new_one, "Ward 7"),
}
EDITORS = pytest.mark.parametrize(("type_something", "typed"), TYPED.values(), ids=TYPED)


@EDITORS
async def test_ctrl_c_asks_what_esc_asks(
    profiles: Path, engine: PlayedEngine, type_something: Typing, typed: str
) -> None:
    async with opened(profiles, engine) as console:
        await type_something(console)
        await console.press("ctrl+c")
        await console.shows(ASKED, "will be lost")
        await console.press("n")
        assert typed in still_typed(console)
        assert console.app.is_running


@EDITORS
async def test_what_was_typed_is_offered_when_one_insisted(
    profiles: Path, engine: PlayedEngine, type_something: Typing, typed: str
) -> None:
    before = profiles.read_bytes()
    async with opened(profiles, engine) as console:
        await type_something(console)
        await console.press("ctrl+c", "ctrl+c")
        await console.until(lambda: not console.app.is_running)
    async with opened(profiles, engine) as console:
        await console.shows("Go on with what you typed")
        await console.press("y")
        await console.until(lambda: typed in still_typed(console))
    assert kept_for(profiles) == []
    assert profiles.read_bytes() == before


async def test_what_is_offered_can_be_left_for_later_or_deleted(
    profiles: Path, engine: PlayedEngine
) -> None:
    async with opened(profiles, engine) as console:
        await edit_in_the_row(console)
        await console.press("ctrl+c", "ctrl+c")
        await console.until(lambda: not console.app.is_running)
    for answer, left in (("escape", 1), ("n", 0)):
        async with opened(profiles, engine) as console:
            await console.shows("Go on with what you typed", "Main PACS")
            await console.press(answer)
            assert len(kept_for(profiles)) == left


async def test_what_one_quits_without_is_not_kept(profiles: Path, engine: PlayedEngine) -> None:
    async with opened(profiles, engine) as console:
        await edit_in_the_row(console)
        await console.press("ctrl+c")
        await console.shows(ASKED)
        await console.press("y")
        await console.until(lambda: not console.app.is_running)
    assert kept_for(profiles) == []


async def test_a_later_ctrl_c_asks_again(
    profiles: Path, engine: PlayedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dcmecho.console.app.INSISTS_WITHIN_S", 0.0)
    async with opened(profiles, engine) as console:
        await edit_in_the_row(console)
        await console.press("ctrl+c", "ctrl+c", "n", "ctrl+c")
        await console.shows(ASKED)


@pytest.mark.parametrize("key", ["q", "ctrl+c"])
async def test_a_watch_does_not_end_unasked(profiles: Path, engine: PlayedEngine, key: str) -> None:
    async with opened(profiles, engine) as console:
        await console.press("w")
        await console.until(lambda: console.main.session.watching.targets)
        await console.press("escape", key)
        await console.shows(ASKED, "1 target will no longer be watched: Main PACS")
        await console.press("n")
        assert console.main.session.watching.targets
        await console.press(key, "y")
        await console.until(lambda: not console.app.is_running)


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM, signal.SIGINT], ids=str)
def test_a_signal_never_asks_and_keeps_what_was_typed(
    profiles: Path, number: signal.Signals
) -> None:
    env = {
        "TERM": "xterm-256color",
        "LANG": "C.UTF-8",
        "XDG_STATE_HOME": os.environ["XDG_STATE_HOME"],
    }
    with on_a_terminal(profiles, env) as (terminal, process):
        read_until(terminal, b"Quit")
        os.write(terminal, b"e")
        read_until(terminal, b"Host: name or IP")
        os.write(terminal, b"\x1b[Czz")
        read_until_quiet(terminal, KEY_QUIET_S)
        process.send_signal(number)
        assert process.wait(timeout=20) == 0
    [kept] = kept_for(profiles)
    assert "pacs.hospital.lanzz" in kept.unsaved.typed.values()


def test_the_demo_keeps_nothing_for_its_file_that_goes_away(profiles: Path) -> None:
    state = profiles.parent / "state"
    env = {"TERM": "xterm-256color", "LANG": "C.UTF-8", "XDG_STATE_HOME": str(state)}
    with on_a_terminal(profiles, env, DEMO) as (terminal, process):
        read_until(terminal, b"Quit")
        os.write(terminal, b"e")
        read_until(terminal, b"Host: name or IP")
        os.write(terminal, b"\x1b[Czz")
        read_until_quiet(terminal, KEY_QUIET_S)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0
    assert not list(state.rglob("unsaved-*"))


async def lose(console: Console) -> None:
    await edit_in_the_row(console)
    console.app.leave()
    await console.until(lambda: not console.app.is_running)


async def test_only_its_owner_can_read_what_is_kept(
    profiles: Path, engine: PlayedEngine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    async with opened(profiles, engine) as console:
        await lose(console)
    [file] = (tmp_path / "state" / "dcmecho").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


async def test_no_link_is_followed(
    profiles: Path, engine: PlayedEngine, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "dcmecho").symlink_to(elsewhere)
    async with opened(profiles, engine) as console:
        await lose(console)
    assert list(elsewhere.iterdir()) == []
    assert "was not kept" in capsys.readouterr().err


@pytest.mark.parametrize("content", ["", "[]", "{", '{"at": 1}', "\0" * 9], ids=repr)
async def test_a_kept_file_that_cannot_be_read_stops_nothing(
    profiles: Path, engine: PlayedEngine, tmp_path: Path, content: str
) -> None:
    async with opened(profiles, engine) as console:
        await lose(console)
    [file] = (tmp_path / "state" / "dcmecho").iterdir()
    file.write_text(content)
    async with opened(profiles, engine) as console:
        await console.shows("3 targets")
        await console.press("ctrl+c")
        await console.until(lambda: not console.app.is_running)
