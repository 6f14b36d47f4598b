"""Recognizes a target: by its name in its profile file, else by address, port and titles."""

from __future__ import annotations

import sqlite3

from dcmecho.diagnosis.target.target import Target
from dcmecho.journal.kinds import Book

_VALUES = "host = ? AND port = ? AND called_ae = ? AND calling_ae = ?"


def known(connection: sqlite3.Connection, target: Target, book: Book) -> int | None:
    """Return the id of a target, or ``None`` if it is new. Raises ``sqlite3.Error``.

    One that was renamed in its file is recognized by its values; a copy, whose original still
    stands in the file, is a new one.
    """
    if target.known_as:
        named = connection.execute(
            "SELECT id FROM target WHERE name = ? AND book = ?",
            (target.known_as, storable(book.path)),
        ).fetchone()
        if named:
            return int(named[0])
    same = connection.execute(
        f"SELECT id, book, name FROM target WHERE {_VALUES} ORDER BY name = ? DESC, id DESC",
        (*_values(target), target.known_as),
    )
    return next((id for id, its_book, name in same if _can_be(target, book, its_book, name)), None)


def _can_be(target: Target, book: Book, its_book: str, its_name: str) -> bool:
    if not target.known_as or not its_name or its_book != storable(book.path):
        return True
    return its_name not in book.names


def recorded(connection: sqlite3.Connection, target: Target, book: Book) -> int:
    """Return the id of a target, which has its present values then. Raises ``sqlite3.Error``."""
    found = known(connection, target, book)
    if found is None:
        row = (storable(book.path), target.known_as, *_values(target))
        return int(
            connection.execute(
                "INSERT INTO target (book, name, host, port, called_ae, calling_ae)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                row,
            ).lastrowid
            or 0
        )
    if target.known_as:
        connection.execute(
            "UPDATE target SET book = ?, name = ?, host = ?, port = ?, called_ae = ?,"
            " calling_ae = ? WHERE id = ?",
            (storable(book.path), target.known_as, *_values(target), found),
        )
    return found


def _values(target: Target) -> tuple[str, int, str, str]:
    host, called_ae, calling_ae = map(storable, (target.host, target.called_ae, target.calling_ae))
    if target.vantage:
        host = f"{host}, from {storable(target.vantage)}"
    return host.casefold(), target.port, called_ae, calling_ae


def storable(text: str) -> str:
    """Return text that SQLite can keep: bytes of arguments that are no UTF-8 are escaped."""
    return text.encode("utf-8", "backslashreplace").decode()
