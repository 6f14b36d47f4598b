"""The services of a docker-compose file: their variables and published ports.

Read as nodes: no object is made of what the file says, and an alias costs nothing until it is
looked at, which happens once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dcmecho.profiles.exchange.formats.syntax.variable import Variable

if TYPE_CHECKING:
    from yaml.nodes import Node

MOST_CHARACTERS = 200_000
"""Longer ones are refused: the reader takes seconds for each million."""

_MERGE = "<<"
_PORT = re.compile(r"(?:.*:)?(?P<published>[0-9]{1,5}):(?P<target>[0-9]{1,5})(?:/tcp)?", re.DOTALL)


class NoYamlError(Exception):
    """The text cannot be read. ``line`` is where."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True, slots=True)
class Service:
    """One service. ``published`` has for each port in the container the one of the host."""

    name: str
    variables: tuple[Variable, ...]
    published: Mapping[str, str] = field(default_factory=dict)


def read_services(text: str) -> tuple[Service, ...]:
    """Read the services, and the contents of configs. Raises ``NoYamlError``."""
    try:
        return _services(_composed(text))
    except RecursionError as error:
        raise NoYamlError(1, "is nested too deeply") from error


def _services(document: Node | None) -> tuple[Service, ...]:
    root = dict(_items(document))
    seen: set[int] = set()
    services = [_service(*each, seen) for each in _items(root.get("services"))]
    configs = [_config(node, seen) for _, node in _items(root.get("configs"))]
    return (*services, *configs)


def _composed(text: str) -> Node | None:
    import yaml

    if len(text) > MOST_CHARACTERS:
        raise NoYamlError(1, f"is longer than {MOST_CHARACTERS:,} characters")
    try:
        # SafeLoader is the one in Python: the one in C does not survive a deep nesting.
        return yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise NoYamlError(line, f"is not YAML: {error.problem}") from error
    except yaml.YAMLError as error:
        raise NoYamlError(1, "is not YAML: it has characters that YAML does not allow") from error


def _items(node: Node | None, merged: set[int] | None = None) -> Iterator[tuple[str, Node]]:
    """Yield the pairs of a mapping; those that it merges (``<<``) come first, each mapping once."""
    from yaml.nodes import MappingNode, ScalarNode, SequenceNode

    merged = set() if merged is None else merged
    if not isinstance(node, MappingNode) or id(node) in merged:
        return
    merged.add(id(node))
    for key, value in node.value:
        if isinstance(key, ScalarNode) and key.value == _MERGE:
            for each in value.value if isinstance(value, SequenceNode) else [value]:
                yield from _items(each, merged)
    for key, value in node.value:
        if isinstance(key, ScalarNode) and key.value != _MERGE:
            yield key.value, value


def _service(name: str, node: Node, seen: set[int]) -> Service:
    values = dict(_items(node))
    variables = tuple(_variables(values.get("environment"), seen))
    return Service(name, variables, dict(_published(values.get("ports"))))


def _config(node: Node, seen: set[int]) -> Service:
    """Return the content of a config as if it were ``ORTHANC_JSON``, which it is for an Orthanc."""
    content = dict(_items(node)).get("content")
    return Service("", tuple(_variable("ORTHANC_JSON", content, seen)) if content else ())


def _variables(node: Node | None, seen: set[int]) -> Iterator[Variable]:
    from yaml.nodes import ScalarNode, SequenceNode

    if isinstance(node, SequenceNode):
        for each in node.value:
            if isinstance(each, ScalarNode) and id(each) not in seen:
                seen.add(id(each))
                name, _, value = each.value.partition("=")
                yield Variable(name, _plain(value), each.start_mark.line + 1, _first_line(each))
    else:
        for name, value in _items(node):
            yield from _variable(name, value, seen)


def _variable(name: str, node: Node, seen: set[int]) -> Iterator[Variable]:
    from yaml.nodes import ScalarNode

    if isinstance(node, ScalarNode) and id(node) not in seen:
        seen.add(id(node))
        yield Variable(name, _plain(node.value), node.start_mark.line + 1, _first_line(node))


def _first_line(node: Node) -> int:
    is_block = getattr(node, "style", "") in ("|", ">")
    return int(node.start_mark.line) + (2 if is_block else 1)


def _plain(value: str) -> str:
    """Return a value with ``$$``, which Docker takes for one ``$``, as one."""
    return value.replace("$$", "$")


def _published(node: Node | None) -> Iterator[tuple[str, str]]:
    from yaml.nodes import MappingNode, ScalarNode, SequenceNode

    for each in node.value if isinstance(node, SequenceNode) else ():
        if isinstance(each, ScalarNode) and (found := _PORT.fullmatch(each.value)):
            yield found["target"], found["published"]
        elif isinstance(each, MappingNode):
            values = {k: v.value for k, v in _items(each) if isinstance(v, ScalarNode)}
            if "published" in values:
                yield str(values.get("target", "")), str(values["published"])
