"""The tables that a target inherits from, and the values in force for it. No I/O."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from dcmecho.diagnosis.target.fields import REFUSALS, Field, Value, ValueKind
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.target.tls import TlsSettings
from dcmecho.diagnosis.target.tls_keys import TlsKey
from dcmecho.profiles.book.model import BUILT_IN, Problem, in_force
from dcmecho.profiles.book.tables.tls import TLS_KEY, TlsValue, merged, settings_of
from dcmecho.profiles.book.tables.written_tls import TlsValues

UNKNOWN_FAULT = ""
"""Key of a fault that makes a whole table unknown; no nearer table can settle it."""


@dataclass(slots=True)
class ValueLayer:
    """One table: its good values, and by key the faults that make a value unknown.

    ``tls`` is its TLS table or ``None``; ``is_plain`` means ``tls = false``. ``written_tls`` is the
    same as it is in the file, whether it counts or not. ``odd`` has values of
    the wrong type, ``remarks`` the problems that do not break a target.
    """

    values: dict[Field, Value] = field(default_factory=dict)
    tls: dict[TlsKey, TlsValue] | None = None
    is_plain: bool = False
    written_tls: TlsValues = field(default_factory=dict)
    faults: dict[str, Problem] = field(default_factory=dict)
    odd: dict[Field, Value] = field(default_factory=dict)
    remarks: list[Problem] = field(default_factory=list)

    def settles(self, key: str) -> bool:
        """Report whether this table overrides a faulty value of a farther table.

        A faulty refusal cannot be overridden, because it was meant for everything below it.
        """
        table, _, tls_key = key.rpartition(".")
        if TLS_KEY in (table, key) and self.is_plain:
            return True
        if table == TLS_KEY:
            return tls_key in (self.tls or {})
        return key in self.values and key not in REFUSALS

    @property
    def written(self) -> dict[Field, Value]:
        """All values as written, of the right type or not."""
        return {**self.values, **self.odd}

    @property
    def refuses(self) -> bool:
        """Whether it has a refusal, or a faulty value that was meant as one."""
        refusals = self.refusals()
        return bool(refusals.faults) or any(refusals.values.values())

    def refusals(self) -> ValueLayer:
        """Return a copy with only the refusals."""
        return ValueLayer(
            values={key: self.values[key] for key in REFUSALS if key in self.values},
            faults={
                key: problem
                for key, problem in self.faults.items()
                if key in (UNKNOWN_FAULT, *REFUSALS)
            },
        )


@dataclass(frozen=True, slots=True)
class Resolved:
    """The values in force for one target; if it has ``faults``, some are unknown."""

    values: dict[Field, Value]
    tls: dict[TlsKey, TlsValue] | None
    faults: tuple[Problem, ...]

    def target(self) -> Target:
        """Make the target. Call it only without faults and with every required value."""
        arguments: dict[str, Any] = {
            key: float(value) if key.row.kind is ValueKind.SECONDS else value
            for key, value in self.values.items()
        }
        return Target(**arguments, tls=self.tls_settings)

    @property
    def tls_settings(self) -> TlsSettings | None:
        """The TLS settings in force, ``None`` for a plain target."""
        return None if self.tls is None else settings_of(self.tls)


def resolved(*farthest_first: ValueLayer) -> Resolved:
    """Merge the tables of one target."""
    tls: dict[TlsKey, TlsValue] | None = None
    faults: dict[str, Problem] = {}
    for layer in farthest_first:
        if layer.is_plain:
            tls = None
        elif layer.tls is not None:
            tls = merged(tls or {}, layer.tls)
        kept = {key: problem for key, problem in faults.items() if not layer.settles(key)}
        faults = kept | layer.faults
    values = in_force(BUILT_IN, *(layer.values for layer in farthest_first))
    return Resolved(values, tls, tuple(faults.values()))
