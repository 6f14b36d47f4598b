"""How a called title differs from the expected one, down to the byte."""

from __future__ import annotations

import pytest

from dcmecho.diagnosis.listen.calls import AeTitle
from dcmecho.diagnosis.listen.titles import (
    TitleMatch,
    difference,
    match_titles,
    title_faults,
)

OURS = AeTitle.of("MY_WORKSTATION")


def field(raw: bytes, padding: bytes = b" ") -> AeTitle:
    return AeTitle(raw.ljust(16, padding))


@pytest.mark.parametrize(
    ("came", "match"),
    [
        (field(b"MY_WORKSTATION"), TitleMatch.SAME),
        (field(b" MY_WORKSTATION"), TitleMatch.LEADING_SPACE),
        (field(b"MY_WORKSTATION", b"\0"), TitleMatch.NUL_PADDED),
        (field(b"my_workstation"), TitleMatch.CASE),
        (field(b"MY_W0RKSTATI0N"), TitleMatch.LOOKALIKE),
        (field(b"MY-WORKSTATION"), TitleMatch.LOOKALIKE),
        (field(b""), TitleMatch.BLANK),
        (field(b"", b"\0"), TitleMatch.BLANK),
        (field(b"ANOTHER"), TitleMatch.OTHER),
        (field(b"MY_WORKSTATION2"), TitleMatch.OTHER),
    ],
    ids=str,
)
def test_match(came: AeTitle, match: TitleMatch) -> None:
    assert match_titles(OURS, came) is match


@pytest.mark.parametrize(
    ("came", "words"),
    [
        (field(b"MY_W0RKSTATION"), "byte 5 is 0 (30), yours has O (4f)"),
        (field(b"MY_WORKSTATION2"), "byte 15 is 2 (32), yours has nothing"),
        (field(b"MY_WORK"), "byte 8 is nothing, yours has S (53)"),
        (field(b"MY WORKSTATION"), "byte 3 is a space (20), yours has _ (5f)"),
        (field(b"MY_WORKSTATION", b"\0"), r"byte 15 is \x00, yours has nothing"),
        (field(b"MY_WORKSTATION"), ""),
    ],
)
def test_the_first_byte_that_differs(came: AeTitle, words: str) -> None:
    assert difference(OURS, came) == words


@pytest.mark.parametrize(
    ("came", "fault"),
    [
        (field(b"PACS", b"\0"), "padded with NUL"),
        (field(b"PA\x1b[2JCS"), "control character"),
        ("RÖNTGEN", "outside ASCII"),
        (field(b"PA\\CS"), "backslash"),
        (field(b""), "blank"),
    ],
    ids=str,
)
def test_what_breaks_the_standard_is_named(came: AeTitle | str, fault: str) -> None:
    title = AeTitle.of(came) if isinstance(came, str) else came
    assert fault in title_faults(title)[0]


def test_a_title_as_the_standard_has_it_has_no_fault() -> None:
    assert title_faults(OURS) == ()


def test_a_title_is_shown_without_what_would_move_the_cursor() -> None:
    assert str(field(b"PA\x1b[2JCS")) == r"PA\x1b[2JCS (50 41 1b 5b 32 4a 43 53)"
