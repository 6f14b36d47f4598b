"""Experiments from the diagnosis pane: announced, made on a key, and told in every place."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from dcmecho.console.command import Need
from dcmecho.diagnosis.experiments.plans import ExperimentId
from dcmecho.diagnosis.network.association import Rejection
from tests.console.driving import PROFILES, SMALL, WIDE, opened
from tests.console.playback import PlayedEngine
from tests.console.played_peers import CALLED_UNKNOWN, REFUSED, PlayedPeer

CASE = replace(CALLED_UNKNOWN, called=("target_pacs",))
KNOWN_CALLER = replace(CALLED_UNKNOWN, callers=("MY_WORKSTATION",))


async def test_it_is_announced_with_what_it_sends_and_leaves_behind(
    profiles: Path, engine: PlayedEngine
) -> None:
    engine.peers["Main PACS"] = CALLED_UNKNOWN
    async with opened(profiles, engine) as console:
        assert "x Experiment" not in console.lines[-1]
        await console.run()
        await console.shows("Next: x  sends the called title written as target_pacs")
        await console.shows("1 association, up to 4 more if the", "x Experiment")
        assert not engine.experiments


async def test_x_makes_it_and_pane_report_and_log_tell_what_came(
    profiles: Path, engine: PlayedEngine
) -> None:
    engine.peers["Main PACS"] = CASE
    async with opened(profiles, engine) as console:
        await console.run()
        await console.press("2")
        await console.go("x")
        assert [each.id for each in engine.experiments] == [
            ExperimentId.VARIANT_CASE,
            ExperimentId.CONTROL_REPEAT,
            ExperimentId.VARIANT_CASE,
            ExperimentId.CONTROL_REPEAT,
            ExperimentId.CONTROL_REPEAT,
        ]
        await console.shows("proven    An AE title differs in upper or lower case")
        await console.press("end")
        await console.shows("again, the called title written as target_pacs: C-ECHO answered")
        assert "Next: x" not in console.text, "nothing is left to split"
        await console.press("3", "z", "slash")
        await console.type("experiment variant")
        await console.shows("experiment variant.case: the called title written as target_pacs")
        await console.shows("accepted with this spelling")
        await console.press("escape", "R", "end")
        await console.shows("Experiments", "variant.case")


@pytest.mark.parametrize("size", [SMALL, WIDE, (200, 60)], ids=str)
async def test_the_first_screen_says_what_the_experiments_have_shown(
    profiles: Path, engine: PlayedEngine, size: tuple[int, int]
) -> None:
    def said() -> str:
        return " ".join(console.text.replace("│", " ").split())

    engine.peers["Main PACS"] = CALLED_UNKNOWN
    async with opened(profiles, engine, size=size) as console:
        await console.run()
        await console.press("2")
        await console.go("x")
        while console.main.panes.meets(Need.EXPERIMENT):
            await console.go("x")
        record = console.main.session.state["Main PACS"]
        assert record.investigation
        run = len(record.investigation.attempts) - 1
        assert f"{run} experiments run." in said()
        assert "No cause was ruled out. Still possible: the 4 above." in said()
        assert "No further experiment is likely to narrow it down." in said()


async def test_the_list_tells_what_the_experiment_proved(
    profiles: Path, engine: PlayedEngine
) -> None:
    engine.peers["Main PACS"] = CASE
    async with opened(profiles, engine) as console:
        await console.run()
        await console.go("x")
        assert "capitals" in console.line("Main PACS   ")
        await console.shows("rejected 1/1/7", "1 failing")


async def test_after_a_green_run_it_tells_whether_titles_are_looked_at(
    profiles: Path, engine: PlayedEngine
) -> None:
    engine.peers["Main PACS"] = KNOWN_CALLER
    async with opened(profiles, engine) as console:
        await console.run()
        await console.shows("C-ECHO-RSP 0x0000")
        await console.press("x")
        await console.shows("Next: x  sends a made-up calling title, NOSUCH4F1C")
        assert not engine.experiments, "what is not seen is first shown"
        await console.go("x")
        report = console.main.session.state["Main PACS"].report
        assert report is not None
        checked = (
            "the peer checks the calling AE title: it accepts this one and rejects a made-up one"
        )
        assert checked in report.proven


async def test_what_is_not_seen_is_shown_before_it_is_made(
    profiles: Path, engine: PlayedEngine
) -> None:
    engine.peers["Main PACS"] = CALLED_UNKNOWN
    async with opened(profiles, engine, SMALL) as console:
        await console.run()
        await console.press("2", "home", "1")
        if "Next: x" in console.text:
            await console.press("3")
        assert "Next: x" not in console.text
        await console.press("x")
        await console.shows("Next: x")
        assert not engine.experiments
        assert console.main.panes.diagnosis.has_focus
        await console.go("x")
        assert len(engine.experiments) == 1


async def test_it_shows_that_it_waits_and_esc_ends_it(profiles: Path, engine: PlayedEngine) -> None:
    engine.peers["Main PACS"] = CALLED_UNKNOWN
    engine.pausing = True
    async with opened(profiles, engine) as console:
        await console.run()
        await console.press("x")
        await console.shows("Running", "waiting first", "esc Cancel", "1 running")
        assert "Possible causes" in console.text, "what was found stays"
        await console.go("escape")
        await console.shows("Next: x  sends the called title written as", "1 failing")


async def test_nothing_is_asked_about_values_that_the_target_no_longer_has(
    profiles: Path, engine: PlayedEngine
) -> None:
    engine.peers["Main PACS"] = CALLED_UNKNOWN
    async with opened(profiles, engine) as console:
        await console.run()
        await console.press("E")
        await console.shows("Called AE title")
        await console.press("tab", "tab", "tab", "tab", "2", "enter")
        await console.shows("has been edited since")
        assert "Next: x" not in console.text
        await console.press("x")
        assert not engine.experiments


async def test_a_refusal_stands_in_its_place(profiles: Path, engine: PlayedEngine) -> None:
    profiles.write_text(
        PROFILES.replace('"TARGET_PACS"', '"TARGET_PACS"\nno_experiments = "clinical hours"'),
        encoding="utf-8",
    )
    engine.peers["Main PACS"] = CALLED_UNKNOWN
    async with opened(profiles, engine) as console:
        await console.run()
        await console.shows("Next  experiments are off: clinical hours")
        assert "x Experiment" not in console.lines[-1]


async def test_a_proven_cause_needs_none(profiles: Path, engine: PlayedEngine) -> None:
    engine.peers["Main PACS"] = PlayedPeer(rejection=Rejection(1, 2, 2, "no version", "permanent"))
    async with opened(profiles, engine) as console:
        await console.run()
        await console.shows("proven")
        assert "Next: x" not in console.text


async def test_a_port_that_refuses_can_be_asked_again(profiles: Path, engine: PlayedEngine) -> None:
    """Some servers close it while they are busy (odil)."""
    engine.peers["Main PACS"] = REFUSED
    async with opened(profiles, engine) as console:
        await console.run()
        await console.shows("proven", "Next: x", "the same request again after 5 s")


async def test_what_the_guide_has_found_stands_in_the_pane_and_the_other_way_round(
    profiles: Path, engine: PlayedEngine
) -> None:
    engine.peers["Main PACS"] = replace(CALLED_UNKNOWN, callers=("my_workstation",))
    async with opened(profiles, engine) as console:
        await console.run()
        await console.go("x", "g")
        await console.shows("Tried", "Change upper and lower case in an AE title")
        await console.go("enter", "escape")
        await console.shows("proven    An AE title differs in upper or lower case")


async def test_y_copies_the_report_and_saves_it(profiles: Path, engine: PlayedEngine) -> None:
    async with opened(profiles, engine) as console:
        await console.press("y")
        assert console.app.clipboard == ""
        await console.run()
        await console.press("y")
        await console.shows("Saved ", "copied it, if the terminal allows that")
        await console.press("R", "y")
        await console.shows("Report of Main PACS", "Saved ")
        one, other = profiles.parent.glob("dcmecho-report-*.txt")
        assert one.read_text(encoding="utf-8") == other.read_text(encoding="utf-8")
        assert "MY_WORKSTATION -> TARGET_PACS" in console.app.clipboard
