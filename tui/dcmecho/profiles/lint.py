"""Warnings about probable typing errors in a target, compared with the other targets. No I/O.

``diagnosis.target.validation`` finds values that cannot work; its complaints come first. The
warnings here never break a target: they only ask the user to look twice while typing.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from dcmecho.diagnosis.sanitize import own_text
from dcmecho.diagnosis.target.fields import Field
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.target.validation import Complaint, check_target
from dcmecho.diagnosis.target.value_checks import Severity

_OTHER_PROTOCOLS: Mapping[int, str] = MappingProxyType(
    {
        22: "SSH",
        80: "web servers",
        443: "web servers over TLS",
        2575: "HL7",
        3389: "remote desktops",
        8042: "Orthanc's web pages, whose DICOM port is usually 4242",
    }
)
_BY_SHAPE = str.maketrans({"O": "0", "I": "1", "l": "1", "-": "_", " ": "_"})
_BY_CASE = str.maketrans({"O": "0", "I": "1", "-": "_", " ": "_"})

_COMPARED = 3

_Names = dict[str, None]
"""The names of targets, in order, each once."""


@dataclass(frozen=True, slots=True)
class TitleIndex:
    """AE titles indexed by look: O is like 0, I like 1 and l, - like _, and case is ignored."""

    forms: Mapping[tuple[str, str], Mapping[str, _Names]]
    """For each look, the titles that have it, and the targets that use each title."""
    most_used: Mapping[tuple[str, str], Sequence[str]]
    """For each look, the titles that most targets use."""

    @classmethod
    def of(cls, titles: Iterable[tuple[str, str]]) -> TitleIndex:
        """Index pairs of a title and the name of the target that uses it."""
        forms: dict[tuple[str, str], dict[str, _Names]] = {}
        for title, name in titles:
            for form in _forms(title):
                forms.setdefault(form, {}).setdefault(title.strip(" "), {})[name] = None
        most_used = {form: _most_used(uses) for form, uses in forms.items()}
        return cls(forms, most_used)

    def lookalike(self, title: str, itself: str) -> tuple[str, str] | None:
        """Find another title that looks the same, and a target other than ``itself`` that uses it.

        Of two such titles, only the one that fewer targets use is suspect.
        """
        own = title.strip(" ")
        for form in _forms(title):
            uses = self.forms.get(form, {})
            friends = _beside(itself, uses.get(own, {}))
            for other in self.most_used.get(form, ()):
                names = uses[other]
                if other != own and _beside(itself, names) > friends:
                    return other, next(name for name in names if name != itself)
        return None


def _most_used(uses: Mapping[str, _Names]) -> Sequence[str]:
    # Three: one can be the title itself, and one can be used only by the target itself.
    if len(uses) <= _COMPARED:
        return tuple(uses)
    return heapq.nlargest(_COMPARED, uses, key=lambda title: len(uses[title]))


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The targets of one file, indexed once so linting each one is fast."""

    called: TitleIndex
    calling: TitleIndex
    addresses: Mapping[tuple[str, str, int], _Names]

    @classmethod
    def of(cls, targets: Iterable[Target]) -> Neighbours:
        """Index targets with unique names (``ProfileBook.targets``)."""
        kept = tuple(targets)
        addresses: dict[tuple[str, str, int], _Names] = {}
        for target in kept:
            addresses.setdefault(_address(target), {})[target.name] = None
        return cls(
            TitleIndex.of((target.called_ae, target.name) for target in kept),
            TitleIndex.of((target.calling_ae, target.name) for target in kept),
            addresses,
        )


def lint(target: Target, others: Neighbours, itself: str | None = None) -> tuple[Complaint, ...]:
    """Return every complaint about a target: errors, then probable typing errors.

    ``itself`` is the name that the target has in ``others``, if it is being renamed; empty for a
    new target.
    """
    known_as = target.name if itself is None else itself
    return (
        *check_target(target),
        *_slips(target),
        *_lookalike(Field.CALLED_AE, target.called_ae, others.called, known_as),
        *_lookalike(Field.CALLING_AE, target.calling_ae, others.calling, known_as),
        *_duplicate(target, others, known_as),
    )


def _slips(target: Target) -> tuple[Complaint, ...]:
    """Compare the values of one target with each other."""
    found = []
    if protocol := _OTHER_PROTOCOLS.get(target.port):
        text = f"{target.port} is usually the port of {protocol}; ask for the DICOM port"
        found.append(_warning(Field.PORT, text))
    for field, title in (
        (Field.CALLED_AE, target.called_ae),
        (Field.CALLING_AE, target.calling_ae),
    ):
        if title.isascii() and title != title.upper():
            text = "has lower-case letters; check it, because case counts for many peers"
            found.append(_warning(field, text))
    called, calling = target.called_ae.strip(" "), target.calling_ae.strip(" ")
    if called and called != calling and set(_forms(called)) & set(_forms(calling)):
        text = f"looks like your title {own_text(calling)}: {_difference(called, calling)}"
        found.append(_warning(Field.CALLED_AE, text))
    return tuple(found)


def _lookalike(field: Field, title: str, others: TitleIndex, itself: str) -> tuple[Complaint, ...]:
    found = others.lookalike(title, itself)
    if found is None:
        return ()
    other, name = found
    difference = _difference(title.strip(" "), other)
    text = f"looks like {own_text(other)} of {own_text(name)}: {difference}"
    return (_warning(field, text),)


def _difference(title: str, other: str) -> str:
    if title.upper() == other.upper():
        return "check upper and lower case"
    pairs = enumerate(zip(title.upper(), other.upper(), strict=False), start=1)
    number, (mine, theirs) = next(each for each in pairs if each[1][0] != each[1][1])
    shown = [_CHARACTER_NAMES.get(ch, ch) for ch in (mine, theirs)]
    return f"character {number} is {shown[0]} here and {shown[1]} there"


_CHARACTER_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "0": "the digit 0",
        "O": "the letter O",
        "1": "the digit 1",
        "I": "the letter I",
        "L": "the letter L",
        "-": "a hyphen",
        "_": "an underscore",
        " ": "a space",
    }
)


def _duplicate(target: Target, others: Neighbours, itself: str) -> tuple[Complaint, ...]:
    same = others.addresses.get(_address(target), ())
    name = next((each for each in same if each != itself), None)
    if name is None:
        return ()
    address = f"{target.called_ae.strip(' ')}@{target.host}:{target.port}"
    return (_warning(Field.HOST, f"{own_text(address)} is already listed as {own_text(name)}"),)


def _beside(itself: str, names: _Names) -> int:
    return len(names) - (itself in names)


def _address(target: Target) -> tuple[str, str, int]:
    return target.called_ae.strip(" "), target.host.lower().removesuffix("."), target.port


def _forms(title: str) -> tuple[tuple[str, str], ...]:
    """Return the looks of a title: one by the shape of its characters, one without case.

    A title that is not ASCII cannot be used, so it has none.
    """
    own = title.strip(" ")
    if not own or not own.isascii():
        return ()
    return ("shape", own.translate(_BY_SHAPE)), ("case", own.upper().translate(_BY_CASE))


def _warning(field: Field, message: str) -> Complaint:
    return Complaint(field, Severity.WARNING, message)
