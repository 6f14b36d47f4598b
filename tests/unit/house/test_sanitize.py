"""Nothing that a peer sends can control the terminal."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

import dcmecho
from dcmecho.diagnosis.sanitize import (
    NO_TEXT,
    PeerText,
    error_text,
    own_text,
    path_text,
    printable,
    title_bytes,
    title_words,
)


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


def test_errors_paths_and_own_words_are_printable() -> None:
    assert error_text(OSError("no \x1b[2J")) == "no \\x1b[2J"
    assert path_text(Path("/tmp/\n")) == "/tmp/\\x0a"
    assert own_text("\u202eevil") == "\\u202eevil"


ROOT = Path(dcmecho.__file__).parent
LINES_LEAVE = (
    "report/plain.py",
    "report/nagios.py",
    "cli/output/complaint.py",
    "cli/options/parser.py",
    "profiles/exchange/preview.py",
    "console/page.py",
    "console/wrapping.py",
    "console/words.py",
    "console/diagnose/log_pane.py",
)
"""The modules through which lines leave: a second barrier, and the cut to a length."""
FOREIGN_TEXT_ENTERS = ("dicom/pdu/uid_names.py", "profiles/book/wording.py")
"""UIDs, which are compared as text; values of the target file, quoted as they are written."""


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Yield every call of ``printable()`` outside of its module."""
    for path in sorted(ROOT.rglob("*.py")):
        name = str(path.relative_to(ROOT))
        if name != "diagnosis/sanitize.py":
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and ast.unparse(node.func) == "printable":
                    yield name, node


def test_foreign_text_becomes_printable_by_its_kind() -> None:
    assert {name for name, _ in calls()} == {*LINES_LEAVE, *FOREIGN_TEXT_ENTERS}


def test_a_text_is_cut_to_one_of_three_lengths() -> None:
    lengths = {ast.unparse(each) for _, call in calls() for each in call.args[1:]}
    assert lengths <= {"BRIEF", "LINE", "PARAGRAPH"}
    assert not [name for name, call in calls() if call.keywords]
