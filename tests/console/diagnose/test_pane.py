"""The diagnosis pane: stages to look into, causes to choose from."""

from __future__ import annotations

from pathlib import Path

import pytest

from dcmecho.diagnosis.stage import StageId
from tests.console.driving import PROFILES, SMALL, WIDE, opened
from tests.console.playback import PlayedEngine
from tests.console.played_peers import CALLED_UNKNOWN


async def test_selecting_a_stage_shows_its_evidence_and_jumps_the_log(
    profiles: Path, engine: PlayedEngine
) -> None:
    async with opened(profiles, engine) as console:
        await console.run()
        await console.press("2", "home", "down", "down")
        await console.shows("Seen at stage TCP", "connected to 192.168.1.50:104 from")
        assert "▌" in console.line("connect to 192.168.1.50:104")


async def test_selecting_a_cause_shows_what_to_do_about_it(
    profiles: Path, engine: PlayedEngine
) -> None:
    engine.peers["Main PACS"] = CALLED_UNKNOWN
    async with opened(profiles, engine) as console:
        await console.run()
        report = console.main.session.state["Main PACS"].report
        assert report is not None
        first, second = report.causes[:2]
        assert first.actions[0][:40] in console.text
        await console.press("2", "down", "down")
        assert "▌" in console.line(second.title)
        assert second.actions[0][:40] in console.text
        assert first.actions[0][:40] not in console.text


async def test_enter_in_the_diagnosis_runs_again(profiles: Path, engine: PlayedEngine) -> None:
    async with opened(profiles, engine) as console:
        await console.run()
        await console.press("2", "enter")
        await console.until(lambda: len(engine.runs) == 2)


async def test_on_a_small_screen_the_end_of_a_run_shows_verdict_causes_and_first_action(
    profiles: Path, engine: PlayedEngine
) -> None:
    engine.peers["Main PACS"] = CALLED_UNKNOWN
    async with opened(profiles, engine, SMALL) as console:
        await console.press("2")
        await console.run()
        report = console.main.session.state["Main PACS"].report
        assert report is not None
        await console.shows("rejected 1/1/7", *(cause.title for cause in report.causes))
        await console.shows("What to do next", report.causes[0].actions[0][:40])


async def test_a_target_that_was_edited_after_its_run_says_so(
    profiles: Path, engine: PlayedEngine
) -> None:
    async with opened(profiles, engine) as console:
        await console.run()
        await console.press("E")
        await console.shows("Called AE title")
        await console.press("tab", "tab", "tab", "tab", "right", "2", "enter")
        await console.shows("has been edited since", "TARGET_PACS2 @")


async def test_a_small_screen_says_too_that_a_success_was_about_other_values(
    profiles: Path, engine: PlayedEngine
) -> None:
    async with opened(profiles, engine, SMALL) as console:
        await console.run()
        await console.press("e", "tab", "2", "enter")
        await console.shows("Saved Main PACS")
        await console.shows("has been edited since", "C-ECHO-RSP 0x0000, success")


async def test_a_target_not_run_yet_shows_its_notes(profiles: Path, engine: PlayedEngine) -> None:
    async with opened(profiles, engine) as console:
        await console.shows(
            "Not checked yet. Press enter to check this target.", "ticket number needed"
        )


async def test_a_small_screen_says_what_to_do_with_a_target_that_was_not_checked(
    profiles: Path, engine: PlayedEngine
) -> None:
    with_tls = PROFILES.replace(
        'called_ae = "TARGET_PACS"', 'called_ae = "TARGET_PACS"\ntls = {}\ndo_not_probe = "in use"'
    )
    profiles.write_text(with_tls, encoding="utf-8")
    async with opened(profiles, engine, SMALL) as console:
        await console.shows("Press enter to check this target.", "Do not probe: in use")


@pytest.mark.parametrize("size", [SMALL, WIDE, (200, 60)], ids=str)
async def test_a_warning_about_a_stage_is_told_in_whole(
    profiles: Path, engine: PlayedEngine, size: tuple[int, int]
) -> None:
    profiles.write_text(PROFILES.replace('"TARGET_PACS"', '"TARGET_PACS "'))
    async with opened(profiles, engine, size) as console:
        await console.run()
        warning = console.main.session.state["Main PACS"].ladder[StageId.PROFILE].summary
        await console.shows("▲ Values")
        pane = console.main.panes.diagnosis
        rows = [pane.row(index).plain for index in range(pane.row_count)]
        stage = next(index for index, row in enumerate(rows) if "Values" in row)
        told = " ".join(" ".join(rows[stage : stage + 5]).split())
        assert warning in told
        assert rows[stage + 1].strip() in console.text
        await console.shows("C-ECHO-RSP 0x0000, success")
