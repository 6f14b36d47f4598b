"""The values of a target as they are typed: text to value and back, and what is wrong. Pure."""

from __future__ import annotations

from dcmecho.diagnosis.sanitize import title_bytes
from dcmecho.diagnosis.target.fields import Field, Kind, Value
from dcmecho.diagnosis.target.validation import Complaint
from dcmecho.diagnosis.target.value_checks import Severity, number_text


def as_text(value: Value) -> str:
    """Write a value as the form shows it."""
    return value if isinstance(value, str) else number_text(value)


def parse(field: Field, text: str) -> Value | Complaint:
    """Read what was typed for a field."""
    kind = field.row.kind
    try:
        return kind.read(text)
    except ValueError:
        wanted = "a whole number" if kind is Kind.WHOLE else "a number of seconds"
        return fault(field, f"must be {wanted}")


def fault(field: Field, message: str) -> Complaint:
    """Make a complaint that keeps a target from being saved."""
    return Complaint(field, Severity.ERROR, message)


def bytes_shown(field: Field, text: str) -> str:
    """An AE title byte by byte where it has odd characters, else empty."""
    if field.row.kind is not Kind.AE_TITLE or not text:
        return ""
    shown = title_bytes(text)
    return "" if shown == text else shown
