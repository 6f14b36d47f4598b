"""Editing targets beside the list: validate, save, run again; new, clone, delete."""

from __future__ import annotations

from pathlib import Path

from textual.widgets import Input

from dcmecho.diagnosis.target.fields import Field
from tests.console.driving import SMALL, Console, opened
from tests.console.playback import PlayedEngine
from tests.console.played_peers import CALLED_UNKNOWN


async def _open_field(console: Console, field: Field, *, key: str = "E") -> None:
    await console.press(key)
    await console.until(lambda: console.main.editing.editor)
    await console.pilot.pause()
    box = console.main.query_one(f"#field-{field.value} Input", Input)
    box.focus()
    await console.pilot.pause()


async def _replace(console: Console, text: str) -> None:
    await console.press("ctrl+u")
    await console.type(text)


async def test_edit_save_and_run_again(profiles: Path, engine: PlayedEngine) -> None:
    engine.peers["Main PACS"] = CALLED_UNKNOWN
    async with opened(profiles, engine) as console:
        await console.run()
        await _open_field(console, Field.CALLED_AE)
        assert "Radiology" in console.line("Radiology"), "the list stays beside the form"
        await _replace(console, "MAIN_PACS")
        await console.press("enter")
        await console.shows("Saved Main PACS", "Press enter to check it again", "-> MAIN_PACS @")
        saved = profiles.read_text(encoding="utf-8")
        assert 'called_ae = "MAIN_PACS"' in saved
        assert "# The archive of the house. This comment stays." in saved
        assert 'name = "Main PACS"    # ask for Ms Weber' in saved
        await console.press("enter")
        await console.until(lambda: len(engine.runs) == 2)
        assert engine.runs[1].target.called_ae == "MAIN_PACS"


async def test_typing_is_judged_at_once_and_odd_titles_are_shown_byte_by_byte(
    profiles: Path, engine: PlayedEngine
) -> None:
    async with opened(profiles, engine) as console:
        await _open_field(console, Field.CALLED_AE)
        await _replace(console, "TARGET_PACS_LONGER")
        await console.shows("failed: 18 bytes is too long")
        await _replace(console, "PACS ")
        await console.shows("warning: ends with a space", "PACS\\x20 (50 41 43 53 20)")
        await _replace(console, "PÄCS")
        await console.shows("sent as P\\xc3\\x84CS", "is not ASCII")
        await _replace(console, "PACS")
        await console.until(lambda: "ASCII" not in console.text)


async def test_what_cannot_work_is_not_saved(profiles: Path, engine: PlayedEngine) -> None:
    before = profiles.read_text(encoding="utf-8")
    async with opened(profiles, engine) as console:
        await _open_field(console, Field.PORT)
        await _replace(console, "70000")
        await console.shows("70000 is not a port")
        await console.press("enter")
        await console.shows("These values cannot work yet. Port:")
        await _replace(console, "abc")
        await console.shows("must be a whole number")
        await console.press("enter")
        assert console.main.editing.editor
    assert profiles.read_text(encoding="utf-8") == before


async def test_an_empty_field_shows_what_it_inherits(profiles: Path, engine: PlayedEngine) -> None:
    async with opened(profiles, engine) as console:
        await _open_field(console, Field.CALLING_AE)
        line = console.line("Calling AE title")
        assert "MY_WORKSTATION" in line
        assert "from [defaults]" in line
        assert "built in" in console.line("Max PDU")


async def test_leaving_asks_only_where_something_would_be_lost(
    profiles: Path, engine: PlayedEngine
) -> None:
    async with opened(profiles, engine) as console:
        await _open_field(console, Field.HOST)
        await console.press("escape")
        await console.until(lambda: not console.main.editing.editor)
        await _open_field(console, Field.HOST)
        await _replace(console, "x")
        await console.press("escape")
        await console.shows("Leave without saving?")
        await console.press("n")
        await console.until(lambda: "Leave without saving?" not in console.text)
        assert console.main.editing.editor
        await console.press("escape", "y")
        await console.until(lambda: not console.main.editing.editor)
        assert "Not checked yet" in console.text


async def test_a_form_opened_again_knows_nothing_of_the_target_before(
    profiles: Path, engine: PlayedEngine
) -> None:
    async with opened(profiles, engine) as console:
        await _open_field(console, Field.PORT)
        await _replace(console, "70000")
        await console.press("enter")
        await console.shows("70000 is not a port")
        await console.press("escape", "y", "down")
        await _open_field(console, Field.NOTES)
        await console.shows("Edit CT 2", "192.168.1.61")
        assert "70000" not in console.text
        assert "vendor hotline" not in console.text
        await console.press("escape")
        await console.until(lambda: not console.main.editing.editor)
        assert "Leave without saving?" not in console.text
        assert "70000" not in profiles.read_text()


async def test_the_log_stays_where_it_is_while_a_form_is_open(
    profiles: Path, engine: PlayedEngine
) -> None:
    async with opened(profiles, engine) as console:
        before = console.main.panes.log_view.region
        await _open_field(console, Field.HOST)
        assert console.main.panes.log_view.region == before


async def test_new_target_starts_in_the_group_of_the_cursor(
    profiles: Path, engine: PlayedEngine
) -> None:
    async with opened(profiles, engine) as console:
        await _open_field(console, Field.NAME, key="n")
        await console.shows("New target")
        assert "is required" not in console.text, "nobody could have typed it yet"
        await console.type("MR 1")
        for field, text in ((Field.HOST, "10.0.0.9"), (Field.CALLED_AE, "MR1")):
            console.main.query_one(f"#field-{field.value} Input", Input).focus()
            await console.pilot.pause()
            await console.type(text)
        await console.press("enter")
        await console.shows("Saved MR 1", "-> MR1 @ 10.0.0.9:104")
        assert "▌" in console.line("MR 1   ")
        assert 'group = "Radiology"' in profiles.read_text(encoding="utf-8").rpartition("[[")[2]


async def test_two_targets_cannot_share_a_name(profiles: Path, engine: PlayedEngine) -> None:
    async with opened(profiles, engine) as console:
        await _open_field(console, Field.NAME)
        await _replace(console, "CT 2")
        await console.shows("another target is named CT 2")


async def test_clone_is_a_copy_under_another_name(profiles: Path, engine: PlayedEngine) -> None:
    async with opened(profiles, engine) as console:
        await _open_field(console, Field.NAME, key="c")
        await console.press("enter")
        await console.shows("Saved Main PACS copy")
        assert profiles.read_text(encoding="utf-8").count('called_ae = "TARGET_PACS"') == 2


async def test_renaming_keeps_the_results(profiles: Path, engine: PlayedEngine) -> None:
    async with opened(profiles, engine) as console:
        await console.run()
        await _open_field(console, Field.NAME)
        await _replace(console, "Archive")
        await console.press("enter")
        await console.shows("Saved Archive", "C-ECHO-RSP 0x0000")


async def test_delete_asks_and_names_the_target(profiles: Path, engine: PlayedEngine) -> None:
    async with opened(profiles, engine) as console:
        await console.press("down", "D")
        await console.shows("Delete CT 2?", "-> CT2 @ 192.168.1.61:104")
        await console.press("enter")
        assert "CT 2" in profiles.read_text(encoding="utf-8")
        await console.press("D", "y")
        await console.shows("Deleted CT 2")
        assert "CT 2" not in profiles.read_text(encoding="utf-8")
        assert "Main PACS" in profiles.read_text(encoding="utf-8")


async def test_a_broken_target_is_listed_explained_and_mended(
    profiles: Path, engine: PlayedEngine
) -> None:
    text = profiles.read_text(encoding="utf-8").replace("port = 11112", 'port = "11112"')
    profiles.write_text(text, encoding="utf-8")
    async with opened(profiles, engine) as console:
        assert "1 problem in the file" in console.text
        assert "broken" in console.line("Echo cart")
        await console.press("end")
        await console.shows("This target has errors", "profiles.toml:", "must be a number")
        await console.press("enter")
        await console.shows("Echo cart cannot be checked")
        assert not engine.runs
        await _open_field(console, Field.PORT)
        await console.press("enter")
        await console.shows("Saved Echo cart")
        await console.until(lambda: "problem in the file" not in console.text)


async def test_a_file_that_is_no_toml_shows_where_and_cannot_be_edited(
    profiles: Path, engine: PlayedEngine
) -> None:
    profiles.write_text("[[target]\n", encoding="utf-8")
    async with opened(profiles, engine) as console:
        await console.shows("profiles.toml:1", "is not TOML", "profiles.toml (read-only)")
        await console.press("n")
        await console.shows("cannot be changed")


async def test_without_a_file_the_first_target_makes_it(
    tmp_path: Path, engine: PlayedEngine
) -> None:
    path = tmp_path / "new" / "profiles.toml"
    async with opened(path, engine) as console:
        await console.shows("No targets yet", "n             adds a target", "dcmecho demo")
        await console.press("enter")
        await console.shows("No targets. Press n to add one.")
        await _open_field(console, Field.NAME, key="n")
        await console.type("A")
        for field, text in ((Field.HOST, "10.0.0.9"), (Field.CALLED_AE, "B")):
            console.main.query_one(f"#field-{field.value} Input", Input).focus()
            await console.pilot.pause()
            await console.type(text)
        await console.press("enter")
        await console.shows("Saved A")
        assert path.exists()


async def test_the_form_fits_a_small_screen(profiles: Path, engine: PlayedEngine) -> None:
    async with opened(profiles, engine, SMALL) as console:
        await _open_field(console, Field.NAME)
        await console.shows("Name", "Called AE title", "Max PDU", "enter Save", "Main PACS")


async def test_keys_typed_ahead_of_a_slow_screen_do_no_harm(
    profiles: Path, engine: PlayedEngine
) -> None:
    async with opened(profiles, engine) as console:
        console.main.action_edit_whole()
        console.main.action_new()
        console.main.action_clone()
        await console.shows("Edit Main PACS")
        assert len(console.main.query("#editor")) == 1


async def test_saving_writes_only_what_was_touched(profiles: Path, engine: PlayedEngine) -> None:
    async with opened(profiles, engine) as console:
        await _open_field(console, Field.NAME)
        text = profiles.read_text()
        profiles.write_text(text.replace("port = 104", "port = 105", 1))
        await console.press("right")
        await console.type(" 2")
        await console.press("enter")
        await console.shows("Saved Main PACS 2")
    assert "port = 105" in profiles.read_text()
