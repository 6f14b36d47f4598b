"""No table over an enum forgets a member: mypy does not see that, and a lookup of it crashes.

A value that every member has is a part of its row, or a ``match`` with ``assert_never``. What only
some members have is named here.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

import dcmecho

SOURCES = {
    path: ast.parse(path.read_text(encoding="utf-8"))
    for path in Path(dcmecho.__file__).parent.rglob("*.py")
}

ONLY_SOME = frozenset(
    {
        "ABOUT_TITLES",
        "BUILT_IN",
        "REJECTIONS",
        "TRANSIENT_REJECTIONS",
        "_AFTER_ACCEPTANCE",
        "_ANSWERS",
        "_BEFORE_ACCEPTANCE",
        "_BY_FINDING",
        "_ENDINGS",
        "_ENDS",
        "_PLACES",
        "_PLANS",
        "_REGISTRATIONS",
        "_REJECTIONS",
        "TITLE_IN",
        "_SIMPLE",
        "_STAGE_BY_KIND",
        "_STEPS",
        "_TLS",
        "_UNSURE",
        "_UNTOLD",
        "_WITH_VALUE",
        "_WORDS_BY_KIND",
    }
)
"""The names of tables that are used only with ``get`` or ``in``."""


class Table(NamedTuple):
    """A dict at the top of a module with members of one enum as keys."""

    name: str
    enum: str
    members: frozenset[str]


def _enums() -> Mapping[str, list[frozenset[str]]]:
    """Return the members of every class that could be an enum, by class name."""
    found: dict[str, list[frozenset[str]]] = {}
    for tree in SOURCES.values():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and any("Enum" in ast.unparse(b) for b in node.bases):
                names = frozenset(
                    target.id
                    for each in node.body
                    if isinstance(each, ast.Assign)
                    for target in each.targets
                    if isinstance(target, ast.Name)
                )
                found.setdefault(node.name, []).append(names)
    return found


def _dicts(statement: ast.stmt) -> Iterator[tuple[str, ast.Dict]]:
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            pass
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
            pass
        case _:
            return
    yield from ((name, each) for each in ast.walk(value) if isinstance(each, ast.Dict))


def _tables() -> Iterator[Table]:
    for tree in SOURCES.values():
        for statement in tree.body:
            for name, table in _dicts(statement):
                if None in table.keys:
                    continue
                keys = {ast.unparse(key).rpartition(".") for key in table.keys if key}
                enums = {enum for enum, _, _ in keys}
                if len(enums) == 1 and (enum := enums.pop()) in ENUMS:
                    yield Table(name, enum, frozenset(member for _, _, member in keys))


ENUMS = _enums()
TABLES = tuple(_tables())


def test_the_enums_and_some_tables_are_found() -> None:
    assert {"StageId", "Field", "Service", "AnswerKind", "CauseId"} <= set(ENUMS)
    assert {"_PLANS", "_BY_FINDING"} <= {table.name for table in TABLES}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: f"{table.name}-{table.enum}")
def test_a_table_has_every_member_or_says_that_it_has_only_some(table: Table) -> None:
    if table.name not in ONLY_SOME:
        missing = [members - table.members for members in ENUMS[table.enum]]
        assert frozenset() in missing, f"{table.name} lacks {missing} of {table.enum}"
