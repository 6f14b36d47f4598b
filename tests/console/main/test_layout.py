"""Every pane is usable at 120x36 and at 80x24, and while the window changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.console.driving import PROFILES, SMALL, WIDE, Console, opened
from tests.console.playback import PlayedEngine
from tests.console.played_peers import CALLED_UNKNOWN, REFUSED, PlayedPeer

MANY = "".join(
    f'[[target]]\nname = "Scanner {n}"\nhost = "10.0.0.{n}"\nport = 104\ncalled_ae = "CT{n}"\n'
    for n in range(1, 51)
)


def _heights(console: Console) -> tuple[int, int, int]:
    main = console.main
    return (
        main.panes.targets.size.height,
        main.panes.diagnosis.size.height,
        main.panes.log_view.size.height,
    )


@pytest.mark.parametrize("size", [WIDE, SMALL, (100, 30), (60, 20)], ids=str)
async def test_every_pane_stands_on_the_screen(
    profiles: Path, engine: PlayedEngine, size: tuple[int, int]
) -> None:
    async with opened(profiles, engine, size) as console:
        await console.run()
        for key in ("1", "2", "3"):
            await console.press(key)
            assert min(_heights(console)) >= 2
            assert "Main PACS" in console.line("Main PACS  ")


async def test_at_80x24_the_focused_pane_gets_the_room(
    profiles: Path, engine: PlayedEngine
) -> None:
    async with opened(profiles, engine, SMALL) as console:
        for key, index in (("1", 0), ("2", 1), ("3", 2)):
            await console.press(key)
            heights = _heights(console)
            assert heights[index] >= 7
            if index:
                assert heights[index] == max(heights)


@pytest.mark.parametrize("key", ["1", "2", "3"])
async def test_z_gives_the_whole_screen_to_one_pane_and_back(
    profiles: Path, engine: PlayedEngine, key: str
) -> None:
    async with opened(profiles, engine, SMALL) as console:
        await console.press(key, "z")
        assert max(_heights(console)) >= 20
        await console.press("tab")
        assert max(_heights(console)) >= 20
        await console.press("z")
        assert min(_heights(console)) >= 2


async def test_the_window_may_change_its_size(profiles: Path, engine: PlayedEngine) -> None:
    engine.peers["Main PACS"] = CALLED_UNKNOWN
    async with opened(profiles, engine) as console:
        await console.run()
        for size in (SMALL, (60, 20), (200, 60), WIDE):
            await console.pilot.resize_terminal(*size)
            await console.shows("rejected 1/1/7", "Main PACS", "q Quit")


async def test_a_long_name_gives_way_to_the_port_when_the_window_shrinks(
    profiles: Path, engine: PlayedEngine
) -> None:
    long_name = "An archive with a name that takes all the room there is"
    profiles.write_text(PROFILES.replace("Main PACS", long_name))
    async with opened(profiles, engine, (200, 40)) as console:
        await console.shows(f"{long_name}  MY_WORKSTATION")
        for size in (WIDE, SMALL):
            await console.pilot.resize_terminal(*size)
            await console.shows("TARGET_PACS @ pacs.hospital.lan:104")


async def test_the_selected_target_stays_visible_in_a_long_list(
    profiles: Path, engine: PlayedEngine
) -> None:
    profiles.write_text(MANY, encoding="utf-8")
    async with opened(profiles, engine, SMALL) as console:
        await console.press("end")
        await console.shows("Scanner 50")
        await console.press("2")
        await console.shows("▌ · Scanner 50")


async def test_nothing_that_matters_is_cut_off_at_80_columns(
    profiles: Path, engine: PlayedEngine
) -> None:
    engine.peers["Main PACS"] = CALLED_UNKNOWN
    async with opened(profiles, engine, SMALL) as console:
        await console.run()
        await console.press("2", "z")
        report = console.main.session.state["Main PACS"].report
        assert report is not None
        text = " ".join(console.text.split())
        assert all(cause.title in text for cause in report.causes)
        assert report.causes[0].actions[0] in text


async def test_the_state_is_cut_before_the_name(profiles: Path, engine: PlayedEngine) -> None:
    name = "CT Notaufnahme Haus 3 Erdgeschoss"
    profiles.write_text(PROFILES.replace("Main PACS", name))
    engine.peers[name] = PlayedPeer(lost=True)
    async with opened(profiles, engine) as console:
        await console.run()
        assert name in console.line("▌ ✘ CT Notauf")


async def test_the_group_of_a_failing_target_is_cut_before_its_name(
    profiles: Path, engine: PlayedEngine
) -> None:
    name = "CT Notaufnahme Haus 3 Erdgeschoss"
    profiles.write_text(PROFILES.replace("Main PACS", name))
    engine.peers[name] = PlayedPeer(lost=True)
    async with opened(profiles, engine, (200, 60)) as console:
        await console.press("a")
        await console.idle()
        assert f"✘ {name} " in console.line("✘ CT Notauf")


async def test_targets_that_failed_alike_show_their_group_and_no_part_of_one(
    profiles: Path, engine: PlayedEngine
) -> None:
    group = "Interventional radiology"
    text = PROFILES.replace('"Radiology"', f'"{group}"').replace('"Cardiology"', '"ECG"')
    profiles.write_text(text)
    engine.peers |= dict.fromkeys(("Main PACS", "CT 2"), REFUSED)
    engine.peers["Echo cart"] = PlayedPeer(lost=True)
    async with opened(profiles, engine, (120, 36)) as console:
        await console.press("a")
        await console.idle()
        await console.shows("Failing, 2 alike: refused", group)
        assert "refused" not in console.line("✘ CT 2").partition("││")[0]
        assert "(ECG)" in console.line("✘ Echo cart")
        assert "(Inter" not in console.text


async def test_a_wide_list_shows_host_title_and_last_check(
    profiles: Path, engine: PlayedEngine
) -> None:
    async with opened(profiles, engine, (200, 60)) as console:
        await console.run()
        checked = console.main.session.record(console.main.session.book.profiles[0]).report
        assert checked is not None
        row = console.line("▌ ✔ Main PACS").split()
        at = f"{checked.started.astimezone():%m-%d}"
        assert row[row.index("PACS") + 1 :][:3] == ["pacs.hospital.lan:104", "TARGET_PACS", at]
        assert "192.168.1.77:11112" in console.line("· Echo cart")
    async with opened(profiles, engine) as console:
        assert "192.168.1.77" not in console.line("· Echo cart")
