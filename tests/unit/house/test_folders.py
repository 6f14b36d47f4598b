"""Folders are small, and a feature has the same name in every layer."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[3]

MOST = 16
"""Maximum number of modules directly in a folder."""

NOT_COUNTED = frozenset({"__init__.py", "conftest.py"})

LAYERS = ("diagnosis", "dicom", "report", "cli", "console")

FEATURES = ("experiments", "guide", "services", "move", "store", "listen", "watch", "exchange")
"""The names of the features, and of ``check`` and ``diagnose``, which all of them serve."""

FORMER_NAMES = ("guidance", "hearing", "listening", "moving", "retrieval", "storing", "watching")
"""Names that no folder or module may have, because the feature has another name."""


def modules(*folders: str) -> list[Path]:
    """Every module below these folders, without what tools leave behind."""
    found = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    return [path.relative_to(ROOT) for path in found if "__pycache__" not in path.parts]


def test_a_folder_has_at_most_sixteen_modules_of_its_own() -> None:
    counts = Counter(
        path.parent
        for path in modules("tui", "tests", "benchmarks", "tools")
        if path.name not in NOT_COUNTED
    )
    assert len(counts) > 40
    assert {str(folder): count for folder, count in counts.items() if count > MOST} == {}


def test_a_feature_has_one_name_in_every_layer() -> None:
    places = modules(*(f"tui/dcmecho/{layer}" for layer in LAYERS))
    names = {part for path in places for part in path.with_suffix("").parts}
    assert names.issuperset(FEATURES)
    assert names.intersection(FORMER_NAMES) == set()
