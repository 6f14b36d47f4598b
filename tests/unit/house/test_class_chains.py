"""No deep inheritance: at most two classes of dcmecho in a chain above those of libraries."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from importlib import import_module

import dcmecho

MOST = 2


def modules() -> Iterator[str]:
    """Yield every module of the package except ``__main__``."""
    for found in pkgutil.walk_packages(dcmecho.__path__, "dcmecho."):
        if not found.name.endswith("__main__"):
            yield found.name


def defined_in(holder: object, module: str) -> Iterator[type]:
    """Yield every class that a module defines, also inside another class."""
    for each in vars(holder).values():
        if isinstance(each, type) and each.__module__ == module and each is not holder:
            yield each
            yield from defined_in(each, module)


def own_chain(of: type) -> list[str]:
    """Return the names of a class and of its base classes in dcmecho."""
    return [each.__qualname__ for each in of.__mro__ if each.__module__.startswith("dcmecho")]


def too_long(classes: Iterator[type]) -> list[str]:
    """Return each chain that is too long, from the class to its last base."""
    chains = map(own_chain, classes)
    return sorted({" > ".join(chain) for chain in chains if len(chain) > MOST})


def test_no_class_has_more_than_one_base_class_of_dcmecho_in_its_chain() -> None:
    every = (each for name in modules() for each in defined_in(import_module(name), name))
    assert too_long(every) == []


def test_a_long_chain_is_reported_with_all_its_classes() -> None:
    bottom = type("Bottom", (), {"__module__": "dcmecho.a"})
    middle = type("Middle", (bottom,), {"__module__": "dcmecho.b"})
    top = type("Top", (middle,), {"__module__": "dcmecho.c"})
    assert too_long(iter((bottom, middle, top))) == ["Top > Middle > Bottom"]
