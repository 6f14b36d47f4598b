"""Nothing that a peer sends can control the terminal."""

from __future__ import annotations

import json

import pytest

from dcmecho.diagnosis.sanitize import NO_TEXT, PeerText, printable, title_bytes, title_words


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("PACS", "PACS"),
        ("[/] [red]", "[/] [red]"),
        ("a\x1b[31mred", "a\\x1b[31mred"),
        ("line\nbreak\ttab", "line\\x0abreak\\x09tab"),
        ("\u202eevil", "\\u202eevil"),
        ("Zürich", "Zürich"),
        (b"caf\xc3\xa9\x00", "caf\\xc3\\xa9\\x00"),
        (b"\x9b31m", "\\x9b31m"),
        ("\U000e0041", "\\U000e0041"),
    ],
)
def test_only_visible_characters_remain(text: str | bytes, shown: str) -> None:
    assert printable(text) == shown


def test_long_text_is_cut() -> None:
    assert printable("x" * 600) == "x" * 511 + "…"


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("PACS", "PACS"),
        ("MY PACS", "MY PACS"),
        (" PACS", "\\x20PACS (20 50 41 43 53)"),
        ("PACS ", "PACS\\x20 (50 41 43 53 20)"),
        (b"PACS\0\0", "PACS\\x00\\x00 (50 41 43 53 00 00)"),
        ("", "(empty)"),
        ("PÄCS", "P\\xc3\\x84CS (50 c3 84 43 53)"),
    ],
)
def test_an_odd_title_is_shown_byte_by_byte(title: str | bytes, shown: str) -> None:
    assert title_bytes(title) == shown


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("MY PACS", "MY PACS"),
        (" PACS", '" PACS"'),
        ("PACS ", '"PACS "'),
        ("   ", "\\x20\\x20\\x20 (20 20 20)"),
        ("P\x07CS", "P\\x07CS (50 07 43 53)"),
    ],
)
def test_quotes_show_the_spaces_around_a_title_in_a_sentence(title: str, shown: str) -> None:
    assert title_words(title) == shown


EVIL = PeerText(b"EVIL\x1b[2J\xe9")


def test_shown_as_it_is_it_is_printable() -> None:
    assert str(EVIL) == f"{EVIL}" == "EVIL\\x1b[2J\\xe9"
    assert str(PeerText("Zürich\n\u202e")) == "Zürich\\x0a\\u202e"


def test_it_is_cut_to_a_line_or_to_its_beginning() -> None:
    long = PeerText("x" * 600)
    assert str(long) == "x" * 511 + "…"
    assert long.brief == "x" * 59 + "…"


def test_its_characters_are_kept_to_compare_them() -> None:
    assert EVIL.raw == "EVIL\x1b[2J\xe9"
    assert PeerText(b"PACS") == PeerText("PACS")
    assert len({PeerText(b"PACS"), PeerText("PACS"), EVIL}) == 2
    assert EVIL != "EVIL\x1b[2J\xe9"


def test_a_missing_text_is_false() -> None:
    assert EVIL
    assert not NO_TEXT


def test_it_cannot_be_used_as_a_str() -> None:
    with pytest.raises(TypeError):
        json.dumps(EVIL)
    with pytest.raises(TypeError):
        ", ".join([EVIL])  # type: ignore[list-item]
