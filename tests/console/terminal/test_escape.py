"""An escape is a key of its own, whatever comes with it or soon after it."""

from __future__ import annotations

import pytest
from textual.events import Key

from dcmecho.console.terminal.terminal import Terminal
from dcmecho.console.textual_private import LoneEscapeParser


def keys(parser: LoneEscapeParser, *packets: str) -> list[str]:
    """The keys in packets that arrive one right after the other."""
    events = [event for packet in packets for event in parser.feed(packet)]
    assert all(isinstance(event, Key) for event in events)
    return [event.key for event in events if isinstance(event, Key)]


@pytest.mark.parametrize(
    ("packets", "expected"),
    [
        (("\x1bj",), ["escape", "j"]),
        (("\x1b", "j"), ["escape", "j"]),
        (("\x1b1",), ["escape", "1"]),
        (("\x1b\r",), ["escape", "enter"]),
        (("\x1b\x7f",), ["escape", "backspace"]),
        (("\x1b[A",), ["up"]),
        (("\x1b", "[A"), ["up"]),
        (("\x1b[", "A"), ["up"]),
        (("j\x1b[", "Bk\x1b:"), ["j", "down", "k", "escape", "colon"]),
        (("\x1bOA",), ["up"]),
    ],
)
def test_what_arrives_together_is_told_apart(packets: tuple[str, ...], expected: list[str]) -> None:
    assert keys(LoneEscapeParser(), *packets) == expected


def test_a_key_after_an_escape_that_was_carried_out_is_only_that_key() -> None:
    parser = LoneEscapeParser()
    assert keys(parser, "\x1b") == []
    while not (carried_out := list(parser.tick())):
        pass
    assert len(carried_out) == 1
    assert keys(parser, "j") == ["j"]


def test_a_slow_line_gets_more_time_for_a_split_sequence() -> None:
    quick, slow, slowest = (Terminal(round_trip_s=seconds) for seconds in (0.001, 0.3, 5.0))
    assert quick.escape_delay_s == 0.1
    assert slow.escape_delay_s == 0.3
    assert slowest.escape_delay_s == 0.4
