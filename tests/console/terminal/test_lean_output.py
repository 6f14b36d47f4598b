"""What reaches the terminal looks the same, and is less."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dcmecho.console.terminal.lean_output import LeanOutput
from dcmecho.console.terminal.lean_styles import PLAIN, Look, change, with_sgr
from tests.console.terminal.small_terminal import SmallTerminal

COLUMNS, ROWS = 16, 4
SGRS = ("", "1", "2;4", "7", "31", "38;5;152;48;5;233", "38;2;1;2;3", "48;2;9;9;9", "1;3;96;41")
LETTERS = " abc✔─医́"
RED = "\x1b[31m"


@st.composite
def _piece(draw: st.DrawFn) -> str:
    """A styled text at a place within the terminal, as Textual writes it."""
    row = draw(st.integers(1, ROWS))
    column = draw(st.integers(1, COLUMNS))
    parts, room = [f"\x1b[{row};{column}H"], COLUMNS - column + 1
    for sgr, text in draw(
        st.lists(st.tuples(st.sampled_from(SGRS), st.text(LETTERS, min_size=1)), max_size=3)
    ):
        fitting = text.lstrip("́")[: room // 2]
        room -= 2 * len(fitting)
        parts.append(f"\x1b[{sgr}m{fitting}\x1b[0m")
    return "".join(parts)


@settings(deadline=None)
@given(st.lists(_piece(), max_size=30))
def test_the_terminal_shows_what_was_written(frames: Sequence[str]) -> None:
    plain, lean = SmallTerminal(COLUMNS, ROWS), SmallTerminal(COLUMNS, ROWS)
    output = LeanOutput(COLUMNS, ROWS)
    for frame in frames:
        plain.write(frame)
        lean.write(output.reduce(frame))
        assert lean.seen == plain.seen
        assert (lean.x, lean.y) == (plain.x, plain.y)


@settings(deadline=None)
@given(st.lists(_piece(), max_size=30))
def test_it_shows_the_same_where_the_hidden_cursor_is_left_alone(frames: Sequence[str]) -> None:
    plain, lean = SmallTerminal(COLUMNS, ROWS), SmallTerminal(COLUMNS, ROWS)
    output = LeanOutput(COLUMNS, ROWS, leaves_cursor=True)
    for frame in frames:
        plain.write(frame)
        lean.write(output.reduce(frame))
        assert lean.seen == plain.seen


def test_the_hidden_cursor_moves_only_when_it_is_wanted_elsewhere() -> None:
    output = LeanOutput(COLUMNS, ROWS, leaves_cursor=True)
    assert output.reduce("\x1b[2;1Hone\x1b[1;1H") == "\x1b[2;1Hone\x1b[1;1H"
    assert output.reduce("\x1b[2;1Htwo\x1b[1;1H") == "\x1b[2;1Htwo"
    assert output.reduce("\x1b[2;1Htwo\x1b[3;5H") == "\x1b[3;5H"


def test_what_the_terminal_shows_already_is_not_written() -> None:
    output = LeanOutput(COLUMNS, ROWS)
    frame = f"\x1b[2;3H{RED}a line\x1b[0m\x1b[1;1H"
    assert "a line" in output.reduce(frame)
    assert output.reduce(frame) == ""


def test_only_the_letters_that_differ_are_written() -> None:
    output = LeanOutput(COLUMNS, ROWS)
    output.reduce(f"\x1b[2;1H{RED}running  9 s\x1b[0m\x1b[1;1H")
    assert output.reduce(f"\x1b[2;1H{RED}running 10 s\x1b[0m\x1b[1;1H") == "\x1b[2;9H10\x1b[1;1H"


def test_an_update_that_changes_nothing_is_not_even_begun() -> None:
    output = LeanOutput(COLUMNS, ROWS)
    begin, end, frame = "\x1b[?2026h", "\x1b[?2026l", "\x1b[1;1Hx"
    assert output.reduce(begin) == ""
    assert output.reduce(frame) == f"{begin}{frame}"
    assert output.reduce(end) == end
    assert [output.reduce(each) for each in (begin, frame, end)] == ["", "", ""]


@pytest.mark.parametrize("other", ["\x1b[?1049h", "\x1b[2J", "\x1b]52;c;eA==\x07", "\x1b[99m"])
def test_what_it_does_not_know_goes_through_and_makes_it_forget(other: str) -> None:
    output = LeanOutput(COLUMNS, ROWS)
    output.reduce(f"\x1b[1;1H{RED}x")
    assert output.reduce(other) == f"\x1b[m{other}"
    assert output.reduce(f"\x1b[1;1H{RED}x") == f"\x1b[1;1H{RED}x"


def test_a_resized_terminal_is_drawn_anew() -> None:
    output = LeanOutput(COLUMNS, ROWS)
    output.reduce("\x1b[1;1Hx")
    output.forget(COLUMNS - 1, ROWS)
    assert "x" in output.reduce("\x1b[1;1Hx")


def test_what_was_drawn_for_a_larger_terminal_is_not_believed() -> None:
    output = LeanOutput(COLUMNS, ROWS)
    assert "z" not in output.reduce(f"\x1b[1;1H{'y' * COLUMNS}z\x1b[{ROWS + 1};1Hz")
    assert "y" * COLUMNS in output.reduce(f"\x1b[1;1H{'y' * COLUMNS}")


@settings(deadline=None)
@given(st.lists(st.sampled_from(SGRS[1:]), min_size=2, max_size=2))
def test_a_change_of_look_arrives_at_it(sgrs: Sequence[str]) -> None:
    now, then = (with_sgr(PLAIN, sgr) for sgr in sgrs)
    look = now
    for parameters in change(now, then).removeprefix("\x1b[").split("m")[:-1]:
        look = with_sgr(look, parameters)
    assert look == then


def test_a_look_that_stays_costs_nothing() -> None:
    look = Look("31", "", frozenset({"1"}))
    assert change(look, look) == ""
    assert change(look, Look("32", "", frozenset({"1"}))) == "\x1b[32m"
