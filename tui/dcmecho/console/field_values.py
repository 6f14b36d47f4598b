"""The values of a target as they are typed: text to value and back, and what is wrong. Pure."""

from __future__ import annotations

from dcmecho.diagnosis.sanitize import title_bytes
from dcmecho.diagnosis.tls import TlsSettings
from dcmecho.diagnosis.validation import (
    SECONDS,
    TITLES,
    WHOLE_NUMBERS,
    Complaint,
    Field,
    Severity,
    check_ae_title,
    check_host,
    check_max_pdu,
    check_port,
    check_timeout,
)
from dcmecho.profiles.model import Value


def as_text(value: Value) -> str:
    """Write a value as the form shows it."""
    return f"{value:g}" if isinstance(value, float) else str(value)


def parse(field: Field, text: str) -> Value | Complaint:
    """Read what was typed for a field."""
    try:
        if field in WHOLE_NUMBERS:
            return int(text)
        if field in SECONDS:
            return float(text)
    except ValueError:
        kind = "a whole number" if field in WHOLE_NUMBERS else "a number of seconds"
        return fault(field, f"must be {kind}")
    return text


def check(field: Field, value: Value, tls: TlsSettings | None) -> tuple[Complaint, ...]:
    """Every complaint about one value, for a target with this TLS."""
    if field is Field.HOST:
        return check_host(str(value))
    if field is Field.PORT:
        return check_port(int(value), tls)
    if field in TITLES:
        return check_ae_title(field, str(value))
    if field in SECONDS:
        return check_timeout(field, float(value))
    if field is Field.MAX_PDU_BYTES:
        return check_max_pdu(int(value))
    return ()


def fault(field: Field, message: str) -> Complaint:
    """Make a complaint that keeps a target from being saved."""
    return Complaint(field, Severity.ERROR, message)


def bytes_shown(field: Field, text: str) -> str:
    """An AE title byte by byte where it has odd characters, else empty."""
    if field not in TITLES or not text:
        return ""
    shown = title_bytes(text)
    return "" if shown == text else shown
