"""Nothing that a peer or a file says is taken for markup or reaches the terminal as a control."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from dcmecho.console.terminal.output_filter import OutputFilter
from dcmecho.console.terminal.terminal import TRUE_COLOUR, Terminal
from dcmecho.diagnosis.events import Direction, LogLayer, LogLine
from dcmecho.diagnosis.stage import StageId
from dcmecho.profiles.book.settings import Signs
from tests.console.driving import SMALL, WIDE, opened
from tests.console.playback import PlayedEngine
from tests.console.played_peers import GREEN

ODD = r"[/] [b]x[/b] \x1b[31m"
RAW = "raw \x1b]0;title\x07 \x1b[2J \r\n \u202e end"
LINE = LogLine("", StageId.ECHO, 1.0, LogLayer.DIMSE, Direction.RECEIVED, RAW, (RAW,), b"\x1b[2J")

PROFILES = """
[[target]]
name = "Ward [/] 7 [red]"
group = "[/group]"
host = "10.0.0.1"
port = 104
called_ae = "A[/]B"
calling_ae = "[@click=quit]"
notes = "[/] notes"
"""


@pytest.mark.parametrize("size", [WIDE, SMALL], ids=str)
@pytest.mark.parametrize("terminal", [TRUE_COLOUR, Terminal(Signs.ASCII, True)], ids=str)
async def test_markup_and_controls_are_shown_not_obeyed(
    profiles: Path, engine: PlayedEngine, size: tuple[int, int], terminal: Terminal
) -> None:
    profiles.write_text(PROFILES, encoding="utf-8")
    engine.peers["Ward [/] 7 [red]"] = replace(
        GREEN, implementation="[/]\\x1b[31mX", extra_lines=(LINE,)
    )
    async with opened(profiles, engine, size, terminal) as console:
        await console.shows("Ward [/] 7 [red]", "[/group]", "A[/]B @")
        await console.run()
        await console.press("2")
        await console.shows("[/]")
        await console.press("3", "z", "end", "up", "up", "enter")
        await console.shows("raw \\x1b]0;title\\x07")
        for keys in (
            ("question_mark", "escape"),
            ("R", "escape"),
            ("1", "D", "n"),
            ("e", "escape", "E"),
        ):
            await console.press(*keys)
            assert all(line.isprintable() for line in console.lines)
            if terminal.signs is Signs.ASCII:
                assert console.text.isascii()


async def test_a_typed_filter_is_no_markup(profiles: Path, engine: PlayedEngine) -> None:
    async with opened(profiles, engine) as console:
        await console.press("slash")
        await console.type("[/]")
        await console.shows("/[/]  0 of 3", "No target contains [/]")


@pytest.mark.parametrize(
    ("text", "shown"),
    [("a\x1b[31m", "a[31m"), ("\u202e", ""), ("täxt", "t?xt"), ("│─…→", "|-~>"), ("日", "??")],
)
def test_the_last_filter_keeps_the_width_and_lets_only_ascii_through(text: str, shown: str) -> None:
    assert OutputFilter(signs=Signs.ASCII).clean(text) == shown


def test_the_last_filter_leaves_text_alone_on_a_utf8_terminal() -> None:
    assert OutputFilter(signs=Signs.UNICODE).clean("täxt ✔ 日") == "täxt ✔ 日"
    assert "\x1b" not in OutputFilter(signs=Signs.UNICODE).clean("\x1b[2J")
