"""Starting, watching, cancelling a diagnosis; results that stay."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from dcmecho.console.runs.state.record import Phase
from dcmecho.diagnosis.stage import StageId
from dcmecho.diagnosis.verdict import VerdictStatus
from tests.console.driving import opened
from tests.console.playback import PlayedEngine
from tests.console.played_peers import CALLED_UNKNOWN, GREEN, REFUSED, PlayedPeer

HELD = PlayedPeer(held_at=StageId.ASSOCIATE)


async def test_enter_diagnoses_and_a_green_echo_says_what_it_does_not_prove(
    profiles: Path, engine: PlayedEngine
) -> None:
    async with opened(profiles, engine) as console:
        assert "not checked" in console.line("Main PACS   ")
        await console.press("enter")
        await console.shows("C-ECHO-RSP 0x0000", "Proven", "Not proven", "1 ok")
        assert "press x)" in console.text
        assert "--experiments" not in console.text
        assert "✔" in console.line("Main PACS   ")
        assert "A-RELEASE-RP" in console.text


async def test_a_rejection_shows_causes_who_acts_and_what_to_do(
    profiles: Path, engine: PlayedEngine
) -> None:
    engine.peers["Main PACS"] = CALLED_UNKNOWN
    async with opened(profiles, engine) as console:
        await console.run()
        await console.shows("rejected 1/1/7", "Possible causes", "Who acts", "What to do next")
        await console.shows("not reached: Verification, C-ECHO, Release", "1 failing")
        assert "AE titles" in console.line("▌ ✘ Main PACS")


async def test_a_run_shows_that_it_runs_and_esc_says_at_once_that_it_is_being_cancelled(
    profiles: Path, engine: PlayedEngine
) -> None:
    engine.peers["Main PACS"] = replace(HELD, lingers=True)
    async with opened(profiles, engine) as console:
        await console.press("enter")
        await console.shows("Running for", "esc Cancel", "1 running")
        await console.until(lambda: "running" in console.line("Association "))
        await console.press("escape")
        assert "Cancelling" in console.text
        assert "cancelling" in console.line("Main PACS   ")
        engine.go_on()


async def test_esc_ends_the_run_with_a_report(profiles: Path, engine: PlayedEngine) -> None:
    engine.peers["Main PACS"] = HELD
    async with opened(profiles, engine) as console:
        await console.press("enter")
        await console.shows("esc Cancel")
        await console.press("escape")
        await console.until(lambda: not console.main.session.bridge.busy)
        report = console.main.session.state["Main PACS"].report
        assert report is not None
        assert report.verdict.status is VerdictStatus.CANCELLED
        await console.until(lambda: "cancelled" in console.line("Main PACS   "))
        assert "esc Cancel" not in console.text


async def test_elapsed_time_counts_while_a_run_waits(profiles: Path, engine: PlayedEngine) -> None:
    engine.peers["Main PACS"] = HELD
    async with opened(profiles, engine) as console:
        await console.press("enter")
        await console.shows("Running for")
        first = console.line("Running for")
        await console.until(lambda: console.line("Running for") != first)


async def test_results_and_log_survive_moving_between_targets(
    profiles: Path, engine: PlayedEngine
) -> None:
    engine.peers["Main PACS"] = CALLED_UNKNOWN
    async with opened(profiles, engine) as console:
        await console.run()
        await console.press("down")
        await console.until(lambda: "CT2 @ 192.168.1.61" in console.text)
        assert "rejected 1/1/7" not in console.text
        assert "nothing yet" in console.text
        await console.press("up")
        await console.shows("rejected 1/1/7", "A-ASSOCIATE-RJ")


async def test_a_run_goes_on_while_one_looks_at_another_target(
    profiles: Path, engine: PlayedEngine
) -> None:
    engine.peers |= {"Main PACS": HELD, "CT 2": REFUSED}
    async with opened(profiles, engine) as console:
        await console.press("enter", "down", "enter")
        await console.shows("connection refused")
        assert console.main.session.state["Main PACS"].running
        engine.go_on()
        await console.until(lambda: "✔" in console.line("Main PACS   "))
        assert "connection refused" in console.text


async def test_a_second_run_keeps_the_log_of_the_first(
    profiles: Path, engine: PlayedEngine
) -> None:
    engine.peers["Main PACS"] = CALLED_UNKNOWN
    async with opened(profiles, engine) as console:
        await console.run()
        engine.peers["Main PACS"] = GREEN
        await console.run()
        await console.press("3", "z")
        await console.shows("A-ASSOCIATE-RJ", "A-ASSOCIATE-AC")


async def test_enter_on_a_running_target_starts_no_second_run(
    profiles: Path, engine: PlayedEngine
) -> None:
    engine.peers["Main PACS"] = HELD
    async with opened(profiles, engine) as console:
        await console.press("enter")
        await console.shows("esc Cancel")
        await console.press("enter")
        await console.shows("is being checked. Press esc to cancel")
        assert len(engine.runs) == 1


async def test_quitting_cancels_what_runs(profiles: Path, engine: PlayedEngine) -> None:
    engine.peers["Main PACS"] = HELD
    async with opened(profiles, engine) as console:
        await console.press("enter")
        await console.shows("esc Cancel")
        await console.press("q")
        assert engine.runs[0].link.cancelled
        assert not engine.runs[0].thread.is_alive()


async def test_a_run_that_cannot_begin_says_why(profiles: Path, engine: PlayedEngine) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("no threads left")

    engine.diagnose = broken  # type: ignore[method-assign, assignment]
    async with opened(profiles, engine) as console:
        await console.press("enter")
        await console.shows("could not start", "no threads left")
        assert console.main.session.state["Main PACS"].phase is Phase.NOT_RUN
