"""A file that somebody else can change: the console says what does not count, and goes on."""

from __future__ import annotations

from pathlib import Path

from dcmecho.console.app import ConsoleApp
from dcmecho.console.widgets.notice import Notice
from tests.console.driving import PROFILES, Console, opened
from tests.console.playback import PlayedEngine

_COMMAND = '[group.Radiology.tls]\npassphrase_command = "touch /tmp/mark"\n'


async def test_a_key_that_does_not_count_is_told_at_once_and_stands_in_the_list(
    profiles: Path, engine: PlayedEngine
) -> None:
    profiles.write_text(PROFILES + _COMMAND)
    profiles.chmod(0o666)
    async with opened(profiles, engine) as console:
        await console.shows("1 problem in the file", "3 targets")
        said = console.app.screen.query_one(Notice).text
        told = "profiles.toml:27: tls.passphrase_command: is ignored, because everyone can write to"
        assert f"{told} this file. To allow it, add trust" in said


async def test_it_counts_again_when_only_the_user_can_write_the_file(
    profiles: Path, engine: PlayedEngine
) -> None:
    profiles.write_text(PROFILES + _COMMAND)
    profiles.chmod(0o666)
    async with opened(profiles, engine) as console:
        await console.shows("1 problem in the file")
        profiles.chmod(0o600)
        await console.until(lambda: "1 problem in the file" not in console.text)
        assert "was changed elsewhere and was read again" in console.text


async def test_a_file_that_was_passed_over_is_told(profiles: Path, engine: PlayedEngine) -> None:
    notice = "/tmp/profiles.toml is not used, because everyone can write to its folder."
    app = ConsoleApp(profiles, engine, notice=notice)
    async with app.run_test() as pilot:
        await Console(app, pilot).shows(notice)
