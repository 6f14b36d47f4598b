"""The formats of stdout, one row each: name, help text, and the classes that print it."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple, assert_never

from dcmecho.cli.formats.output import Output


class OutputFormat(StrEnum):
    """The names that ``--format`` takes, with the help text of each."""

    meaning: str
    is_for_a_monitor: bool
    """Whether a monitor reads it: exit code = state of the peer, stderr = the plugin failed."""

    def __new__(cls, name: str, meaning: str = "", is_for_a_monitor: bool = False) -> OutputFormat:
        """Make a member from its row."""
        member = str.__new__(cls, name)
        member._value_ = name
        member.meaning = meaning
        member.is_for_a_monitor = is_for_a_monitor
        return member

    TEXT = "text", "for people (default)"
    JSON = "json", "the same as --json"
    MARKDOWN = "markdown", "for a ticket: also the last states, and what to ask of whom"
    JSONL = "jsonl", "each event as it happens, then the report"
    NAGIOS = "nagios", "one line for a monitor, exit code 0, 1, 2 or 3", True


Around = Callable[[Output], Output]
"""What changes the events and reports on their way to an output."""


class Outputs(NamedTuple):
    """The classes that print the report of one target, and those of several."""

    one: type[Output]
    several: type[Output]


def outputs(form: OutputFormat, *, quiet: bool = False) -> Outputs:
    """Return the classes that print a format, or with ``quiet`` only keep its exit code.

    Imports no other format, because start-up is a large part of a short run.
    """
    if quiet and not form.is_for_a_monitor:
        return Outputs(Output, Output)
    match form:
        case OutputFormat.TEXT:
            from dcmecho.cli.formats import text

            return Outputs(text.TextPage, text.TextSummary)
        case OutputFormat.JSON:
            from dcmecho.cli.formats import json

            return Outputs(json.JsonObject, json.JsonArray)
        case OutputFormat.MARKDOWN:
            from dcmecho.cli.formats import markdown

            return Outputs(markdown.MarkdownPage, markdown.MarkdownPages)
        case OutputFormat.JSONL:
            from dcmecho.cli.formats import jsonl

            return Outputs(jsonl.JsonLines, jsonl.JsonLines)
        case OutputFormat.NAGIOS:
            from dcmecho.cli.formats import nagios

            return Outputs(nagios.MonitorLine, nagios.MonitorLine)
    assert_never(form)
