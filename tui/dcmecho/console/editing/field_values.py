"""Typed values of a target: from text to value and back, and their complaints. No I/O."""

from __future__ import annotations

from dcmecho.diagnosis.sanitize import title_bytes
from dcmecho.diagnosis.target.fields import Field, Value, ValueKind
from dcmecho.diagnosis.target.validation import Complaint
from dcmecho.diagnosis.target.value_checks import Severity, number_text


def as_text(value: Value) -> str:
    """Return a value as the form shows it."""
    return value if isinstance(value, str) else number_text(value)


def parse(field: Field, text: str) -> Value | Complaint:
    """Parse the text typed for a field."""
    kind = field.row.kind
    try:
        return kind.read(text)
    except ValueError:
        wanted = "a whole number" if kind is ValueKind.WHOLE else "a number of seconds"
        return fault(field, f"must be {wanted}")


def fault(field: Field, message: str) -> Complaint:
    """Return a complaint that prevents saving the target."""
    return Complaint(field, Severity.ERROR, message)


def bytes_shown(field: Field, text: str) -> str:
    """Return an AE title byte by byte if it has unusual characters, else an empty text."""
    if field.row.kind is not ValueKind.AE_TITLE or not text:
        return ""
    shown = title_bytes(text)
    return "" if shown == text else shown
