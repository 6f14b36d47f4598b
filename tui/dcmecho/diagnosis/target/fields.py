"""The values of a target, one row each. Every other list of values is derived from these rows.

A row has a value's label, its type, its check and the names that options and tables give it. A
value that is added to ``Target`` needs a row here. The row gives it a place in the file, the form,
the checks, the imports and the exports.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, NamedTuple, assert_never

from dcmecho.diagnosis.rows import RowEnum
from dcmecho.diagnosis.target import column_names
from dcmecho.diagnosis.target.risk import Risk
from dcmecho.diagnosis.target.value_checks import (
    Flaw,
    check_ae_title,
    check_host,
    check_max_pdu,
    check_port,
    check_timeout,
    error,
)

if TYPE_CHECKING:
    from dcmecho.diagnosis.target.target import Target
    from dcmecho.diagnosis.target.tls import TlsSettings

Value = str | int | float
"""A value of a target as TOML holds it."""


def whole_number(text: str) -> int:
    """Read a whole number. Raises ``ValueError``."""
    return int(_plain(text))


def seconds(text: str) -> float:
    """Read a number of seconds. Raises ``ValueError``."""
    return float(_plain(text))


def _plain(text: str) -> str:
    """Refuse what only Python reads as a number: 1_000, digits of other scripts."""
    if "_" in text or not text.isascii():
        raise ValueError(f"{text!r} is not a number")
    return text


class ValueKind(Enum):
    """The type of a value, and how it is read."""

    LINE = auto()
    """Text on one line."""
    TEXT = auto()
    HOST = auto()
    AE_TITLE = auto()
    """PS3.5 6.2: the spaces around it have no meaning."""
    REFUSAL = auto()
    """The reason not to do something. One in a group or the defaults holds for all its targets."""
    WHOLE = auto()
    SECONDS = auto()
    """Seconds, with or without a fraction."""

    def holds(self, value: object) -> bool:
        """Report whether ``value`` has this type."""
        if isinstance(value, bool):
            return False
        match self:
            case ValueKind.WHOLE:
                return isinstance(value, int)
            case ValueKind.SECONDS:
                return isinstance(value, int | float)
            case (
                ValueKind.LINE
                | ValueKind.TEXT
                | ValueKind.HOST
                | ValueKind.AE_TITLE
                | ValueKind.REFUSAL
            ):
                return isinstance(value, str)
            case _:
                assert_never(self)

    def read(self, text: str) -> Value:
        """Convert typed text to a value. Raises ``ValueError``."""
        match self:
            case ValueKind.WHOLE:
                return whole_number(text)
            case ValueKind.SECONDS:
                return seconds(text)
            case (
                ValueKind.LINE
                | ValueKind.TEXT
                | ValueKind.HOST
                | ValueKind.AE_TITLE
                | ValueKind.REFUSAL
            ):
                return text
            case _:
                assert_never(self)


class FormSection(Enum):
    """The parts of the form, in order."""

    LISTED_AS = auto()
    ADDRESS = auto()
    LIMITS = auto()
    REMARKS = auto()


Check = Callable[[Any, "TlsSettings | None"], tuple[Flaw, ...]]
"""Judges a value of the right type, in a target with these TLS settings."""


def _alone(check: Callable[[Any], tuple[Flaw, ...]]) -> Check:
    """Judge a value without regard to the target's TLS settings."""
    return lambda value, _: check(value)


def _one_line(text: str) -> tuple[Flaw, ...]:
    return () if text.isprintable() else error("must be text that can be shown on one line")


def _any_text(_: str) -> tuple[Flaw, ...]:
    """Accept any text: only people read it."""
    return ()


class FieldRow(NamedTuple):
    """Everything about one value of a target."""

    label: str
    """Its name in the form."""
    hint: str
    """A few words beside it in the form."""
    section: FormSection
    kind: ValueKind
    expected: str
    """What the file must contain, for the message about a wrong type."""
    check: Check
    risk: Risk
    """Whether it counts in a file that somebody else can change."""
    short_label: str = ""
    """A shorter label for narrow places; if empty, ``label``."""
    columns: tuple[str, ...] = ()
    """Names of its column in other programs' tables."""
    options: tuple[str, ...] = ()
    """The DCMTK options that set it."""
    is_needed: bool = False
    """Whether every target must have it."""
    affects_check: bool = True
    """Whether a check depends on it. If so, changing it makes an earlier report out of date."""

    @property
    def brief(self) -> str:
        """Return the label for narrow places."""
        return self.short_label or self.label


_TEXT = "text in quotes"
_REASON = "text in quotes, the reason to show"
_SECONDS = "a number of seconds"


class Field(RowEnum):
    """The values of a target, by their names in ``Target`` and in profiles.toml.

    TLS is not among them because it has its own table.
    """

    row: FieldRow

    NAME = (
        "name",
        FieldRow(
            label="Name",
            hint="what you call it",
            section=FormSection.LISTED_AS,
            kind=ValueKind.LINE,
            expected=_TEXT,
            check=_alone(_one_line),
            risk=Risk.NONE,
            columns=column_names.NAME,
            is_needed=True,
            affects_check=False,
        ),
    )
    HOST = (
        "host",
        FieldRow(
            label="Host",
            hint="name or IP address",
            section=FormSection.ADDRESS,
            kind=ValueKind.HOST,
            expected=_TEXT,
            check=_alone(check_host),
            risk=Risk.NONE,
            columns=column_names.HOST,
            is_needed=True,
        ),
    )
    PORT = (
        "port",
        FieldRow(
            label="Port",
            hint="of the DICOM service",
            section=FormSection.ADDRESS,
            kind=ValueKind.WHOLE,
            expected="a number (1 to 65535)",
            check=check_port,
            risk=Risk.NONE,
            columns=column_names.PORT,
            is_needed=True,
        ),
    )
    CALLED_AE = (
        "called_ae",
        FieldRow(
            label="Called AE title",
            short_label="Called",
            hint="theirs, max 16 bytes",
            section=FormSection.ADDRESS,
            kind=ValueKind.AE_TITLE,
            expected=_TEXT,
            check=_alone(check_ae_title),
            risk=Risk.NONE,
            columns=column_names.CALLED_AE,
            options=("-aec", "--call"),
            is_needed=True,
        ),
    )
    CALLING_AE = (
        "calling_ae",
        FieldRow(
            label="Calling AE title",
            short_label="Calling",
            hint="yours, as registered",
            section=FormSection.ADDRESS,
            kind=ValueKind.AE_TITLE,
            expected=_TEXT,
            check=_alone(check_ae_title),
            risk=Risk.NONE,
            columns=column_names.CALLING_AE,
            options=("-aet", "--aetitle"),
        ),
    )
    GROUP = (
        "group",
        FieldRow(
            label="Group",
            hint="its heading in the list",
            section=FormSection.LISTED_AS,
            kind=ValueKind.LINE,
            expected=_TEXT,
            check=_alone(_one_line),
            risk=Risk.NONE,
            columns=column_names.GROUP,
            affects_check=False,
        ),
    )
    NOTES = (
        "notes",
        FieldRow(
            label="Notes",
            hint="for your own use",
            section=FormSection.REMARKS,
            kind=ValueKind.TEXT,
            expected=_TEXT,
            check=_alone(_any_text),
            risk=Risk.NONE,
            columns=column_names.NOTES,
            affects_check=False,
        ),
    )
    CONNECT_TIMEOUT_S = (
        "connect_timeout_s",
        FieldRow(
            label="Connect timeout",
            hint="seconds",
            section=FormSection.LIMITS,
            kind=ValueKind.SECONDS,
            expected=_SECONDS,
            check=_alone(check_timeout),
            risk=Risk.NONE,
            options=("-to", "--timeout"),
        ),
    )
    ACSE_TIMEOUT_S = (
        "acse_timeout_s",
        FieldRow(
            label="Assoc. timeout",
            hint="seconds",
            section=FormSection.LIMITS,
            kind=ValueKind.SECONDS,
            expected=_SECONDS,
            check=_alone(check_timeout),
            risk=Risk.NONE,
            options=("-ta", "--acse-timeout"),
        ),
    )
    DIMSE_TIMEOUT_S = (
        "dimse_timeout_s",
        FieldRow(
            label="Message timeout",
            hint="seconds",
            section=FormSection.LIMITS,
            kind=ValueKind.SECONDS,
            expected=_SECONDS,
            check=_alone(check_timeout),
            risk=Risk.NONE,
            options=("-td", "--dimse-timeout"),
        ),
    )
    MAX_PDU_BYTES = (
        "max_pdu_bytes",
        FieldRow(
            label="Max PDU",
            hint="bytes you can receive",
            section=FormSection.LIMITS,
            kind=ValueKind.WHOLE,
            expected="a whole number of bytes",
            check=_alone(check_max_pdu),
            risk=Risk.NONE,
            options=("-pdu", "--max-pdu"),
        ),
    )
    DO_NOT_PROBE = (
        "do_not_probe",
        FieldRow(
            label="Do not probe",
            hint="reason: blocks checks",
            section=FormSection.REMARKS,
            kind=ValueKind.REFUSAL,
            expected=_REASON,
            check=_alone(_any_text),
            risk=Risk.NONE,
        ),
    )
    NO_EXPERIMENTS = (
        "no_experiments",
        FieldRow(
            label="No experiments",
            hint="reason: C-ECHO only",
            section=FormSection.REMARKS,
            kind=ValueKind.REFUSAL,
            expected=_REASON,
            check=_alone(_any_text),
            risk=Risk.NONE,
        ),
    )


REQUIRED = tuple(field for field in Field if field.row.is_needed)
"""The values every target needs, from the target itself, its group or the defaults."""

REFUSALS = tuple(field for field in Field if field.row.kind is ValueKind.REFUSAL)
"""The reasons not to do something."""

IN_THE_FORM = tuple(sorted(Field, key=lambda field: field.row.section.value))
"""All values, in the order of the form."""

_FOR_PEOPLE = frozenset(field.value for field in Field if not field.row.affects_check)


def values_checked(target: Target) -> tuple[object, ...]:
    """Return all values of ``target`` that a check depends on, including those without a row."""
    return tuple(
        getattr(target, name) for name in target.__dataclass_fields__ if name not in _FOR_PEOPLE
    )
