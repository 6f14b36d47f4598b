"""The words that dcmecho itself writes: what else stands in a text comes from a site."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.machinery import PathFinder
from pathlib import Path
from types import CodeType
from typing import Any

import dcmecho

_SPEAKING = ("diagnosis", "dicom", "journal", "report", "standard")
"""The packages whose texts can stand in a report."""

PATH = re.compile(r"(?<![\w.~/])~?\.{0,2}/[^\s:,;()'\"]+")
"""A path in a text, perhaps with the point that ends its sentence."""

_WORD = re.compile(r"\w+")
_OWN_FORMS = re.compile(r"[0-9]{1,6}|[0-9]+T[0-9]+|[0-9]+Z|0x[0-9A-Fa-f]{1,8}|x[0-9A-Fa-f]{2}")
"""Figures, parts of a time, statuses, escaped bytes."""


class Vocabulary:
    """A set of words, and what of a text is made of them."""

    def __init__(self, words: frozenset[str]) -> None:
        self._words = words

    def with_words_of(self, texts: Iterable[str]) -> Vocabulary:
        """Return a vocabulary that has the words of ``texts`` too."""
        return Vocabulary(self._words.union(*map(_words, texts)))

    def has(self, text: str) -> bool:
        """Report whether a text is made of these words, of figures and of punctuation only."""
        found = _WORD.findall(text)
        return all(each.casefold() in self._words or _OWN_FORMS.fullmatch(each) for each in found)

    def has_path(self, path: str) -> bool:
        """Report whether one of these texts names this very path."""
        return path.casefold() in self._words


@cache
def own_vocabulary() -> Vocabulary:
    """Return the words of every text in the code and the data files of this program."""
    root = Path(dcmecho.__file__).parent
    words = {"ms", "utc", "mib", "kib"} | _words(" ".join(map(os.strerror, errno.errorcode)))
    words.update(map(str.casefold, errno.errorcode.values()))
    for package in _SPEAKING:
        for path in (root / package).rglob("*.py"):
            words.update(*map(_words, _constants(_code(path))))
        for path in (root / package).rglob("*.toml"):
            words |= _words(path.read_text("utf-8"))
    return Vocabulary(frozenset(words))


def _code(path: Path) -> CodeType:
    """Return the code of a module, compiled before if possible, without running it."""
    spec = PathFinder.find_spec(path.stem, [str(path.parent)])
    loader: Any = spec.loader if spec else None
    code: CodeType = loader.get_code(path.stem)
    return code


def _constants(code: CodeType) -> Iterator[str]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _constants(constant)
        elif isinstance(constant, str):
            yield constant
        elif isinstance(constant, tuple):
            yield from (each for each in constant if isinstance(each, str))


def _words(text: str) -> set[str]:
    """Return the words of a text, and the paths in it."""
    folded = text.casefold()
    return {*_WORD.findall(folded), *(each.rstrip(".") for each in PATH.findall(folded))}
