"""Finds errors and oddities in the values of a target, one or all of them. No I/O."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from dcmecho.diagnosis.cause import CauseId
from dcmecho.diagnosis.target.fields import Field, Value
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.target.tls_keys import TargetKey
from dcmecho.diagnosis.target.value_checks import Severity, error

if TYPE_CHECKING:
    from dcmecho.diagnosis.target.tls import TlsSettings


@dataclass(frozen=True, slots=True)
class Complaint:
    """An error or an oddity in one value, and what to do.

    ``message`` is printable, on one line, and does not repeat the field's name. ``cause`` is set
    on errors that have an explanation of their own in ``causes.toml``.
    """

    field: TargetKey
    severity: Severity
    message: str
    cause: CauseId | None = None

    def __str__(self) -> str:
        return f"{self.field}: {self.message}"


def check_target(target: Target) -> tuple[Complaint, ...]:
    """Return every complaint about a target, in the order of its fields."""
    complaints = (
        complaint
        for field in Field
        for complaint in check(field, getattr(target, field), target.tls)
    )
    return (*complaints, *_same_titles(target))


def _same_titles(target: Target) -> tuple[Complaint, ...]:
    called, calling = str(target.called_ae).strip(" "), str(target.calling_ae).strip(" ")
    if not called or called != calling:
        return ()
    message = (
        "is also your calling AE title; check that the peer really has this title. Some servers"
        " reject a caller that has their own"
    )
    return (Complaint(Field.CALLED_AE, Severity.WARNING, message),)


@lru_cache(maxsize=1024, typed=True)
def check(field: Field, value: Value, tls: TlsSettings | None = None) -> tuple[Complaint, ...]:
    """Return every complaint about one value, for a target with these TLS settings or without.

    It is cached because most targets of a file share most values.
    """
    row = field.row
    flaws = row.check(value, tls) if row.kind.holds(value) else error(f"must be {row.expected}")
    return tuple(Complaint(field, *flaw) for flaw in flaws)
