"""No file of dcmecho imports itself through others, not even for its type annotations."""

from __future__ import annotations

import graphlib
from pathlib import Path

import grimp
import pytest


def circle(package: str) -> list[str]:
    """Return the modules of one import cycle in order, or nothing.

    Imports inside functions and under ``TYPE_CHECKING`` count.
    """
    graph = grimp.build_graph(package, cache_dir=None)
    imports = {name: graph.find_modules_directly_imported_by(name) for name in graph.modules}
    try:
        graphlib.TopologicalSorter(imports).prepare()
    except graphlib.CycleError as error:
        return list(reversed(error.args[1]))
    return []


def test_there_is_no_import_cycle() -> None:
    assert circle("dcmecho") == []


@pytest.mark.parametrize(
    "back",
    [
        pytest.param("import rounds.first", id="plain"),
        pytest.param(
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from rounds import first",
            id="for-types",
        ),
        pytest.param("def later():\n    from rounds.first import name", id="in-a-function"),
    ],
)
def test_an_import_cycle_is_reported(
    back: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "rounds"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "first.py").write_text("import rounds.second")
    (package / "second.py").write_text("import rounds.third")
    (package / "third.py").write_text(back)
    monkeypatch.syspath_prepend(tmp_path)
    named = circle("rounds")
    assert set(named) == {"rounds.first", "rounds.second", "rounds.third"}
    assert named[0] == named[-1]
