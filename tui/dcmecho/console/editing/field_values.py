"""Typed values of a target: from text to value and back, and their complaints. No I/O."""

from __future__ import annotations

from dcmecho.diagnosis.sanitize import title_bytes
from dcmecho.diagnosis.target.fields import Field, Value, ValueKind
from dcmecho.diagnosis.target.tls_keys import TargetKey
from dcmecho.diagnosis.target.validation import Complaint
from dcmecho.diagnosis.target.value_checks import Severity, number_text
from dcmecho.profiles.book.tables.written_tls import WrittenTls


def as_text(value: Value) -> str:
    """Return a value as the form shows it."""
    return value if isinstance(value, str) else number_text(value)


def written_text(value: Value | WrittenTls) -> str:
    """Return a value of the file, TLS or not, as the form shows it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(map(_quoted, value))
    return as_text(value)


def parse(field: Field, text: str) -> Value | Complaint:
    """Parse the text typed for a field."""
    kind = field.row.kind
    try:
        return kind.read(text)
    except ValueError:
        wanted = "a whole number" if kind is ValueKind.WHOLE else "a number of seconds"
        return fault(field, f"must be {wanted}")


def fault(field: TargetKey, message: str) -> Complaint:
    """Return a complaint that prevents saving the target."""
    return Complaint(field, Severity.ERROR, message)


def is_title(field: TargetKey) -> bool:
    """Report whether a field is an AE title."""
    return isinstance(field, Field) and field.row.kind is ValueKind.AE_TITLE


def bytes_shown(field: TargetKey, text: str) -> str:
    """Return an AE title byte by byte if it has unusual characters, else an empty text."""
    if not is_title(field) or not text:
        return ""
    shown = title_bytes(text)
    return "" if shown == text else shown


def _quoted(path: str) -> str:
    """Return one path of several, in quotes if a comma or a quote is in it."""
    doubled = path.replace('"', '""')
    return f'"{doubled}"' if '"' in path or "," in path else path
