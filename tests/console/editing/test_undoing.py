"""The undo of the console, and what others do to the file meanwhile."""

from __future__ import annotations

from pathlib import Path

from dcmecho.console.widgets.notice import Notice
from tests.console.driving import PROFILES, Console, opened
from tests.console.playback import PlayedEngine


async def _type_called_title(console: Console, text: str) -> None:
    await console.press("e")
    await console.until(lambda: console.main.editing.editor)
    while getattr(console.app.focused, "field", None) != "called_ae":
        await console.press("tab")
    await console.press("ctrl+u")
    await console.type(text)


async def test_u_takes_back_edit_copy_and_deletion_one_by_one(
    profiles: Path, engine: PlayedEngine
) -> None:
    async with opened(profiles, engine) as console:
        assert "u Undo" not in console.lines[-1]
        await _type_called_title(console, "NEW")
        await console.press("enter")
        await console.shows("Saved Main PACS", "u Undo")
        edited = profiles.read_text()
        await console.press("c", "enter")
        await console.shows("Saved Main PACS copy")
        copied = profiles.read_text()
        await console.press("D", "y")
        await console.shows("Deleted Main PACS copy")
        for words, expected in (
            ("Undid the deletion of Main PACS copy. Press u to undo 2 more.", copied),
            ("Undid the addition of Main PACS copy. Press u to undo 1 more.", edited),
            ("Undid the edit to Main PACS.", PROFILES),
        ):
            await console.press("u")
            await console.shows(words)
            assert profiles.read_text() == expected
        await console.press("u")
        await console.until(lambda: "u Undo" not in console.lines[-1])


async def test_the_undo_of_a_new_name_keeps_the_results(
    profiles: Path, engine: PlayedEngine
) -> None:
    async with opened(profiles, engine) as console:
        await console.run()
        await console.press("E")
        await console.press("right")
        await console.type("X")
        await console.press("enter")
        await console.shows("Saved Main PACSX")
        await console.press("u")
        await console.shows("Undid the edit to Main PACSX", "1 ok")
        assert "Not checked yet" not in console.text


async def test_a_file_that_changes_on_disk_is_read_again_and_the_cursor_stays(
    profiles: Path, engine: PlayedEngine
) -> None:
    async with opened(profiles, engine) as console:
        await console.press("down")
        await _type_called_title(console, "MINE")
        profiles.write_text(PROFILES.replace('"CT 2"', '"CT 2"\nnotes = "x"') + "\n# more\n")
        await console.shows("was changed elsewhere and was read again")
        assert "MINE" in console.text, "what is typed stays"
        await console.press("enter")
        await console.shows("Saved CT 2", "-> MINE @")
        assert "# more" in profiles.read_text()


async def test_a_collision_shows_both_values_and_writes_what_is_chosen(
    profiles: Path, engine: PlayedEngine
) -> None:
    async with opened(profiles, engine) as console:
        await _type_called_title(console, "MINE")
        profiles.write_text(PROFILES.replace('"TARGET_PACS"', '"THEIRS"'))
        await console.press("enter")
        await console.shows("Someone else changed this file", "mine    MINE", "theirs  THEIRS")
        assert "THEIRS" in profiles.read_text()
        await console.press("escape")
        assert console.main.editing.editor, "esc keeps editing"
        await console.press("enter")
        await console.shows("theirs  THEIRS   kept")
        await console.press("m")
        await console.shows("mine    MINE   kept")
        await console.press("enter")
        await console.shows("Saved Main PACS", "-> MINE @")
        await console.press("u")
        await console.shows("-> THEIRS @")


async def test_theirs_may_stand(profiles: Path, engine: PlayedEngine) -> None:
    async with opened(profiles, engine) as console:
        await _type_called_title(console, "MINE")
        theirs = PROFILES.replace('"TARGET_PACS"', '"THEIRS"')
        profiles.write_text(theirs)
        await console.press("enter")
        await console.shows("theirs  THEIRS   kept")
        await console.press("enter")
        await console.shows("-> THEIRS @", "Nothing to save")
        assert profiles.read_text() == theirs


async def test_the_target_of_an_open_form_may_be_gone(profiles: Path, engine: PlayedEngine) -> None:
    async with opened(profiles, engine) as console:
        await _type_called_title(console, "MINE")
        profiles.write_text(PROFILES.replace('"Main PACS"', '"Archive"'))
        await console.press("enter")
        notice = console.main.query_one(Notice)
        await console.until(lambda: 'no target is named "Main PACS" any longer' in notice.text)
        assert notice.text.removeprefix("✘").strip().startswith("Not saved.")
        assert console.main.editing.editor


async def test_a_filter_is_taken_away_by_esc_in_the_list(
    profiles: Path, engine: PlayedEngine
) -> None:
    async with opened(profiles, engine) as console:
        await console.press("slash")
        await console.type("echo")
        await console.press("enter", "escape")
        await console.shows("CT 2", "Main PACS")


async def test_a_filter_of_the_log_does_not_stay_for_the_next_target(
    profiles: Path, engine: PlayedEngine
) -> None:
    async with opened(profiles, engine) as console:
        await console.run()
        await console.press("3", "slash")
        await console.type("zzz")
        await console.press("enter")
        await console.shows("no line matches")
        await console.press("1", "down")
        assert console.main.panes.log_view.filter_text == ""
