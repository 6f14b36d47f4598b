"""A C-MOVE to this machine and a test image from the services screen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from dcmecho.console.terminal.terminal import Terminal
from dcmecho.console.widgets.lines import Lines
from dcmecho.diagnosis.move.model import MoveRequest
from dcmecho.diagnosis.move.verdict import judge
from dcmecho.diagnosis.network.connection import Address
from dcmecho.diagnosis.survey.survey import SurveyRequest
from dcmecho.profiles.book.settings import Signs
from tests.console.driving import PROFILES, SMALL, WIDE, Console, opened
from tests.console.playback import PlayedEngine
from tests.unit.services.moved import REACHED, WRONG_PORT
from tests.unit.services.surveyed import surveyed

STUDY = "1.2.826.0.1"


@pytest.mark.parametrize("size", [WIDE, SMALL])
async def test_a_study_is_named_and_agreed_to_before_it_is_asked_for(
    profiles: Path, engine: PlayedEngine, size: tuple[int, int]
) -> None:
    engine.survey_result = replace(surveyed(), matrix=None, move=judge(WRONG_PORT))
    async with opened(profiles, engine, size) as console:
        await console.press("s", "m")
        await console.shows("Study UID", "Your address", "enter Continue")
        await console.press(*STUDY, "enter")
        await console.shows("Send a C-MOVE for this study?", "rejected", "The peer logs it")
        assert engine.asked == []
        await console.press("y")
        await console.shows("C-MOVE to this machine")
        (asked,) = engine.asked
        assert asked == SurveyRequest(move=MoveRequest(STUDY, (Address("", 11112),)))
        await console.press("tab", "end")
        await console.shows("change the port of")


async def test_no_means_that_nothing_is_sent(profiles: Path, engine: PlayedEngine) -> None:
    async with opened(profiles, engine) as console:
        await console.press("s", "t", "enter")
        await console.shows("Send a test image to the peer?", "TEST^DCMECHO", "no", "delete")
        await console.press("n")
        await console.shows("t Store")
        assert engine.asked == []


async def test_what_is_wrong_is_said_in_the_form(profiles: Path, engine: PlayedEngine) -> None:
    async with opened(profiles, engine) as console:
        await console.press("s", "m", "enter")
        await console.shows("enter the Study Instance UID of a test study")
        await console.press("0", "1", "enter")
        await console.shows("Study UID: not a UID")
        await console.press("escape")
        await console.shows("m C-MOVE")
        assert engine.asked == []


async def test_the_legs_are_told_in_ascii_too(profiles: Path, engine: PlayedEngine) -> None:
    engine.survey_result = replace(surveyed(), matrix=None, move=judge(REACHED))
    ascii_only = Terminal(Signs.ASCII)
    async with opened(profiles, engine, terminal=ascii_only) as console:
        await console.press("s", "m", *STUDY, "enter")
        await console.shows("Send a C-MOVE for this study?")
        await console.press("y")
        await console.shows("[ok]  Listener", "[ok]  ok: the peer reached you")


async def test_at_80x24_the_words_get_the_room_while_they_are_read(
    profiles: Path, engine: PlayedEngine
) -> None:
    engine.survey_result = replace(surveyed(), move=judge(WRONG_PORT))
    async with opened(profiles, engine, SMALL) as console:
        await console.press("s", "enter")
        await console.shows("▌ Verification", "t Store")
        words = console.app.screen.query_one("#beside")
        before = words.size.height
        await console.press("tab")
        await console.until(lambda: words.size.height > before + 4)
        await console.shows("C-MOVE to this machine", "Return connection")
        await console.press("tab")
        await console.until(lambda: words.size.height == before)


async def move_that_fails(console: Console) -> None:
    await console.press("s", "m", *STUDY, "enter")
    await console.shows("Send a C-MOVE for this study?")
    await console.press("y")
    await console.idle()


@pytest.mark.parametrize("has_matrix", [False, True], ids=["alone", "beside a matrix"])
@pytest.mark.parametrize("size", [SMALL, WIDE, (200, 60)], ids=str)
async def test_the_newest_finding_is_where_the_eye_is(
    profiles: Path, engine: PlayedEngine, size: tuple[int, int], has_matrix: bool
) -> None:
    engine.survey_result = surveyed()
    async with opened(profiles, engine, size) as console:
        if has_matrix:
            await console.press("s", "enter")
            await console.shows("▌ Verification")
            await console.press("down", "escape")
        engine.survey_result = replace(surveyed(), matrix=None, move=judge(WRONG_PORT))
        await move_that_fails(console)
        words = console.app.screen.query_one("#beside", Lines)

        def seen() -> str:
            rows = range(int(words.scroll_offset.y), words.row_count)[: words.size.height]
            return " ".join(" ".join(words.row(each).plain for each in rows).split())

        await console.until(lambda: "failed: the peer reached this machine" in seen())
        assert "proven The peer has another port registered for you" in seen()


async def test_a_failed_c_move_has_no_row_that_says_it_went_well(
    profiles: Path, engine: PlayedEngine
) -> None:
    engine.survey_result = replace(surveyed(), matrix=None, move=judge(WRONG_PORT))
    async with opened(profiles, engine, (200, 60)) as console:
        await move_that_fails(console)
        await console.shows("✘  C-MOVE: answered, status 0xA702")


@pytest.mark.parametrize("size", [SMALL, WIDE, (200, 60)], ids=str)
async def test_the_list_and_the_heading_tell_that_a_service_failed(
    profiles: Path, engine: PlayedEngine, size: tuple[int, int]
) -> None:
    engine.survey_result = replace(surveyed(), matrix=None, move=judge(WRONG_PORT))
    async with opened(profiles, engine, size) as console:
        await console.run()
        await console.shows("1 ok")
        await move_that_fails(console)
        await console.press("escape")
        await console.shows("1 warning", "C-MOVE to this machine: failed. Press s for the reason")
        assert "C-MOVE" in console.line("▌")
        assert "ok" not in console.lines[0]
        profiles.write_text(PROFILES.replace("TARGET_PACS", "OTHER_PACS"))
        await console.shows("was changed elsewhere")
        await console.until(lambda: "Press s for the reason" not in console.text)
        assert "warning" not in console.lines[0]
        assert "C-MOVE" not in console.line("▌")
