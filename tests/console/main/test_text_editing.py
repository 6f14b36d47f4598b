"""The file in the user's own editor: the console reads it anew, and says what has changed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from dcmecho.console.widgets.notice import Notice
from tests.console.driving import PROFILES, Console, opened
from tests.console.playback import PlayedEngine

BROKEN = "broken =\n"


def install(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a program the user's editor; ``argv`` are its arguments, ``file`` is the file."""
    program = folder / "vi"
    begin = "import sys\nfrom pathlib import Path\nargv, file = sys.argv, Path(sys.argv[-1])\n"
    program.write_text(f"#!{sys.executable}\n{begin}{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("VISUAL", str(program))


def said(console: Console) -> str:
    return console.main.query_one(Notice).text


async def test_it_opens_the_file_at_the_target(
    profiles: Path, engine: PlayedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(profiles.parent, "Path('args').write_text(' '.join(argv[1:]))", monkeypatch)
    async with opened(profiles, engine) as console:
        await console.press("down", "O")
        await console.until(lambda: "Nothing in profiles.toml has changed." in said(console))
        line = PROFILES.splitlines().index('name = "CT 2"')
        assert (profiles.parent / "args").read_text() == f"+{line} {profiles}"


async def test_what_was_saved_there_is_read(
    profiles: Path, engine: PlayedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    change = "file.write_text(file.read_text().replace('Echo cart', 'Echo trolley'))"
    install(profiles.parent, change, monkeypatch)
    async with opened(profiles, engine) as console:
        await console.press("down", "O")
        await console.shows("Echo trolley", "profiles.toml was changed and read again.")
        assert "CT 2" in console.line("▌ · CT 2")


async def test_a_watch_goes_on_meanwhile_and_heeds_what_was_saved(
    profiles: Path, engine: PlayedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    change = "file.write_text(file.read_text().replace('Main PACS', 'Old PACS'))"
    install(profiles.parent, change, monkeypatch)
    async with opened(profiles, engine) as console:
        await console.press("down", "w", "escape", "O")
        await console.shows("Old PACS", "watching 1")


async def test_a_broken_file_is_told_with_its_line_and_opened_again(
    profiles: Path, engine: PlayedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    mend_or_break = (
        f"broken, text = {BROKEN!r}, file.read_text()\n"
        "Path('args').write_text(argv[1])\n"
        "file.write_text(text.removesuffix(broken) if broken in text else text + broken)"
    )
    install(profiles.parent, mend_or_break, monkeypatch)
    async with opened(profiles, engine) as console:
        await console.press("O")
        line = PROFILES.count("\n") + 1
        await console.shows("Open it again?", f"profiles.toml:{line}: column")
        await console.press("y")
        await console.shows("3 targets", "profiles.toml was changed and read again.")
        assert (profiles.parent / "args").read_text() == f"+{line}"
        assert "Open it again?" not in console.text


async def test_a_broken_file_can_be_left_so_and_opened_later(
    profiles: Path, engine: PlayedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    profiles.write_text(f"\n\n{BROKEN}")
    install(profiles.parent, "Path('args').write_text(argv[1])", monkeypatch)
    async with opened(profiles, engine) as console:
        await console.press("O")
        await console.until(lambda: "Nothing in profiles.toml has changed." in said(console))
        assert (profiles.parent / "args").read_text() == "+3"
        assert "Open it again?" not in console.text


@pytest.mark.parametrize(
    ("end", "told"),
    [
        ("sys.exit(3)", "vi ended with exit code 3. Nothing in profiles.toml has changed."),
        ("import os; os.kill(os.getpid(), 9)", "vi ended with signal 9. Nothing in"),
    ],
)
async def test_an_editor_that_fails_is_told(
    profiles: Path, engine: PlayedEngine, monkeypatch: pytest.MonkeyPatch, end: str, told: str
) -> None:
    install(profiles.parent, end, monkeypatch)
    async with opened(profiles, engine) as console:
        await console.press("O")
        await console.until(lambda: told in said(console))


async def test_an_editor_that_cannot_be_started_is_told(
    profiles: Path, engine: PlayedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = profiles.parent / "vi"
    program.write_bytes(b"\x7fELF")
    program.chmod(0o755)
    monkeypatch.setenv("VISUAL", str(program))
    async with opened(profiles, engine) as console:
        await console.press("O")
        await console.until(lambda: "vi cannot be started: Exec format error." in said(console))


async def test_a_missing_editor_is_told(
    profiles: Path, engine: PlayedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VISUAL", "nosuch")
    async with opened(profiles, engine) as console:
        await console.press("O")
        told = "nosuch, named by VISUAL, was not found. Set EDITOR to a text editor"
        await console.until(lambda: told in said(console))


async def test_a_missing_file_is_told(profiles: Path, engine: PlayedEngine) -> None:
    profiles.unlink()
    async with opened(profiles, engine) as console:
        await console.press("O")
        await console.until(lambda: "There is no file yet. Press n" in said(console))


async def test_a_read_only_file_is_told(
    profiles: Path, engine: PlayedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(profiles.parent, "", monkeypatch)
    monkeypatch.setattr("dcmecho.console.main.text_editing.is_writable", lambda _: False)
    async with opened(profiles, engine) as console:
        await console.press("O")
        told = f"Nothing has changed: {profiles} is read-only for you."
        await console.until(lambda: told in said(console))


async def test_a_window_that_stays_open_is_read_later(
    profiles: Path, engine: PlayedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(profiles.parent, "", monkeypatch)
    (profiles.parent / "vi").rename(profiles.parent / "code")
    monkeypatch.setenv("VISUAL", str(profiles.parent / "code"))
    async with opened(profiles, engine) as console:
        await console.press("O")
        await console.until(lambda: "What you save later is read too." in said(console))
