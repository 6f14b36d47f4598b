"""Import and export in the console: a preview first, and nothing is written before enter."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest
from textual import events

from dcmecho.console.app import ConsoleApp
from dcmecho.console.exchange.import_source import reading_of
from dcmecho.console.terminal.terminal import Terminal
from dcmecho.diagnosis.target.target import Target
from dcmecho.profiles.book.settings import Signs
from dcmecho.profiles.exchange.formats.known import read_bytes, write_text
from dcmecho.profiles.exchange.rows import ExchangeFormat, Reading
from dcmecho.profiles.exchange.writing import ExportedText
from tests.console.driving import PROFILES, SMALL, WIDE, Console, opened
from tests.console.playback import PlayedEngine
from tests.network.peers.dcmtk import storescp

PATIENCE_S = 30.0

TABLE = """\
Station;IP address;Port;AE title
Main PACS;pacs.hospital.lan;11112;TARGET_PACS
CT 2;192.168.1.61;104;CT2
CT 3;192.168.1.62;104;CT3
Angio;192.168.1.63;1O4;ANGIO
"""


async def previewed(console: Console, given: str) -> None:
    """Open the import, and give it a path or a peer."""
    await console.press("I")
    await console.shows("Import from")
    await console.type(given)
    await console.press("enter")


async def test_a_table_is_shown_and_then_written(profiles: Path, engine: PlayedEngine) -> None:
    Path("peers.csv").write_text(TABLE, encoding="utf-8")
    async with opened(profiles, engine) as console:
        await previewed(console, "peers.csv")
        await console.shows("Preview: 1 new, 1 changed, 1 equal, 1 refused")
        assert "port 104 -> 11112" in console.line("changed  line 2")
        assert "CT3@192.168.1.62:104" in console.line("new      line 4")
        assert 'port: "1O4" must be a number' in console.line("refused  line 5")
        assert profiles.read_text(encoding="utf-8") == PROFILES, "nothing before enter"
        await console.press("enter")
        await console.shows("Imported targets: 1 new, 1 changed.", "4 targets", "CT 3")
        await console.shows("1 row refused. Correct and import again.")
    written = profiles.read_text(encoding="utf-8")
    assert written.startswith(PROFILES.replace("port = 104", "port = 11112", 1))


async def test_a_long_import_leaves_the_screen_free_and_can_be_cancelled(
    profiles: Path, engine: PlayedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads_on = threading.Event()

    def slow(given: str) -> Reading:
        reads_on.wait()
        return reading_of(given)

    monkeypatch.setattr("dcmecho.console.exchange.import_job.reading_of", slow)
    async with opened(profiles, engine) as console:
        await previewed(console, "MRT@10.0.0.1:104")
        await console.shows("Reading. Press esc to cancel.")
        await console.press("escape")
        await console.shows("Reading was cancelled.", "Import from")
        reads_on.set()
        await console.press("enter")
        await console.shows("Preview: 1 new", "Press enter to write this")
    assert profiles.read_text(encoding="utf-8") == PROFILES


async def test_the_group_that_is_imported_into_is_shown_and_only_it_is_changed(
    profiles: Path, engine: PlayedEngine
) -> None:
    Path("peers.csv").write_text("name,host,port,aet\nEcho cart,10.0.0.9,104,CART\n")
    async with opened(profiles, engine) as console:
        await previewed(console, "peers.csv")
        await console.shows("into group Radiology", "Preview: 1 new", "Echo cart (Radiology)")


async def test_leaving_writes_nothing(profiles: Path, engine: PlayedEngine) -> None:
    async with opened(profiles, engine) as console:
        await previewed(console, "MRT@10.0.0.1:104")
        await console.shows("Preview: 1 new", "Press enter to write this")
        await console.press("escape", "escape")
        await console.shows("3 targets")
    assert profiles.read_text(encoding="utf-8") == PROFILES


async def test_what_was_typed_anew_is_looked_at_anew(profiles: Path, engine: PlayedEngine) -> None:
    async with opened(profiles, engine) as console:
        await previewed(console, "MRT@10.0.0.1:104")
        await console.shows("Preview: 1 new")
        await console.press("escape", "5")
        await console.until(lambda: "Preview: 1 new" not in console.text)
        await console.press("enter")
        await console.shows("MRT@10.0.0.1:1045")
    assert profiles.read_text(encoding="utf-8") == PROFILES


async def test_lines_are_pasted_whole(profiles: Path, engine: PlayedEngine) -> None:
    async with opened(profiles, engine) as console:
        await console.press("I")
        await console.shows("Import from")
        console.app.post_message(events.Paste("$ echoscu -aec MRT 10.0.0.1 104\nUS@10.0.0.2:104\n"))
        await console.shows("Preview: 2 new", "MRT@10.0.0.1:104", "US@10.0.0.2:104")


async def test_a_path_as_a_terminal_writes_a_dropped_file(
    profiles: Path, engine: PlayedEngine
) -> None:
    Path("our peers.csv").write_text(TABLE, encoding="utf-8")
    async with opened(profiles, engine) as console:
        await previewed(console, "'our peers.csv'")
        await console.shows("Preview: 1 new")


async def test_what_cannot_be_read_is_told(profiles: Path, engine: PlayedEngine) -> None:
    Path("letter.txt").write_text("Dear colleague", encoding="utf-8")
    async with opened(profiles, engine) as console:
        await previewed(console, "letter.txt")
        await console.shows("Cannot read this: it looks like none of")
        await console.press("ctrl+u")
        await console.type("missing.csv")
        await console.press("enter")
        await console.shows("missing.csv is neither a file nor a peer such as AET@host:port.")
        await console.press("ctrl+u", "enter")
        await console.shows("Type the path of a file, or paste peers")


async def test_where_all_is_known_there_is_nothing_to_write(
    profiles: Path, engine: PlayedEngine
) -> None:
    async with opened(profiles, engine) as console:
        await previewed(console, "CT2@192.168.1.61:104")
        await console.shows("0 new, 0 changed, 1 equal", "Nothing to write.", "named CT 2 here")
        await console.press("enter")
        await console.shows("Preview: 0 new")


async def test_a_small_screen_without_colours_and_signs(
    profiles: Path, engine: PlayedEngine
) -> None:
    Path("peers.csv").write_text(TABLE, encoding="utf-8")
    async with opened(profiles, engine, SMALL, Terminal(Signs.ASCII)) as console:
        await previewed(console, "peers.csv")
        await console.shows("[ok] new", "[??] changed", "[--] equal", "[!!] refused")


async def test_hostile_text_is_shown_as_it_is(profiles: Path, engine: PlayedEngine) -> None:
    peers = {"[/][bold]": ["[/x]", "h", 104], "\x1b[31m": ["A", "h", 1], "b": ["\u202e", "h", 1]}
    modalities = {"DicomModalities": peers}
    Path("orthanc.json").write_text(json.dumps(modalities), encoding="utf-8")
    async with opened(profiles, engine) as console:
        await previewed(console, "orthanc.json")
        await console.shows("[/][bold]", "[/x]@h:104", '"\\u001b[31m"', "2 refused")


async def test_all_targets_are_exported_to_a_new_file(profiles: Path, engine: PlayedEngine) -> None:
    async with opened(profiles, engine) as console:
        await console.press("X")
        await console.shows("Write 3 targets as", "an Orthanc configuration")
        await console.press("down", "enter")
        await console.shows("Saved", ".json")
    (file,) = Path.cwd().glob("dcmecho-export-orthanc-*.json")
    assert list(json.loads(file.read_text())["DicomModalities"]) == [
        *("Main PACS", "CT 2", "Echo cart")
    ]


async def test_every_format_can_be_chosen(profiles: Path, engine: PlayedEngine) -> None:
    async with opened(profiles, engine) as console:
        for rows_below, form in enumerate(ExchangeFormat):
            await console.press("X")
            await console.shows("Write 3 targets as", form.label)
            await console.press(*["down"] * rows_below, "enter")
            await console.shows("Saved", f"dcmecho-export-{form}-")
            (file,) = Path.cwd().glob(f"dcmecho-export-{form}-*{form.suffix}")
            assert read_bytes(file.read_bytes()).format is form


async def test_a_long_export_leaves_the_screen_free_and_can_be_cancelled(
    profiles: Path, engine: PlayedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    goes_on = threading.Event()

    def slow(targets: Sequence[Target], form: ExchangeFormat) -> ExportedText:
        assert goes_on.wait(PATIENCE_S)
        return write_text(targets, form)

    monkeypatch.setattr("dcmecho.console.exchange.export_job.write_text", slow)
    async with opened(profiles, engine) as console:
        try:
            await console.press("X", "enter")
            await console.shows("Writing 3 targets. Press esc to cancel.")
            await console.press("escape")
            await console.shows("Writing was cancelled.", "Write 3 targets as")
            await console.press("down", "enter")
            await console.shows("Writing 3 targets. Press esc to cancel.")
        finally:
            goes_on.set()
        await console.shows("Saved", "dcmecho-export-")
    assert len(list(Path.cwd().glob("dcmecho-export-*"))) == 1


async def test_without_a_thread_the_console_goes_on(
    profiles: Path, engine: PlayedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("peers.csv").write_text(TABLE, encoding="utf-8")
    async with opened(profiles, engine) as console:
        monkeypatch.setattr(threading.Thread, "start", no_thread)
        await console.press("X", "enter")
        await console.shows("Saved", "dcmecho-export-")
        await previewed(console, "peers.csv")
        await console.shows("Preview: 1 new, 1 changed, 1 equal, 1 refused")
        await console.press("enter")
        await console.shows("Imported targets: 1 new, 1 changed.")


def no_thread(_thread: threading.Thread) -> None:
    raise RuntimeError("can't start new thread")


async def test_marked_targets_that_cannot_be_exported_are_not_replaced_by_all(
    profiles: Path, engine: PlayedEngine
) -> None:
    profiles.write_text(PROFILES.replace("port = 11112", 'port = "no"'))
    async with opened(profiles, engine) as console:
        await console.press("end", "space", "X")
        await console.shows("No marked target can be exported: each has errors")


async def test_a_filter_chooses_what_is_exported(profiles: Path, engine: PlayedEngine) -> None:
    async with opened(profiles, engine) as console:
        console.main.panes.targets.filter("echo cart")
        await console.press("X")
        await console.shows("Write 1 shown target as")
        await console.press("end", "enter")
        await console.shows("Saved", ".txt")
        console.main.panes.targets.filter("no such target")
        await console.press("X")
        await console.shows("No shown target can be exported: each has errors, or there is none.")
    (file,) = Path.cwd().glob("dcmecho-export-line-*.txt")
    assert len(file.read_text().splitlines()) == 1


async def test_the_marked_targets_are_exported_as_lines_to_read_out(
    profiles: Path, engine: PlayedEngine
) -> None:
    async with opened(profiles, engine) as console:
        await console.press("space", "space", "X")
        await console.shows("Write 2 marked targets as", "one line per target")
        await console.press("end", "enter")
        await console.shows("Saved", ".txt")
    (file,) = Path.cwd().glob("dcmecho-export-line-*.txt")
    assert file.read_text().splitlines() == [
        "AE title TARGET_PACS, host pacs.hospital.lan, port 104",
        "AE title CT2, host 192.168.1.61, port 104",
    ]


async def test_from_a_spreadsheet_to_a_green_run(tmp_path: Path) -> None:
    with storescp(tmp_path) as peer:
        table = tmp_path / "peers.csv"
        table.write_text(f"Name,IP,Port,AET\nArchive,127.0.0.1,{peer.port},ANY\n")
        app = ConsoleApp(tmp_path / "profiles.toml")
        async with app.run_test(size=WIDE) as pilot:
            console = Console(app, pilot)
            await previewed(console, str(table))
            await console.shows("Preview: 1 new")
            await console.press("enter")
            await console.shows("Imported targets: 1 new", "Archive")
            await console.run()
            await console.shows("C-ECHO-RSP 0x0000", "1 ok")
