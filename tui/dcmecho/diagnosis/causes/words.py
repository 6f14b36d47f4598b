"""Data files with the texts about causes: read once, checked strictly, filled for a run."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from importlib.resources import files
from string import Formatter
from types import MappingProxyType
from typing import Generic, TypeVar

from dcmecho.diagnosis.cause import Behind, Cause, Confidence, Who
from dcmecho.diagnosis.product import Hint, Product

Id = TypeVar("Id", bound=StrEnum)

_KEYS = frozenset(
    {"title", "brief", "explanation", "who", "actions", "behind", "where", "reference"}
)


class CauseTableError(ValueError):
    """A data file is wrong; the message names the table, the key and the error."""


@dataclass(frozen=True, slots=True)
class Passage(Generic[Id]):
    """A part of a text, with placeholders.

    It is left out if nothing that it is ``about`` is possible any more, or if the value that it
    ``needs`` is unknown.
    """

    text: str
    about: frozenset[Id] = frozenset()
    needs: str = ""

    def applies(self, values: Mapping[str, str], aside: Set[Id]) -> bool:
        """Report whether to show it after the causes ``aside`` were found not to be it."""
        is_known = not self.needs or bool(values.get(self.needs))
        return is_known and not (self.about and self.about <= aside)


@dataclass(frozen=True, slots=True)
class CauseText(Generic[Id]):
    """The texts about one cause, with placeholders; ``brief`` can be empty."""

    id: Id
    title: str
    explanation: tuple[Passage[Id], ...]
    who: Who
    actions: tuple[Passage[Id], ...]
    reference: str
    brief: str = ""
    where: tuple[Hint, ...] = ()
    behind: tuple[tuple[Who, Passage[Id]], ...] = ()


@dataclass(frozen=True)
class CauseWords(Generic[Id]):
    """The texts about each of ``ids``, from ``file`` in ``package``.

    ``neutral`` has every placeholder that a text can use, and what replaces it if a run has no
    value for it.
    """

    ids: type[Id]
    package: str
    file: str
    neutral: Mapping[str, str]

    @cached_property
    def texts(self) -> Mapping[Id, CauseText[Id]]:
        """Return the texts, with placeholders. Raises :class:`CauseTableError`."""
        return self.parse(files(self.package).joinpath(self.file).read_text(encoding="utf-8"))

    def describe(
        self,
        cause_id: Id,
        confidence: Confidence,
        values: Mapping[str, str],
        products: frozenset[Product] = frozenset(),
        aside: Set[Id] = frozenset(),
    ) -> Cause[Id]:
        """Return the texts about a cause, filled with ``values`` (by placeholder).

        A value that is missing or empty becomes a neutral phrase. Values are data: braces and
        markup in them stay unchanged. They must be printable already (see ``sanitize``). Hints are
        for ``products`` only, or for all products if none was recognized. What is only about
        causes ``aside`` is left out: an experiment speaks against them.
        """
        text = self.texts[cause_id]
        return Cause(
            id=cause_id,
            confidence=confidence,
            title=self.fill(text.title, values),
            explanation=" ".join(self.told(text.explanation, values, aside)),
            who=text.who,
            actions=tuple(self.told(text.actions, values, aside)),
            reference=text.reference,
            where=tuple(
                Hint(hint.product, self.fill(hint.text, values))
                for hint in text.where
                if not products or hint.product in products
            ),
            behind=tuple(
                Behind(who, line)
                for who, passage in text.behind
                for line in self.told((passage,), values, aside)
            ),
        )

    def told(
        self, passages: Iterable[Passage[Id]], values: Mapping[str, str], aside: Set[Id]
    ) -> Iterator[str]:
        """Yield the passages that apply, filled with ``values``."""
        for passage in passages:
            if passage.applies(values, aside):
                yield self.fill(passage.text, values)

    def fill(self, text: str, values: Mapping[str, str]) -> str:
        """Fill one text with ``values``; missing ones become neutral phrases."""
        known = {name: value for name, value in values.items() if value}
        filled = text.format_map({**self.neutral, **known})
        _, begins, _, _ = next(iter(Formatter().parse(text)), ("", None, "", ""))
        is_neutral = begins is not None and text.startswith("{") and begins not in known
        return filled[:1].upper() + filled[1:] if is_neutral else filled

    def parse(self, source: str) -> Mapping[Id, CauseText[Id]]:
        """Read TOML with exactly the causes of ``ids``. Raises :class:`CauseTableError`."""
        try:
            tables = tomllib.loads(source)
        except tomllib.TOMLDecodeError as error:
            raise CauseTableError(f"{self.file}: {error}") from error
        if unknown := tables.keys() - set(self.ids):
            raise self._error(f"no such cause: {', '.join(sorted(unknown))}")
        if missing := set(self.ids) - tables.keys():
            raise self._error(f"causes without a text: {', '.join(sorted(missing))}")
        return MappingProxyType({cause: self._text(cause, tables[cause]) for cause in self.ids})

    def _text(self, cause_id: Id, table: object) -> CauseText[Id]:
        if not isinstance(table, dict):
            raise self._error(f"{cause_id} must be a table")
        if stray := table.keys() - _KEYS:
            raise self._error(f"{cause_id}: no such key: {', '.join(sorted(stray))}")
        return CauseText(
            id=cause_id,
            title=self._line(f"{cause_id}: title", table.get("title")),
            explanation=self.passages(f"{cause_id}: explanation", table.get("explanation")),
            who=self._who(cause_id, table.get("who")),
            actions=self._actions(cause_id, table.get("actions")),
            reference=self._line(f"{cause_id}: reference", table.get("reference")),
            brief=self._line(f"{cause_id}: brief", table["brief"]) if "brief" in table else "",
            where=self._where(cause_id, table.get("where", {})),
            behind=self._behind(cause_id, table.get("behind", [])),
        )

    def _who(self, cause_id: Id, value: object) -> Who:
        for who in Who:
            if value == who:
                return who
        raise self._error(f"{cause_id}: who must be one of {', '.join(Who)}")

    def _actions(self, cause_id: Id, value: object) -> tuple[Passage[Id], ...]:
        if not isinstance(value, list) or not value:
            raise self._error(f"{cause_id}: actions must be a list of next steps")
        return self.passages(f"{cause_id}: actions", value)

    def _behind(self, cause_id: Id, value: object) -> tuple[tuple[Who, Passage[Id]], ...]:
        if not isinstance(value, list):
            raise self._error(f"{cause_id}: behind must be a list")
        key, found = f"{cause_id}: behind", []
        for each in value:
            table = dict(each) if isinstance(each, dict) else {}
            who = table.pop("who", None)
            passage = self._passage(key, table)
            found.append((self._who(cause_id, who), passage))
        return tuple(found)

    def passages(self, key: str, value: object) -> tuple[Passage[Id], ...]:
        """Read a text, or a list of texts and tables of ``text``, ``about`` and ``needs``."""
        return tuple(
            self._passage(key, each) for each in (value if isinstance(value, list) else [value])
        )

    def _passage(self, key: str, value: object) -> Passage[Id]:
        if not isinstance(value, dict):
            return Passage(self._line(key, value))
        if stray := value.keys() - {"text", "about", "needs"}:
            raise self._error(f"{key}: no such key: {', '.join(sorted(stray))}")
        if unknown := set(value.get("about", ())) - set(self.ids):
            raise self._error(f"{key}: no such cause: {', '.join(sorted(unknown))}")
        if (needs := value.get("needs", "")) not in ("", *self.neutral):
            raise self._error(f"{key}: {needs} is not a placeholder")
        about = frozenset(self.ids(each) for each in value.get("about", ()))
        return Passage(self._line(key, value.get("text")), about, needs)

    def _where(self, cause_id: Id, value: object) -> tuple[Hint, ...]:
        if not isinstance(value, dict):
            raise self._error(f"{cause_id}: where must be a table of hints by product")
        if unknown := value.keys() - set(Product):
            raise self._error(
                f"{cause_id}: where: no such product: {', '.join(sorted(unknown))};"
                f" there are {', '.join(Product)}"
            )
        return tuple(
            Hint(product, self._line(f"{cause_id}: where.{product}", value[product]))
            for product in Product
            if product in value
        )

    def _line(self, key: str, value: object) -> str:
        """One line of text whose placeholders all exist. Line breaks become spaces."""
        if not isinstance(value, str) or not value.strip():
            raise self._error(f"{key} must be a text")
        try:
            parts = list(Formatter().parse(value))
        except ValueError as error:
            raise self._error(f"{key}: {error}") from error
        for _, name, specification, conversion in parts:
            if name is not None and (name not in self.neutral or specification or conversion):
                known = ", ".join(sorted(self.neutral))
                raise self._error(f"{key}: {{{name}}} is not a placeholder; there are {known}")
        return " ".join(value.split())

    def _error(self, fault: str) -> CauseTableError:
        return CauseTableError(f"{self.file}: {fault}")
