"""What can be wrong with a journal: told in one line, and never the end of a run."""

from __future__ import annotations

import sqlite3

from dcmecho.diagnosis.sanitize import error_text


class JournalError(Exception):
    """The journal cannot be used now; the text says why, for a person."""


_WORDS = {
    sqlite3.SQLITE_BUSY: "another process is writing to it",
    sqlite3.SQLITE_LOCKED: "another process is writing to it",
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_READONLY: "you are not allowed to write to it",
    sqlite3.SQLITE_PERM: "you are not allowed to use it",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened",
    sqlite3.SQLITE_INTERRUPT: "reading it takes too long",
}
_DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_PRIMARY = 0xFF
"""The part of an extended result code that is the error itself (sqlite.org/rescode.html)."""


def code_of(error: sqlite3.Error) -> int:
    """Return SQLite's primary result code; 0 if there is none."""
    return getattr(error, "sqlite_errorcode", 0) & _PRIMARY


def is_damage(error: sqlite3.Error) -> bool:
    """Report whether the file is no database, or a broken one."""
    return code_of(error) in _DAMAGE


def words_of(error: sqlite3.Error) -> str:
    """Return what is wrong, in words."""
    return _WORDS.get(code_of(error)) or error_text(error)
