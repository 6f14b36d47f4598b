"""Every part of a page in plain text and in the console, with hostile text from a peer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

import pytest

from dcmecho.console.page import rows_of
from dcmecho.console.symbols import ASCII
from dcmecho.diagnosis.cause import Cause, Confidence, Who
from dcmecho.diagnosis.causes.findings import FindingId
from dcmecho.report.page import (
    Bullet,
    Explained,
    Gap,
    Heading,
    Item,
    Measured,
    Part,
    SentRequest,
    Step,
    StepState,
    Summary,
    Text,
    Verbatim,
    bullets,
)
from dcmecho.report.plain import plain_lines
from dcmecho.report.wrapping import WIDTH

HOSTILE = "\x1b[31m\u202e " + "long words " * 20
SHOWN = r"\x1b[31m\u202e"
CAUSE = Cause(
    FindingId.QUERY_STATUS, Confidence.LIKELY, HOSTILE, HOSTILE, Who.PEER, (HOSTILE,), HOSTILE
)

WITH_TEXT: Sequence[Part] = (
    Text(HOSTILE),
    Item("lead", HOSTILE),
    Bullet(HOSTILE),
    Summary(HOSTILE),
    Summary(HOSTILE, StepState.FAILED),
    Step(StepState.UNKNOWN, "C-MOVE", HOSTILE),
    SentRequest(HOSTILE),
    Measured(HOSTILE),
    Explained(CAUSE),
)
AS_IT_IS: Sequence[Part] = (Heading(SHOWN), Verbatim(SHOWN), Gap())


def named(part: Part) -> str:
    return type(part).__name__


def test_every_part_is_tested_here() -> None:
    assert {type(part) for part in (*WITH_TEXT, *AS_IT_IS)} == set(get_args(Part))


@pytest.mark.parametrize("part", WITH_TEXT, ids=named)
def test_a_plain_report_is_printable_and_fits(part: Part) -> None:
    lines = list(plain_lines([part]))
    assert SHOWN in "\n".join(lines)
    assert all(line.isprintable() and len(line) <= WIDTH for line in lines)


@pytest.mark.parametrize("part", WITH_TEXT, ids=named)
def test_a_pane_is_printable_and_fits(part: Part) -> None:
    rows = [row.plain for row in rows_of([part], 40, ASCII)]
    assert SHOWN in "\n".join(rows)
    assert all(row.isprintable() and len(row) <= 40 for row in rows)


@pytest.mark.parametrize("part", [Heading(HOSTILE), Verbatim(HOSTILE)], ids=named)
def test_unwrapped_text_is_printable_too(part: Part) -> None:
    lines = [*plain_lines([part]), *(row.plain for row in rows_of([part], 40, ASCII))]
    assert all(SHOWN in line and line.isprintable() for line in lines)


def test_a_running_request_has_no_summary_in_a_pane() -> None:
    running = Summary("under way", StepState.RUNNING)
    assert list(plain_lines([running])) == ["  under way"]
    assert not list(rows_of([running], 40, ASCII))


def test_a_short_cause_has_only_its_first_action() -> None:
    cause = CAUSE._replace(title="a title", actions=("first", "second"))
    lines = list(plain_lines([Explained(cause, whole=False)]))
    assert lines == ["  likely    a title  (peer's administrator)", "          - first"]


def test_a_list_without_sentences_has_no_heading() -> None:
    assert not list(bullets("Proven", ()))
    assert list(plain_lines(bullets("Proven", ["one"]))) == ["", "Proven", "  - one"]
