"""A target is recognized by its name in its file, else by address, port and titles."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from dcmecho.journal.kinds import NO_BOOK, Book
from dcmecho.journal.targets import known
from tests.unit.journal.journals import BOOK, journal_in, keep, rows, works
from tests.unit.report.reports import TARGET

UNNAMED = replace(TARGET, name="")
EDITED = replace(TARGET, called_ae="OTHER", port=11112)
RENAMED = replace(TARGET, name="PACS 1")


def test_its_name_is_enough_when_its_values_are_edited(tmp_path: Path) -> None:
    with journal_in(tmp_path) as connection:
        keep(connection, works(0), works(1, EDITED))
        assert rows(connection, "target") == 1
        assert known(connection, EDITED, BOOK) == 1


def test_its_values_are_enough_when_it_is_renamed(tmp_path: Path) -> None:
    renamed = Book(BOOK.path, frozenset({RENAMED.name}))
    with journal_in(tmp_path) as connection:
        keep(connection, works(0))
        keep(connection, works(1, RENAMED), book=renamed)
        assert rows(connection, "target") == 1
        edited = replace(RENAMED, port=4242)
        assert known(connection, edited, renamed) == 1


def test_a_copy_beside_its_original_is_another_target(tmp_path: Path) -> None:
    both = Book(BOOK.path, frozenset({TARGET.name, RENAMED.name}))
    with journal_in(tmp_path) as connection:
        keep(connection, works(0), works(1, RENAMED), book=both)
        assert rows(connection, "target") == 2


def test_the_command_line_knows_it_by_its_values(tmp_path: Path) -> None:
    with journal_in(tmp_path) as connection:
        keep(connection, works(0))
        assert known(connection, UNNAMED, NO_BOOK) == 1
        assert known(connection, replace(UNNAMED, host=TARGET.host.upper()), NO_BOOK) == 1
        assert known(connection, replace(UNNAMED, called_ae="OTHER"), NO_BOOK) is None


def test_what_the_command_line_asked_belongs_to_the_target_that_is_then_named(
    tmp_path: Path,
) -> None:
    with journal_in(tmp_path) as connection:
        keep(connection, works(0, UNNAMED), book=NO_BOOK)
        keep(connection, works(1))
        assert rows(connection, "target") == 1
        assert known(connection, EDITED, BOOK) == 1


def test_the_same_name_in_another_file_is_another_target(tmp_path: Path) -> None:
    with journal_in(tmp_path) as connection:
        keep(connection, works(0))
        keep(connection, works(1, EDITED), book=Book("/home/x/profiles.toml"))
        assert rows(connection, "target") == 2


def test_titles_of_any_bytes_are_kept(tmp_path: Path) -> None:
    odd = replace(UNNAMED, called_ae="A\udcff", host="\udc80")
    with journal_in(tmp_path) as connection:
        keep(connection, works(0, odd), book=NO_BOOK)
        assert known(connection, odd, NO_BOOK) == 1
