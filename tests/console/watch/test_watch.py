"""The watch: it goes on while one is elsewhere, says what changed, and is quiet between samples."""

from __future__ import annotations

from pathlib import Path

import pytest

from dcmecho.console.symbols import ASCII, UNICODE, Mark
from dcmecho.console.terminal.terminal import Terminal
from dcmecho.console.watch.rows import number
from dcmecho.console.watch.screen import WatchScreen
from dcmecho.diagnosis.stage import StageId
from dcmecho.profiles.book.settings import Signs
from tests.console.driving import SMALL, WIDE, Console, opened
from tests.console.playback import PlayedEngine
from tests.console.played_peers import CONGESTED, GREEN, REFUSED, PlayedPeer
from tests.unit.watch.clocks import QuickClocks

MORE = """
[[target]]
name = "Forbidden"
host = "192.168.1.90"
port = 104
called_ae = "NO"
do_not_probe = "its vendor forbids it"

[[target]]
name = "Broken"
host = "192.168.1.91"
port = "x"
called_ae = "NO"

[[target]]
name = "Odd [/red] name"
host = "192.168.1.92"
port = 104
called_ae = "ODD"
"""


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """30 s pass in 0.15 s."""
    monkeypatch.setattr("dcmecho.dicom.watch.SystemClocks", lambda: QuickClocks(200.0))


def watch_screen(console: Console) -> WatchScreen:
    screen = console.app.screen
    assert isinstance(screen, WatchScreen)
    return screen


async def select(console: Console, name: str) -> None:
    console.main.panes.targets.filter(name)
    await console.press("1", "home")
    await console.until(lambda: (console.main.panes.chosen or console.main).name == name)


async def test_w_watches_the_selected_target(profiles: Path, engine: PlayedEngine) -> None:
    async with opened(profiles, engine) as console:
        await console.press("w")
        await console.shows("Watch  1 target", "Main PACS", "✔ ok", "0.9")
        assert "What changed" in console.text
        assert "C-ECHO-RSP 0x0000, success" in console.line(" Main PACS  ✔ ok")


async def test_it_begins_with_what_is_known(profiles: Path, engine: PlayedEngine) -> None:
    async with opened(profiles, engine, WIDE) as console:
        await console.run()
        engine.peers["Main PACS"] = PlayedPeer(held_at=StageId.ASSOCIATE)
        await console.press("w")
        await console.shows("Main PACS", "not checked yet; it was ok when last checked, 11-23")
        assert UNICODE.marks[Mark.OK] in console.line("  Main PACS ")
        engine.peers["Main PACS"] = REFUSED
        engine.go_on()


async def test_a_first_check_that_differs_is_a_change(profiles: Path, engine: PlayedEngine) -> None:
    async with opened(profiles, engine, WIDE) as console:
        await console.run()
        engine.peers["Main PACS"] = REFUSED
        await console.press("w")
        await console.shows("it was ok when last checked, 2026-11-23", "now failed at TCP")


async def test_it_goes_on_elsewhere_and_the_heading_says_so(
    profiles: Path, engine: PlayedEngine
) -> None:
    engine.peers["CT 2"] = REFUSED
    async with opened(profiles, engine) as console:
        await console.press("w", "escape")
        await console.shows("watching 1")
        await select(console, "CT 2")
        await console.press("w")
        await console.shows("Watch  2 targets, 1 failing", "✘ TCP")
        await console.press("w")
        await console.until(lambda: console.app.screen is console.main)
        await console.shows("watching 2, 1 failing")


@pytest.mark.usefixtures("quick")
async def test_what_changes_is_listed_with_the_newest_first(
    profiles: Path, engine: PlayedEngine
) -> None:
    async with opened(profiles, engine) as console:
        await console.press("w")
        await console.shows("✔ ok")
        engine.peers["Main PACS"] = REFUSED
        await console.shows("Main PACS: failed at TCP", "✘ TCP")
        engine.peers["Main PACS"] = PlayedPeer(implementation="NEW_VERSION_2")
        await console.shows("ok again after", "implementation NEW_VERSION_2 (1.2.3.4) (before:")
        shown = [line for line in console.lines if "Main PACS: " in line]
        assert "failed at TCP" in shown[-1]


async def test_the_question_at_the_end_can_be_answered_with_no(
    profiles: Path, engine: PlayedEngine
) -> None:
    async with opened(profiles, engine) as console:
        await console.press("w", "s")
        await console.shows("Stop watching?", "Main PACS")
        await console.press("n")
        await console.until(lambda: isinstance(console.app.screen, WatchScreen))
        await console.press("s", "y")
        await console.until(lambda: console.app.screen is console.main)
        assert "watching" not in console.lines[0]
        assert console.main.session.watching.state is None


async def test_a_dropped_target_is_watched_no_more_and_the_last_one_ends_the_watch(
    profiles: Path, engine: PlayedEngine
) -> None:
    async with opened(profiles, engine) as console:
        await console.press("w", "escape")
        await select(console, "CT 2")
        await console.press("w")
        await console.press("down", "d")
        assert list(console.main.session.watching.targets) == ["Main PACS"]
        await console.press("d")
        await console.until(lambda: console.app.screen is console.main)
        assert "watching" not in console.lines[0]


async def test_enter_goes_to_the_target_in_the_console(
    profiles: Path, engine: PlayedEngine
) -> None:
    async with opened(profiles, engine) as console:
        await console.press("w", "escape")
        await select(console, "CT 2")
        console.main.panes.targets.filter("")
        await console.press("w", "enter")
        await console.until(lambda: console.app.screen is console.main)
        chosen = console.main.panes.chosen
        assert chosen is not None
        assert chosen.name == "Main PACS"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Forbidden", "Forbidden is not watched: it must not be probed (its vendor forbids it)."),
        ("Broken", "Broken is not watched: it has values that cannot work."),
    ],
)
async def test_what_cannot_be_watched_says_why_and_is_left_alone(
    profiles: Path, engine: PlayedEngine, name: str, words: str
) -> None:
    profiles.write_text(profiles.read_text() + MORE, encoding="utf-8")
    async with opened(profiles, engine) as console:
        await select(console, name)
        await console.press("w")
        await console.shows(words)
        assert console.app.screen is console.main
        assert engine.runs == []


async def test_a_deleted_target_is_watched_no_more(profiles: Path, engine: PlayedEngine) -> None:
    async with opened(profiles, engine) as console:
        await console.press("w", "escape", "D", "y")
        await console.until(lambda: not console.main.session.watching.targets)


async def test_a_name_is_shown_and_not_interpreted(profiles: Path, engine: PlayedEngine) -> None:
    profiles.write_text(profiles.read_text() + MORE, encoding="utf-8")
    async with opened(profiles, engine) as console:
        await select(console, "Odd [/red] name")
        await console.press("w", "s")
        await console.shows("Odd [/red] name")


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("size", [WIDE, SMALL, (60, 20)], ids=str)
@pytest.mark.parametrize("signs", Signs)
async def test_everything_has_its_column_at_every_size(
    profiles: Path, engine: PlayedEngine, size: tuple[int, int], *, signs: Signs
) -> None:
    engine.peers["Main PACS"] = CONGESTED
    async with opened(profiles, engine, size, Terminal(signs)) as console:
        await console.press("w")
        await console.until(lambda: "association" in console.text or "associa" in console.text)
        engine.peers["Main PACS"] = GREEN
        await console.shows("ok again", "0.9")
        if size != (60, 20):
            head = console.line("state")
            row = console.line("0.9 ")
            narrow = ("last", "med", "p95", "loss")
            for title in narrow if size == SMALL else (*narrow, "min", "jit", "next"):
                at = head.index(title) + len(title) - 1
                assert row[at] != " ", (title, head, row)
        assert signs is not Signs.ASCII or console.text.isascii()


async def test_quitting_ends_a_sample_under_way(profiles: Path, engine: PlayedEngine) -> None:
    engine.peers["Main PACS"] = PlayedPeer(held_at=StageId.ECHO)
    async with opened(profiles, engine) as console:
        await console.press("w", "escape")
        await console.until(lambda: engine.runs)
        await console.press("q", "y")
        assert not engine.runs[0].thread.is_alive()


@pytest.mark.parametrize(
    ("times_ms", "bars"),
    [
        ((), "    "),
        ((4.0,), "   █"),
        ((4.0, None, 2.0, 0.5), "█×▄▁"),
        ((None, None), "  ××"),
        ((0.0, 8.0), "  ▁█"),
    ],
)
def test_a_sparkline_starts_at_zero_and_shows_what_was_lost(
    times_ms: tuple[float | None, ...], bars: str
) -> None:
    assert UNICODE.spark(times_ms, 4) == bars
    assert ASCII.spark(times_ms, 4).isascii()


@pytest.mark.parametrize(
    ("value_ms", "text"), [(None, "-"), (0.94, "0.9"), (99.9, "99.9"), (30000.0, "30000")]
)
def test_times_fit_their_column(value_ms: float | None, text: str) -> None:
    assert number(value_ms) == text


async def test_the_newest_finding_is_told_in_whole_on_a_small_screen(
    profiles: Path, engine: PlayedEngine
) -> None:
    name = "Main PACS of the whole house"
    profiles.write_text(profiles.read_text().replace("Main PACS", name))
    engine.peers[name] = REFUSED
    async with opened(profiles, engine, SMALL) as console:
        await console.press("w")
        await console.shows("1 failing")
        chosen = watch_screen(console).chosen
        assert chosen is not None
        assert chosen.last is not None
        told = f"{chosen.last.stage.row.label}: {chosen.last.title}"
        await console.until(lambda: told in " ".join(console.text.split()))
