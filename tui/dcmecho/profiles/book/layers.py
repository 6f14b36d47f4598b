"""The tables that a target takes its values from, and what is in force for it. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from dcmecho.diagnosis.target.fields import REFUSALS, Field, Kind, Value
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.target.tls import TlsSettings
from dcmecho.profiles.book.model import BUILT_IN, Problem, in_force
from dcmecho.profiles.book.tls import TLS_KEY, TlsKey, TlsValue, merged, settings_of

UNKNOWN_FAULT = ""
"""The key of a fault that nothing nearer can settle: what the table says is not known."""


@dataclass(slots=True)
class Layer:
    """One table: the good values, and by key the problems that keep a value from being known.

    ``tls`` is its TLS table, ``None`` where it has none; ``is_plain`` stands for ``tls = false``.
    ``odd`` has values of the wrong type, ``remarks`` the problems that harm no target.
    """

    values: dict[Field, Value] = field(default_factory=dict)
    tls: dict[TlsKey, TlsValue] | None = None
    is_plain: bool = False
    faults: dict[str, Problem] = field(default_factory=dict)
    odd: dict[Field, Value] = field(default_factory=dict)
    remarks: list[Problem] = field(default_factory=list)

    def settles(self, key: str) -> bool:
        """Whether a faulty value of a farther table does not matter, because of one here.

        A faulty reason to refuse always matters: it was meant to hold for everything below it.
        """
        table, _, tls_key = key.rpartition(".")
        if TLS_KEY in (table, key) and self.is_plain:
            return True
        if table == TLS_KEY:
            return tls_key in (self.tls or {})
        return key in self.values and key not in REFUSALS

    @property
    def written(self) -> dict[Field, Value]:
        """All values as they stand there, of the right type or not."""
        return {**self.values, **self.odd}

    @property
    def refuses(self) -> bool:
        """Whether it has, or may have been meant to have, a reason not to do something."""
        refusals = self.refusals()
        return bool(refusals.faults) or any(refusals.values.values())

    def refusals(self) -> Layer:
        """Return it with nothing but its reasons to refuse."""
        return Layer(
            values={key: self.values[key] for key in REFUSALS if key in self.values},
            faults={
                key: problem
                for key, problem in self.faults.items()
                if key in (UNKNOWN_FAULT, *REFUSALS)
            },
        )


@dataclass(frozen=True, slots=True)
class Resolved:
    """What is in force for one target; with ``faults``, its values are not all known."""

    values: dict[Field, Value]
    tls: dict[TlsKey, TlsValue] | None
    faults: tuple[Problem, ...]

    def target(self) -> Target:
        """Make the target. Only for one without faults, that has every required value."""
        arguments: dict[str, Any] = {
            key.value: float(value) if key.row.kind is Kind.SECONDS else value
            for key, value in self.values.items()
        }
        return Target(**arguments, tls=self.tls_settings)

    @property
    def tls_settings(self) -> TlsSettings | None:
        """The TLS in force, ``None`` for a plain target."""
        return None if self.tls is None else settings_of(self.tls)


def resolved(*farthest_first: Layer) -> Resolved:
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
