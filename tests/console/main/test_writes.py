"""Every change of the file waits off the screen's thread, and none is lost without a word."""

from __future__ import annotations

import errno
import fcntl
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from dcmecho.console.widgets.notice import Notice
from dcmecho.profiles.file import rewriting
from dcmecho.profiles.file.lock import locked
from tests.console.driving import PATIENCE_S, PROFILES, Console, opened
from tests.console.main.edits import edit_in_the_form, edit_in_the_row, edit_several
from tests.console.playback import PlayedEngine
from tests.console.played_peers import CALLED_UNKNOWN

_HOLDER = """
import sys
from pathlib import Path
from dcmecho.profiles.file.lock import locked

with locked(Path(sys.argv[1])) as is_held:
    print("held" if is_held else "not held", flush=True)
    sys.stdin.read()
"""
_TICKS = 3


@contextmanager
def lock_of_another(path: Path) -> Iterator[None]:
    """Let another process hold the lock of a profile file."""
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLDER, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        yield
        holder.communicate()


def notice(console: Console) -> str:
    """What the screen tells, however its lines are broken."""
    return console.app.screen.query_one(Notice).text


async def add(console: Console) -> None:
    await console.press("n")
    await console.until(lambda: console.main.editing.editor)
    await console.type("New")
    await console.press("tab", "tab")
    await console.type("h")
    await console.press("tab", "tab")
    await console.type("AE")


async def clone(console: Console) -> None:
    await console.press("c")
    await console.until(lambda: console.main.editing.editor)


async def delete(console: Console) -> None:
    await console.press("D")
    await console.shows("Delete Main PACS?")


async def undo(console: Console) -> None:
    await delete(console)
    await console.press("y")
    await console.shows("Deleted Main PACS")


async def apply_in_the_guide(console: Console) -> None:
    await console.run()
    await console.go("g", "enter")
    await console.shows("This would work")


async def undo_in_the_guide(console: Console) -> None:
    await apply_in_the_guide(console)
    await console.go("enter")
    await console.shows("Fixed")


async def import_peers(console: Console) -> None:
    await console.press("I")
    await console.shows("Import from")
    await console.type("MRT@h:104")
    await console.press("enter")
    await console.shows("Preview: 1 new")


Prepare = Callable[[Console], Awaitable[None]]

CHANGES: tuple[tuple[Prepare, str, str], ...] = (
    (edit_in_the_form, "enter", "Saved Main PACSX"),
    (edit_in_the_row, "enter", "Saved Main PACS"),
    (edit_several, "enter", "Saved Calling AE title of 2 targets"),
    (add, "enter", "Saved New"),
    (clone, "enter", "Saved Main PACS copy"),
    (delete, "y", "Deleted Main PACS"),
    (undo, "u", "Undid the deletion of Main PACS"),
    (apply_in_the_guide, "enter", "Fixed"),
    (undo_in_the_guide, "u", "The file is as it was before the change"),
    (import_peers, "enter", "Imported targets: 1 new"),
)
"""Each way to change the file: how to get there, the key that writes, and what is told then."""
every_change = pytest.mark.parametrize(
    ("prepare", "key", "told"), CHANGES, ids=[each[0].__name__ for each in CHANGES]
)


@pytest.fixture
def upper_case(engine: PlayedEngine) -> PlayedEngine:
    """The peer of Main PACS knows its own title in lower case only."""
    engine.peers["Main PACS"] = replace(CALLED_UNKNOWN, called=("target_pacs",))
    return engine


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for a lock until the test gives it back, also on a slow machine."""
    monkeypatch.setattr(rewriting, "locked", partial(locked, timeout_s=PATIENCE_S))


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give up at once where another holds the lock."""
    monkeypatch.setattr(rewriting, "locked", partial(locked, timeout_s=0.0))


@pytest.mark.usefixtures("patient")
@every_change
async def test_the_screen_goes_on_while_a_change_waits_for_the_lock_of_another(
    profiles: Path, upper_case: PlayedEngine, prepare: Prepare, key: str, told: str
) -> None:
    async with opened(profiles, upper_case) as console:
        await prepare(console)
        before = profiles.read_bytes()
        ticks: list[None] = []
        with lock_of_another(profiles):
            await console.press(key)
            console.app.set_interval(0.001, lambda: ticks.append(None))
            await console.until(lambda: len(ticks) >= _TICKS)
            assert profiles.read_bytes() == before
            assert told not in console.text
        await console.shows(told)
        assert profiles.read_bytes() != before


@pytest.mark.usefixtures("impatient")
@every_change
async def test_a_change_that_fails_is_told_and_can_be_asked_for_again(
    profiles: Path, upper_case: PlayedEngine, prepare: Prepare, key: str, told: str
) -> None:
    async with opened(profiles, upper_case) as console:
        await prepare(console)
        before = profiles.read_bytes()
        with lock_of_another(profiles):
            await console.press(key)
            await console.until(lambda: "is being saved by" in notice(console))
            assert profiles.read_bytes() == before
        await console.press("D", key) if prepare is delete else await console.press(key)
        await console.shows(told)
        assert profiles.read_bytes() != before


async def test_a_file_system_without_locks_is_told(
    profiles: Path, engine: PlayedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(_descriptor: int, _operation: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", none)
    async with opened(profiles, engine) as console:
        await edit_in_the_form(console)
        await console.press("enter")
        await console.until(lambda: "Saved Main PACSX" in notice(console))
        await console.until(lambda: f"{profiles.parent} has no locks: if" in notice(console))


@pytest.mark.usefixtures("patient")
async def test_what_is_typed_while_a_save_waits_stays_in_the_form(
    profiles: Path, engine: PlayedEngine
) -> None:
    async with opened(profiles, engine) as console:
        await edit_in_the_form(console)
        with lock_of_another(profiles):
            await console.press("enter")
            await console.type("YZ")
            await console.shows("Main PACSXYZ")
        await console.shows("Saved without what you typed meanwhile")
        assert 'name = "Main PACSX"' in profiles.read_text()
        await console.press("enter")
        await console.shows("Saved Main PACSXYZ")
        assert 'name = "Main PACSXYZ"' in profiles.read_text()


@pytest.mark.usefixtures("patient")
async def test_an_editor_that_was_opened_while_another_save_waits_stays_open(
    profiles: Path, engine: PlayedEngine
) -> None:
    async with opened(profiles, engine) as console:
        await edit_in_the_form(console)
        with lock_of_another(profiles):
            await console.press("enter", "escape")
            await console.shows("Leave without saving?")
            await console.press("y", "down", "E")
            await console.shows("Edit CT 2")
            await console.press("right")
            await console.type("Y")
        await console.shows("Saved Main PACSX", "Edit CT 2", "CT 2Y")


@pytest.mark.usefixtures("patient")
async def test_a_second_change_is_refused_while_one_waits(
    profiles: Path, engine: PlayedEngine
) -> None:
    async with opened(profiles, engine) as console:
        await edit_in_the_form(console)
        with lock_of_another(profiles):
            await console.press("enter", "enter")
            await console.until(lambda: "is still being written" in notice(console))
        await console.shows("Saved Main PACSX")
        await console.press("u")
        await console.shows("Undid the edit to Main PACSX.")
        assert profiles.read_text() == PROFILES


@pytest.mark.usefixtures("patient")
async def test_the_walk_stays_as_it_is_while_its_change_waits(
    profiles: Path, upper_case: PlayedEngine
) -> None:
    async with opened(profiles, upper_case) as console:
        await apply_in_the_guide(console)
        with lock_of_another(profiles):
            await console.press("enter", "s")
            await console.shows("The file is being written", "This would work")
        await console.shows("Fixed")


@pytest.mark.usefixtures("patient")
async def test_a_guide_that_is_left_while_its_change_waits_tells_it_on_the_console(
    profiles: Path, upper_case: PlayedEngine
) -> None:
    async with opened(profiles, upper_case) as console:
        await apply_in_the_guide(console)
        with lock_of_another(profiles):
            await console.press("enter", "escape")
            await console.shows("Targets", "Log")
        await console.shows("Your choice in the guide was written to the file", "1 ok")
        await console.press("u")
        await console.shows("Undid the edit to Main PACS")
        assert profiles.read_text() == PROFILES


@pytest.mark.usefixtures("patient")
async def test_an_import_that_is_left_while_it_waits_is_told_and_can_be_taken_back(
    profiles: Path, engine: PlayedEngine
) -> None:
    async with opened(profiles, engine) as console:
        await import_peers(console)
        with lock_of_another(profiles):
            await console.press("enter", "escape", "escape")
            await console.shows("Targets", "Log")
        await console.shows("Imported targets: 1 new", "4 targets")
        await console.press("u")
        await console.shows("Undid the import of 1 target")
        assert profiles.read_text() == PROFILES


@pytest.mark.usefixtures("patient")
async def test_who_quits_while_a_save_waits_is_told_that_it_failed(
    profiles: Path,
    engine: PlayedEngine,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("dcmecho.console.app.INSISTS_WITHIN_S", 60.0)
    async with opened(profiles, engine) as console:
        await edit_in_the_form(console)
        with lock_of_another(profiles):
            await console.press("enter", "ctrl+c", "ctrl+c")
            await console.until(lambda: not console.app.is_running)
    said = capsys.readouterr().err
    assert "dcmecho: not saved:" in said
    assert "dcmecho: What you typed for Main PACSX was kept" in said


@pytest.mark.parametrize("key", ["g", "s"], ids=["guide", "services"])
async def test_a_screen_is_left_when_another_program_deletes_its_target(
    profiles: Path, engine: PlayedEngine, key: str
) -> None:
    async with opened(profiles, engine) as console:
        await console.run()
        await console.press(key)
        await console.shows("esc Back")
        profiles.write_text(PROFILES.replace('"Main PACS"', '"Another"'), encoding="utf-8")
        await console.shows("was changed elsewhere and was read again", "Another")
        await console.press("r")
        await console.idle()
