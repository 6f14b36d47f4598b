"""Private names of a library are used only in the modules made for that.

The linter sees imports and reads (SLF001, PLC2701); this sees what a class of ours takes from its
base.
"""

from __future__ import annotations

import dis
import importlib
import pkgutil
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from types import CodeType

import dcmecho

MADE_FOR_IT = ("dcmecho.console.textual_private",)
LANGUAGE = ("builtins", "enum", "typing", "abc", "collections")
WRAPPED_AS = ("fget", "func", "__func__")
"""The attributes in which properties, their like and class methods keep the function."""


def own_classes() -> Iterator[type]:
    for found in pkgutil.walk_packages([str(Path(dcmecho.__file__).parent)], "dcmecho."):
        if not found.name.endswith("__main__") and found.name not in MADE_FOR_IT:
            for each in vars(importlib.import_module(found.name)).values():
                if isinstance(each, type) and each.__module__ == found.name:
                    yield each


def libraries(own: type) -> list[type]:
    """Return the bases of a class that belong to libraries."""
    return [e for e in own.__mro__ if e.__module__.split(".")[0] not in ("dcmecho", *LANGUAGE)]


def methods(cls: type) -> Iterator[tuple[str, CodeType]]:
    """Return the functions of a class by name, with nested ones."""
    for name, member in vars(cls).items():
        for function in (member, *(getattr(member, part, None) for part in WRAPPED_AS)):
            code = getattr(function, "__code__", None)
            if isinstance(code, CodeType):
                yield from ((name, each) for each in (code, *nested(code)))


def nested(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from (constant, *nested(constant))


def attributes(code: CodeType, *operations: str) -> set[str]:
    """Return the attributes that a function reads or sets on any object."""
    found = (each for each in dis.get_instructions(code) if each.opname.endswith(operations))
    return {str(each.argval) for each in found}


def private(names: set[str]) -> set[str]:
    return {name for name in names if name.startswith("_") and not name.startswith("__")}


@lru_cache
def used(own: type) -> set[str]:
    """Return the private names that the methods of a class define, read or set."""
    every = [{name} | attributes(code, "_ATTR", "_METHOD") for name, code in methods(own)]
    return private(set().union(*every))


@lru_cache
def offered(library: type) -> set[str]:
    """Return the private names that a class of a library has or sets."""
    return private(
        set(vars(library)).union(*(attributes(code, "STORE_ATTR") for _, code in methods(library)))
    )


def test_no_class_reads_or_overrides_what_is_private_in_its_base() -> None:
    found = [
        f"{own.__module__}.{own.__name__}: {library.__name__}.{name}"
        for own in own_classes()
        for library in libraries(own)
        for name in used(own) & offered(library)
    ]
    assert found == []
