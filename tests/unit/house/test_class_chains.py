"""No towers: at most two classes of our own stand in a chain above those of the libraries."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from importlib import import_module

import dcmecho

MOST = 2


def modules() -> Iterator[str]:
    """Every module of the package but the one that runs it."""
    for found in pkgutil.walk_packages(dcmecho.__path__, "dcmecho."):
        if not found.name.endswith("__main__"):
            yield found.name


def defined_in(holder: object, module: str) -> Iterator[type]:
    """Every class that a module defines, also inside another class."""
    for each in vars(holder).values():
        if isinstance(each, type) and each.__module__ == module and each is not holder:
            yield each
            yield from defined_in(each, module)


def own_chain(of: type) -> list[str]:
    """The names of a class and of all of ours that it inherits from."""
    return [each.__qualname__ for each in of.__mro__ if each.__module__.startswith("dcmecho")]


def too_long(classes: Iterator[type]) -> list[str]:
    """Each chain that is too long, from the class to the one at its end."""
    chains = map(own_chain, classes)
    return sorted({" > ".join(chain) for chain in chains if len(chain) > MOST})


def test_no_class_stands_on_more_than_one_other_of_ours() -> None:
    every = (each for name in modules() for each in defined_in(import_module(name), name))
    assert too_long(every) == []


def test_a_tower_is_named_with_each_of_its_classes() -> None:
    bottom = type("Bottom", (), {"__module__": "dcmecho.a"})
    middle = type("Middle", (bottom,), {"__module__": "dcmecho.b"})
    top = type("Top", (middle,), {"__module__": "dcmecho.c"})
    assert too_long(iter((bottom, middle, top))) == ["Top > Middle > Bottom"]
