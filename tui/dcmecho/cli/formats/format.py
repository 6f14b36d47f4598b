"""The formats of stdout, one row each: what ``--format`` takes, its help, and what prints it."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple, assert_never

from dcmecho.cli.formats.output import Output


class Format(StrEnum):
    """The name that ``--format`` takes, and what the help says of it."""

    meaning: str
    is_for_a_monitor: bool
    """Who reads it takes the exit code for the peer's state, and stderr for a fault of ours."""

    def __new__(cls, name: str, meaning: str = "", is_for_a_monitor: bool = False) -> Format:
        """Make a member of its row."""
        member = str.__new__(cls, name)
        member._value_ = name
        member.meaning = meaning
        member.is_for_a_monitor = is_for_a_monitor
        return member

    TEXT = "text", "for people (default)"
    JSON = "json", "the same as --json"
    JSONL = "jsonl", "each event as it happens, then the report"
    NAGIOS = "nagios", "one line for a monitor, exit code 0, 1, 2 or 3", True


class Outputs(NamedTuple):
    """What prints the report of one target, and what those of several."""

    one: type[Output]
    several: type[Output]


def outputs(form: Format, *, quiet: bool = False) -> Outputs:
    """What prints a format; where it is quiet, what knows its exit code.

    Nothing is loaded for the others: a run on a peer is short.
    """
    if quiet and not form.is_for_a_monitor:
        return Outputs(Output, Output)
    match form:
        case Format.TEXT:
            from dcmecho.cli.formats import text

            return Outputs(text.Page, text.Summary)
        case Format.JSON:
            from dcmecho.cli.formats import json

            return Outputs(json.Object, json.Array)
        case Format.JSONL:
            from dcmecho.cli.formats import jsonl

            return Outputs(jsonl.Lines, jsonl.Lines)
        case Format.NAGIOS:
            from dcmecho.cli.formats import nagios

            return Outputs(nagios.MonitorLine, nagios.MonitorLine)
    assert_never(form)
