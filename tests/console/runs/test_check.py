"""``a``: all shown targets at once; failures on top as they come; esc ends all of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dcmecho.console.runs.groups import FAILING_GROUP
from dcmecho.console.runs.log_buffer import LogBuffer
from dcmecho.console.runs.state.record import Phase
from dcmecho.console.widgets.notice import Notice
from dcmecho.diagnosis.stage import StageId
from tests.console.driving import PROFILES, SMALL, WIDE, Console, opened
from tests.console.playback import PlayedEngine
from tests.console.played_peers import CALLED_UNKNOWN, REFUSED, PlayedPeer

HELD = PlayedPeer(held_at=StageId.ECHO)
LINGERING = PlayedPeer(held_at=StageId.ECHO, lingers=True)


def said(console: Console) -> str:
    return console.main.query_one(Notice).text


def order(console: Console) -> list[str]:
    """The rows of the target list, headings too."""
    rows = console.main.panes.targets
    plain = [rows.row(index).plain for index in range(rows.row_count)]
    return [text.lstrip(" ▌✔✘·…").split("  ")[0] for text in plain]


@pytest.mark.parametrize("size", [WIDE, SMALL])
async def test_all_are_asked_and_the_failing_one_is_on_top(
    profiles: Path, engine: PlayedEngine, size: tuple[int, int]
) -> None:
    engine.peers["Echo cart"] = REFUSED
    async with opened(profiles, engine, size) as console:
        await console.press("a")
        await console.idle()
        assert {run.target.name for run in engine.runs} == {"Main PACS", "CT 2", "Echo cart"}
        assert said(console).endswith("3 targets checked: 1 failing, shown first.")
        assert order(console)[:2] == [FAILING_GROUP, "Echo cart"]
        await console.shows("2 ok", "1 failing")


async def test_the_heading_counts_while_it_runs(profiles: Path, engine: PlayedEngine) -> None:
    engine.peers["Main PACS"] = HELD
    engine.peers["CT 2"] = CALLED_UNKNOWN
    async with opened(profiles, engine, SMALL) as console:
        await console.press("a")
        await console.shows("1 of 3 checked, 1 failing", "esc Cancel")
        assert "waiting" in console.line("Echo cart")
        assert order(console)[:2] == [FAILING_GROUP, "CT 2"]
        engine.go_on()
        await console.idle()
        await console.shows("3 targets checked: 1 failing")
        assert "checked," not in console.lines[0]


async def test_the_cursor_stays_and_the_failures_are_seen(
    profiles: Path, engine: PlayedEngine
) -> None:
    engine.peers["Echo cart"] = REFUSED
    async with opened(profiles, engine) as console:
        await console.press("down", "a")
        await console.idle()
        await console.shows("▌ ✔ CT 2", "✘ Echo cart", FAILING_GROUP)


async def test_failures_of_one_cause_are_together_in_the_order_of_the_file(
    profiles: Path, engine: PlayedEngine
) -> None:
    many = "".join(
        f'[[target]]\nname = "US {number}"\ngroup = "Ward {number}"\nhost = "10.0.0.{number}"\n'
        'port = 104\ncalled_ae = "US"\n'
        for number in range(1, 5)
    )
    profiles.write_text(PROFILES + many)
    for name in ("Echo cart", "US 1", "US 2", "US 4"):
        engine.peers[name] = REFUSED
    engine.peers["CT 2"] = CALLED_UNKNOWN
    async with opened(profiles, engine) as console:
        await console.press("a")
        await console.idle()
        assert order(console)[:7] == [
            FAILING_GROUP,
            "CT 2",
            "Failing, 4 alike: refused",
            "Echo cart",
            "US 1",
            "US 2",
            "US 4",
        ]
        assert "Ward 2" in console.line("✘ US 2")
        assert "Radiology" in console.line("✘ CT 2")


async def test_the_estimate_knows_the_timeouts_that_are_waited_for(
    profiles: Path, engine: PlayedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dcmecho.console.runs.state.record._SLOW_S", 0.0)
    engine.peers["Main PACS"] = HELD
    async with opened(profiles, engine) as console:
        await console.press("a")
        await console.until(lambda: re.search(r"about [23]\d s left", console.lines[0]))
        engine.go_on()
        await console.idle()


async def test_the_list_names_a_proven_cause_and_else_the_stage(
    profiles: Path, engine: PlayedEngine
) -> None:
    engine.peers["Main PACS"], engine.peers["CT 2"] = REFUSED, CALLED_UNKNOWN
    async with opened(profiles, engine) as console:
        await console.press("a")
        await console.idle()
        assert "refused" in console.line("✘ Main PACS")
        assert "AE titles" in console.line("✘ CT 2")


async def test_who_looks_at_a_failure_stays_there(profiles: Path, engine: PlayedEngine) -> None:
    engine.peers["Main PACS"] = engine.peers["CT 2"] = engine.peers["Echo cart"] = REFUSED
    async with opened(profiles, engine) as console:
        await console.press("down", "a")
        await console.idle()
        await console.shows("▌ ✘ CT 2")


async def test_who_went_elsewhere_meanwhile_stays_there(
    profiles: Path, engine: PlayedEngine
) -> None:
    engine.peers["Main PACS"] = HELD
    engine.peers["CT 2"] = REFUSED
    async with opened(profiles, engine) as console:
        await console.press("a")
        await console.shows("1 of 3 checked, 1 failing")
        await console.press("end")
        engine.go_on()
        await console.idle()
        await console.shows("▌ ✔ Echo cart", "3 targets checked: 1 failing")


async def test_esc_ends_all_and_what_was_not_asked_is_as_before(
    profiles: Path, engine: PlayedEngine
) -> None:
    engine.peers["Main PACS"] = engine.peers["CT 2"] = LINGERING
    async with opened(profiles, engine) as console:
        await console.press("a")
        await console.shows("0 of 3 checked", "waiting")
        await console.press("escape")
        await console.until(lambda: "cancelling" in console.lines[0])
        engine.go_on()
        await console.idle()
        assert said(console).endswith("Cancelled: 0 targets checked, none failing, 3 not checked.")
        assert console.main.session.state["Echo cart"].phase is Phase.NOT_RUN
        assert "not checked" in console.line("Echo cart")


async def test_only_what_the_filter_shows(profiles: Path, engine: PlayedEngine) -> None:
    async with opened(profiles, engine) as console:
        await console.press("slash")
        await console.type("CT 2")
        await console.press("enter", "a")
        await console.idle()
        assert [run.target.name for run in engine.runs] == ["CT 2"]


async def test_what_must_not_or_cannot_be_asked_is_left_out_with_words(
    profiles: Path, engine: PlayedEngine
) -> None:
    text = PROFILES.replace('called_ae = "CT2"', 'called_ae = "CT2"\ndo_not_probe = "vendor"')
    profiles.write_text(text.replace("port = 11112", 'port = "x"'))
    async with opened(profiles, engine) as console:
        left_out = "Left out: 1 not to be probed (do_not_probe), 1 with errors in the file."
        await console.press("a")
        assert left_out in said(console)
        await console.idle()
        assert said(console).endswith(f"1 target checked: none failing. {left_out}")
        assert [run.target.name for run in engine.runs] == ["Main PACS"]


async def test_nothing_to_ask(profiles: Path, engine: PlayedEngine) -> None:
    profiles.write_text("")
    async with opened(profiles, engine) as console:
        await console.press("a")
        assert "Press n to add one" in said(console)


async def test_a_round_that_cannot_begin_says_why(profiles: Path, engine: PlayedEngine) -> None:
    def no_thread(_targets: object, _emits: object) -> None:
        raise RuntimeError("can't start new thread")

    engine.diagnose_all = no_thread  # type: ignore[method-assign,assignment]
    async with opened(profiles, engine) as console:
        await console.press("a")
        await console.idle()
        assert "could not start: RuntimeError: can't start new thread" in said(console)
        assert "not checked" in console.line("Main PACS   ")


async def test_a_second_round_keeps_the_logs_short(profiles: Path, engine: PlayedEngine) -> None:
    async with opened(profiles, engine) as console:
        await console.go("a")
        log: LogBuffer = console.main.session.state["Main PACS"].log
        once = len(log.entries)
        await console.go("a")
        assert (len(log.entries), log.dropped) == (once, once)
