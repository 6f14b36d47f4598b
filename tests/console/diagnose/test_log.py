"""The log pane: filters, expansion, pause, saving, its bound."""

from __future__ import annotations

import os
import re
import stat
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dcmecho.console.runs.log_buffer import MAX_LINES, LogBuffer, LogEntry
from dcmecho.console.terminal.terminal import Terminal
from dcmecho.diagnosis.events import Direction, LogLayer, LogLine
from dcmecho.diagnosis.stage import StageId
from dcmecho.profiles.book.settings import Signs
from dcmecho.report.hexdump import hex_dump
from tests.console.driving import SMALL, opened
from tests.console.playback import PlayedEngine
from tests.console.played_peers import GREEN

LINE = LogLine("run-1", StageId.ECHO, 1.0, LogLayer.DIMSE, Direction.LOCAL, "a line")


async def test_the_log_filters_by_layer(profiles: Path, engine: PlayedEngine) -> None:
    async with opened(profiles, engine) as console:
        await console.run()
        await console.press("3", "f", "f", "f", "f")
        await console.shows("layer acse", "A-ASSOCIATE-RQ")
        assert "C-ECHO-RQ" not in console.text
        assert "connect to" not in console.text
        await console.press("f", "f", "f")
        await console.shows("C-ECHO-RQ", "connect to")


async def test_the_log_filters_by_text_in_details_too(profiles: Path, engine: PlayedEngine) -> None:
    async with opened(profiles, engine) as console:
        await console.run()
        await console.press("3", "slash")
        await console.type("maximum")
        await console.shows("A-ASSOCIATE-RQ", "A-ASSOCIATE-AC", "/maximum")
        assert "A-RELEASE-RQ" not in console.text
        await console.press("enter")
        assert "A-RELEASE-RQ" not in console.text
        await console.press("slash", "escape")
        await console.shows("A-RELEASE-RQ")


async def test_enter_expands_a_line_to_details_and_hex_and_folds_it_again(
    profiles: Path, engine: PlayedEngine
) -> None:
    async with opened(profiles, engine) as console:
        await console.run()
        await console.press("3", "z", "home", "down", "down", "down", "down", "enter")
        await console.shows("called AE title   TARGET_PACS", "0000  01 00 00 00", "TARGET_PACS")
        await console.press("enter")
        assert "0000  01 00 00 00" not in console.text


async def test_a_paused_log_holds_still_and_counts_what_waits(
    profiles: Path, engine: PlayedEngine
) -> None:
    async with opened(profiles, engine) as console:
        await console.press("3", "p")
        await console.run()
        await console.shows("paused, 10 new lines")
        assert "A-ASSOCIATE-RQ" not in console.text
        await console.press("space")
        await console.shows("A-RELEASE-RP")
        assert "paused" not in console.text


async def test_s_saves_the_log_and_says_where(profiles: Path, engine: PlayedEngine) -> None:
    async with opened(profiles, engine) as console:
        await console.run()
        await console.press("3", "S")
        await console.shows("Saved ", "dcmecho-log-Main-PACS-")
        (saved,) = profiles.parent.glob("dcmecho-log-*.txt")
        text = saved.read_text(encoding="utf-8")
        assert "> acse  A-ASSOCIATE-RQ  MY_WORKSTATION -> TARGET_PACS" in text
        assert "0000  01 00 00 00" in text
        assert stat.S_IMODE(saved.stat().st_mode) == 0o600
        await console.press("S")
        await console.until(lambda: len(list(profiles.parent.glob("dcmecho-log-*.txt"))) == 2)


async def test_a_log_that_cannot_be_saved_says_why(profiles: Path, engine: PlayedEngine) -> None:
    async with opened(profiles, engine) as console:
        await console.run()
        gone = profiles.parent / "gone"
        gone.mkdir()
        os.chdir(gone)
        gone.rmdir()
        try:
            await console.press("3", "S")
            await console.shows("The log was not saved")
        finally:
            os.chdir(profiles.parent)


async def test_times_have_milliseconds_and_arrows_have_directions(
    profiles: Path, engine: PlayedEngine
) -> None:
    async with opened(profiles, engine) as console:
        await console.run()
        await console.press("3")
        assert "→ acse" in console.line("A-ASSOCIATE-RQ")
        assert "← acse" in console.line("A-ASSOCIATE-AC")
        assert ".121 →" in console.line("A-ASSOCIATE-RQ")


async def test_a_long_log_says_what_it_dropped(profiles: Path, engine: PlayedEngine) -> None:
    engine.peers["Main PACS"] = replace(GREEN, extra_lines=(LINE,) * 300)
    async with opened(profiles, engine) as console:
        log = console.main.session.state["Main PACS"].log = LogBuffer(max_lines=100)
        await console.press("down", "up")
        await console.run()
        await console.until(lambda: f"oldest {log.dropped} removed" in console.text)
        assert log.dropped


def test_the_buffer_keeps_the_newest_lines_and_counts_the_dropped() -> None:
    buffer = LogBuffer(max_lines=100)
    for number in range(250):
        line = LINE._replace(text=str(number))
        buffer.extend([LogEntry(datetime.now(UTC), line)])
    assert len(buffer.entries) <= 100
    assert buffer.entries[-1].line.text == "249"
    assert buffer.dropped + len(buffer.entries) == 250


def test_the_buffer_keeps_the_last_hundred_thousand_lines_but_for_its_slack() -> None:
    entry = LogEntry(datetime.now(UTC), LINE)
    buffer = LogBuffer()
    for _ in range(25):
        buffer.extend([entry] * 10_000)
    assert 95_000 <= len(buffer.entries) <= MAX_LINES == 100_000
    assert buffer.total == 250_000
    assert buffer.since(249_990) == [entry] * 10
    assert len(buffer.since(0)) == len(buffer.entries)


async def test_a_log_that_is_read_stays_where_it_is_while_the_oldest_lines_go(
    profiles: Path, engine: PlayedEngine
) -> None:
    async with opened(profiles, engine) as console:
        log = LogBuffer(max_lines=200)
        log.extend(
            LogEntry(datetime.now(UTC), LINE._replace(text=f"line {n}.")) for n in range(190)
        )
        console.main.session.state["Main PACS"].log = log
        await console.press("down", "up", "3", "up", "up")
        await console.shows("line 187.")
        before = [index for index, line in enumerate(console.lines) if "line 187." in line]
        log.extend(LogEntry(datetime.now(UTC), LINE._replace(text=f"new {n}.")) for n in range(20))
        console.main.panes.log_view.update()
        await console.shows("oldest 20 removed")
        after = [index for index, line in enumerate(console.lines) if "line 187." in line]
        assert after == before
        assert "new 19." not in console.text
        await console.press("end")
        await console.shows("new 19.")


async def test_a_held_log_counts_what_waits_also_when_lines_are_dropped(
    profiles: Path, engine: PlayedEngine
) -> None:
    async with opened(profiles, engine) as console:
        log = LogBuffer(max_lines=100)
        log.extend([LogEntry(datetime.now(UTC), LINE)] * 90)
        console.main.session.state["Main PACS"].log = log
        await console.press("down", "up", "3", "p")
        log.extend([LogEntry(datetime.now(UTC), LINE)] * 250)
        console.main.panes.log_view.update()
        await console.shows("paused, 250 new lines")
        await console.press("p")
        await console.shows(f"oldest {log.dropped} removed")
        assert console.main.panes.log_view.row_count == len(log.entries)


def test_a_hex_dump_has_offsets_bytes_and_letters() -> None:
    assert list(hex_dump(b"MY_WORKSTATION\0\xff!")) == [
        "0000  4d 59 5f 57 4f 52 4b 53  54 41 54 49 4f 4e 00 ff  MY_WORKSTATION..",
        f"0010  {'21':<23}  {'':<23}  !",
    ]


@pytest.mark.parametrize("signs", Signs)
async def test_the_sign_of_a_folded_line_is_no_part_of_its_time(
    profiles: Path, engine: PlayedEngine, signs: Signs
) -> None:
    async with opened(profiles, engine, SMALL, Terminal(signs, True)) as console:
        await console.run()
        line = console.line("A-RELEASE-RP")
        assert not re.search(r"[+-]\d", line), "that would be a difference to a time"
        await console.press("3", "enter")
        line = console.line("A-RELEASE-RP")
        assert not re.search(r"[+-]\d", line)
