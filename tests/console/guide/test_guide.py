"""The guided walk: from a failed run, one step a screen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from dcmecho.console.terminal.terminal import TRUE_COLOUR, Terminal
from dcmecho.diagnosis.experiments.plans import ExperimentId
from dcmecho.diagnosis.stage import StageId
from dcmecho.profiles.book.settings import Signs
from tests.console.driving import PROFILES, SMALL, WIDE, opened
from tests.console.playback import PlayedEngine
from tests.console.played_peers import CALLED_UNKNOWN, CONGESTED, GREEN, REFUSED

CASE = replace(CALLED_UNKNOWN, called=("target_pacs",))
CALLING = replace(CALLED_UNKNOWN, callers=("OTHER_WS", "THIRD_WS"))
MORE_TITLES = PROFILES.replace(
    'called_ae = "CT2"', 'called_ae = "CT2"\ncalling_ae = "OTHER_WS"'
).replace('called_ae = "ECHOCART"', 'called_ae = "ECHOCART"\ncalling_ae = "THIRD_WS"')
FIRST_STEP = "Change upper and lower case in an AE title"
ONE_TITLE_MORE = MORE_TITLES.replace('calling_ae = "THIRD_WS"', "")


async def test_a_failed_run_leads_straight_to_the_first_step(
    profiles: Path, engine: PlayedEngine
) -> None:
    engine.peers["Main PACS"] = CALLED_UNKNOWN
    async with opened(profiles, engine) as console:
        await console.run()
        await console.press("g")
        await console.shows("Guide  Main PACS", FIRST_STEP)
        await console.shows("rejected 1/1/7", "Still possible", "likely")
        assert not engine.experiments, "nothing is asked before the person says so"


async def test_without_a_run_it_first_asks_what_is_wrong_and_runs(
    profiles: Path, engine: PlayedEngine
) -> None:
    engine.peers["Main PACS"] = CALLED_UNKNOWN
    async with opened(profiles, engine) as console:
        await console.press("g")
        await console.shows("What is wrong?", "Images do not arrive", "It worked yesterday")
        await console.go("enter")
        await console.shows(FIRST_STEP)
        assert len(engine.runs) == 1


class TestExperiments:
    async def test_a_proposal_says_what_it_sends_what_it_shows_and_that_it_may_be_logged(
        self, profiles: Path, engine: PlayedEngine
    ) -> None:
        engine.peers["Main PACS"] = CALLED_UNKNOWN
        async with opened(profiles, engine) as console:
            await console.run()
            await console.press("g")
            await console.shows("shows ", "whether the called title differs in case")
            assert "likely, as a rejected association" in console.line("log entry ")
            await console.shows("At most 9 associations can follow")
            assert console.choices == [
                "> Send the called title written as target_pacs",
                "  Send the calling title written as my_workstation",
                "  Send this and all that follow, at most 9 associations",
                "  The called AE title is wrong: correct it",
                "  Skip  s",
            ]

    async def test_it_first_asks_what_one_can_see_and_lets_one_correct_it(
        self, profiles: Path, engine: PlayedEngine
    ) -> None:
        engine.peers["Main PACS"] = CALLED_UNKNOWN
        async with opened(profiles, engine) as console:
            await console.run()
            await console.press("g")
            await console.shows("First look yourself: is TARGET_PACS exactly the called AE")
            await console.press("down", "down", "down", "enter")
            await console.shows("Is the called AE title correct?")
            assert not engine.experiments

    async def test_all_the_rest_is_sent_in_one_go(
        self, profiles: Path, engine: PlayedEngine
    ) -> None:
        engine.peers["Main PACS"] = CALLED_UNKNOWN
        async with opened(profiles, engine) as console:
            await console.run()
            await console.press("g", "down", "down", "enter")
            await console.until(lambda: "Send this" not in console.text)
            await console.shows("Is the called AE title correct?")
            assert 3 <= len(engine.experiments) <= 9

    async def test_esc_ends_what_runs_in_one_go(self, profiles: Path, engine: PlayedEngine) -> None:
        engine.peers["Main PACS"] = CALLED_UNKNOWN
        engine.pausing = True
        async with opened(profiles, engine) as console:
            await console.run()
            await console.press("g", "down", "down", "enter")
            await console.shows("waiting first, to spare the peer")
            await console.press("escape")
            await console.idle()
            await console.shows("Send the called title")
            assert len(engine.experiments) == 1

    @pytest.mark.parametrize(
        ("terminal", "sign"),
        [(TRUE_COLOUR, "×  "), (Terminal(Signs.ASCII, True), "[no]  ")],
        ids=["UTF-8", "LANG=C"],
    )
    async def test_what_it_rules_out_is_struck_out_with_the_reason(
        self, profiles: Path, engine: PlayedEngine, terminal: Terminal, sign: str
    ) -> None:
        profiles.write_text(ONE_TITLE_MORE, encoding="utf-8")
        engine.peers["Main PACS"] = CALLING
        async with opened(profiles, engine, terminal=terminal) as console:
            await console.run()
            await console.press("g", "s")
            assert "Ruled out" not in console.text
            await console.go("enter")
            await console.shows("Ruled out")
            assert "The peer does not know called AE" in console.line(f"{sign}The")
            await console.shows("your other title is accepted")
            if terminal.signs is Signs.ASCII:
                assert console.text.isascii()

    async def test_one_can_do_without_it(self, profiles: Path, engine: PlayedEngine) -> None:
        engine.peers["Main PACS"] = CALLED_UNKNOWN
        async with opened(profiles, engine) as console:
            await console.run()
            await console.press("g", "s")
            await console.shows("Find out which software answers")
            assert not engine.experiments
            await console.press("b")
            await console.shows(FIRST_STEP)

    async def test_the_operator_chooses_among_his_own_titles(
        self, profiles: Path, engine: PlayedEngine
    ) -> None:
        profiles.write_text(MORE_TITLES, encoding="utf-8")
        engine.peers["Main PACS"] = CALLING
        async with opened(profiles, engine) as console:
            await console.run()
            await console.press("g", "s")
            await console.shows("Use another calling AE title of yours")
            assert console.choices == [
                "> Send another calling title, OTHER_WS",
                "  Send another calling title, THIRD_WS",
                "  Send this and all that follow, at most 5 associations",
                "  The called AE title is wrong: correct it",
                "  Skip  s",
            ]
            await console.go("down", "enter")
            (made,) = engine.experiments
            assert made.id is ExperimentId.OWN_CALLING
            assert made.target.calling_ae == "THIRD_WS"

    async def test_it_shows_that_it_waits_and_esc_ends_it_without_counting_it(
        self, profiles: Path, engine: PlayedEngine
    ) -> None:
        engine.peers["Main PACS"] = CALLED_UNKNOWN
        engine.pausing = True
        async with opened(profiles, engine) as console:
            await console.run()
            await console.press("g", "enter")
            await console.shows("waiting first, to spare the peer", "Press esc to cancel")
            first = console.line("waiting first")
            await console.until(lambda: console.line("waiting first") != first)
            await console.press("enter")
            assert not engine.runs[1].link.cancelled, "an enter too many changes nothing"
            await console.press("escape")
            await console.idle()
            await console.shows(FIRST_STEP, "Send the called title")
            report = console.main.session.state["Main PACS"].report
            assert report is not None
            assert report.experiments == ()

    async def test_what_worked_a_little_later_is_run_again(
        self, profiles: Path, engine: PlayedEngine
    ) -> None:
        engine.peers["Main PACS"] = CONGESTED
        async with opened(profiles, engine) as console:
            await console.run()
            await console.press("g")
            await console.shows("Repeat the request a little later")
            engine.peers["Main PACS"] = GREEN
            await console.go("enter")
            await console.shows("It worked a little later")
            await console.go("enter")
            await console.shows("C-ECHO works")


class TestEdits:
    async def test_what_works_is_offered_applied_and_run_again(
        self, profiles: Path, engine: PlayedEngine
    ) -> None:
        engine.peers["Main PACS"] = CASE
        async with opened(profiles, engine) as console:
            await console.run()
            await console.go("g", "enter")
            await console.shows("use target_pacs instead of TARGET_PACS")
            assert console.choices[0] == "> Apply it and check again"
            await console.go("enter")
            await console.shows("Fixed", "Called AE title: target_pacs (was TARGET_PACS)")
            text = profiles.read_text(encoding="utf-8")
            assert 'called_ae = "target_pacs"' in text
            assert "# The archive of the house. This comment stays." in text
            await console.press("escape")
            await console.shows("-> target_pacs @", "1 ok")

    async def test_one_can_leave_it_as_it_is(self, profiles: Path, engine: PlayedEngine) -> None:
        engine.peers["Main PACS"] = CASE
        before = profiles.read_bytes()
        async with opened(profiles, engine) as console:
            await console.run()
            await console.go("g", "enter", "s")
            assert "This would work" not in console.text
            assert profiles.read_bytes() == before
            await console.press("down", "b")
            await console.shows("This would work")

    async def test_u_takes_an_edit_back_byte_by_byte_and_runs_on_request(
        self, profiles: Path, engine: PlayedEngine
    ) -> None:
        engine.peers["Main PACS"] = CASE
        before = profiles.read_bytes()
        async with opened(profiles, engine) as console:
            await console.run()
            await console.go("g", "enter", "enter")
            await console.shows("Fixed", "u Undo")
            runs = len(engine.runs)
            await console.go("u")
            await console.shows("The file is as it was", "Check the target")
            assert profiles.read_bytes() == before
            assert len(engine.runs) == runs
            assert "u Undo" not in console.text
            await console.go("enter")
            await console.shows("rejected 1/1/7", FIRST_STEP)

    async def test_an_inherited_value_is_inherited_again_after_undo(
        self, profiles: Path, engine: PlayedEngine
    ) -> None:
        profiles.write_text(ONE_TITLE_MORE, encoding="utf-8")
        engine.peers["Main PACS"] = CALLING
        async with opened(profiles, engine) as console:
            await console.run()
            await console.go("g", "s", "enter")
            await console.shows("use OTHER_WS instead of MY_WORKSTATION")
            await console.go("enter")
            await console.shows("Fixed", "Calling AE title: OTHER_WS (was inherited)")
            await console.go("u")
            assert profiles.read_text(encoding="utf-8") == ONE_TITLE_MORE

    async def test_a_file_that_cannot_be_written_says_so_and_the_walk_stays(
        self, profiles: Path, engine: PlayedEngine
    ) -> None:
        engine.peers["Main PACS"] = CASE
        async with opened(profiles, engine) as console:
            await console.run()
            await console.go("g", "enter")
            profiles.write_text('[[target]]\nname = "Another"\n', encoding="utf-8")
            await console.go("enter")
            await console.shows("Not written.", "This would work")

    async def test_a_target_that_somebody_broke_meanwhile_ends_the_guide(
        self, profiles: Path, engine: PlayedEngine
    ) -> None:
        engine.peers["Main PACS"] = CASE
        async with opened(profiles, engine) as console:
            await console.run()
            await console.go("g", "enter")
            text = profiles.read_text(encoding="utf-8")
            profiles.write_text(text.replace("port = 104", 'port = "104"', 1), encoding="utf-8")
            await console.go("enter")
            await console.shows("Targets", "This target has errors", "must be a number")


class TestQuestions:
    async def test_a_value_is_judged_while_it_is_typed_saved_and_run(
        self, profiles: Path, engine: PlayedEngine
    ) -> None:
        engine.peers["Main PACS"] = replace(CALLED_UNKNOWN, called=("PACS2",))
        async with opened(profiles, engine) as console:
            await console.run()
            await console.press("g")
            await console.skip_all()
            await console.shows("Is the called AE title correct?", "including case")
            await console.type("PACS_WITH_A_LONG_NAME")
            await console.shows("failed: 21 bytes is too long")
            await console.press("enter")
            await console.shows("Called AE title: 21 bytes is too long")
            assert "PACS_WITH" not in profiles.read_text(encoding="utf-8")
            await console.press("ctrl+u")
            await console.type("PACS2")
            await console.go("enter")
            await console.shows("Fixed", "Called AE title: PACS2 (was TARGET_PACS)")
            assert 'called_ae = "PACS2"' in profiles.read_text(encoding="utf-8")

    async def test_a_number_stays_a_number(self, profiles: Path, engine: PlayedEngine) -> None:
        engine.peers["Main PACS"] = REFUSED
        async with opened(profiles, engine) as console:
            await console.run()
            await console.press("g")
            await console.shows("Is the port correct?")
            await console.type("11x")
            await console.shows("must be a whole number")
            await console.press("backspace")
            await console.type("112")
            await console.go("enter")
            assert "port = 11112\n" in profiles.read_text(encoding="utf-8")
            assert engine.runs[-1].target.port == 11112

    async def test_letters_are_typed_and_the_footer_says_so(
        self, profiles: Path, engine: PlayedEngine
    ) -> None:
        engine.peers["Main PACS"] = REFUSED
        async with opened(profiles, engine) as console:
            await console.run()
            await console.press("g", "y", "q")
            await console.shows("enter Answer", "↓ Other answers", "f1 Help", "yq")
            await console.press("down")
            await console.shows("y Copy", "? Help")

    async def test_nothing_and_the_same_value_are_no_answers(
        self, profiles: Path, engine: PlayedEngine
    ) -> None:
        engine.peers["Main PACS"] = REFUSED
        async with opened(profiles, engine) as console:
            await console.run()
            await console.press("g", "enter")
            await console.shows("You typed nothing")
            await console.type("104")
            await console.press("enter")
            await console.shows("The file has that value already")
            assert len(engine.runs) == 1

    async def test_what_is_right_already_is_struck_out_by_the_person(
        self, profiles: Path, engine: PlayedEngine
    ) -> None:
        engine.peers["Main PACS"] = CALLED_UNKNOWN
        async with opened(profiles, engine) as console:
            await console.run()
            await console.press("g")
            await console.skip_all()
            await console.press("down")
            assert console.choices[0] == "> It is correct: TARGET_PACS"
            await console.press("enter")
            await console.shows("Ruled out", "confirmed TARGET_PACS")

    async def test_keys_typed_ahead_of_a_slow_line_meet_what_they_were_meant_for(
        self, profiles: Path, engine: PlayedEngine
    ) -> None:
        engine.peers["Main PACS"] = REFUSED
        async with opened(profiles, engine) as console:
            await console.run()
            await console.press("g")
            await console.shows("Is the port correct?")
            screen = console.app.screen
            for action in ("action_down", "action_down", "action_choose"):
                getattr(screen, action)()
            await console.shows("Next: the peer's administrator")


class TestResuming:
    async def test_leaving_and_coming_back_resumes_the_walk(
        self, profiles: Path, engine: PlayedEngine
    ) -> None:
        engine.peers["Main PACS"] = CALLED_UNKNOWN
        async with opened(profiles, engine) as console:
            await console.run()
            await console.press("g")
            await console.skip_all()
            await console.shows("Is the called AE title correct?")
            await console.press("escape", "down", "g")
            await console.shows("Guide  CT 2", "What is wrong?")
            await console.press("escape", "up", "g")
            await console.shows("Guide  Main PACS", "Is the called AE title correct?")

    async def test_another_run_begins_another_walk(
        self, profiles: Path, engine: PlayedEngine
    ) -> None:
        engine.peers["Main PACS"] = CALLED_UNKNOWN
        async with opened(profiles, engine) as console:
            await console.run()
            await console.press("g", "s", "escape")
            await console.run()
            await console.press("g")
            await console.shows(FIRST_STEP)

    async def test_an_edit_elsewhere_ends_the_walk(
        self, profiles: Path, engine: PlayedEngine
    ) -> None:
        engine.peers["Main PACS"] = CALLED_UNKNOWN
        async with opened(profiles, engine) as console:
            await console.run()
            await console.press("g", "s", "escape", "E")
            await console.shows("Called AE title")
            await console.press("tab", "tab", "tab", "tab", "2", "enter")
            await console.shows("Saved Main PACS")
            await console.press("g")
            await console.shows("What is wrong?", "Nothing is known yet")

    async def test_a_run_that_goes_on_is_followed(
        self, profiles: Path, engine: PlayedEngine
    ) -> None:
        engine.peers["Main PACS"] = CALLED_UNKNOWN
        async with opened(profiles, engine) as console:
            await console.press("r", "g")
            await console.idle()
            await console.shows(FIRST_STEP)

    async def test_a_cancelled_run_tells_nothing(
        self, profiles: Path, engine: PlayedEngine
    ) -> None:
        engine.peers["Main PACS"] = replace(GREEN, held_at=StageId.ASSOCIATE)
        async with opened(profiles, engine) as console:
            await console.press("g", "enter")
            await console.shows("Checking", "… Association")
            await console.go("escape")
            await console.shows("Check the target", "Nothing is known yet")


@pytest.mark.parametrize("size", [WIDE, SMALL], ids=["120x36", "80x24"])
async def test_every_choice_stands_on_the_screen(
    profiles: Path, engine: PlayedEngine, size: tuple[int, int]
) -> None:
    profiles.write_text(MORE_TITLES, encoding="utf-8")
    engine.peers["Main PACS"] = CALLED_UNKNOWN
    async with opened(profiles, engine, size) as console:
        await console.press("g")
        for key in ("enter", "s", "s", "s", "s", "s", "down", "down", "enter"):
            assert all(choice[2:] in console.text for choice in console.choices)
            await console.go(key)
        await console.shows("Next: the peer's administrator")
        assert all(choice[2:] in console.text for choice in console.choices)


async def test_the_footer_offers_only_what_can_be_done_now(
    profiles: Path, engine: PlayedEngine
) -> None:
    engine.peers["Main PACS"] = CALLED_UNKNOWN
    async with opened(profiles, engine) as console:
        await console.press("g")
        assert "Skip" not in console.lines[-1]
        await console.go("enter")
        for text in ("enter Choose", "s Skip", "y Copy", "? Help", "esc Back"):
            assert text in console.lines[-1]
        assert "Undo" not in console.lines[-1]


async def test_the_guide_has_its_help(profiles: Path, engine: PlayedEngine) -> None:
    async with opened(profiles, engine) as console:
        await console.press("g", "question_mark")
        await console.shows("Keys in Guide", "Undo the last change", "ruled out")
