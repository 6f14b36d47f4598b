"""The bug of tomlkit that keeps us from editing a whole profiles.toml with it."""

from __future__ import annotations

from pathlib import Path

import tomlkit

from dcmecho.diagnosis.target.fields import Field
from tests.unit.profiles.saving import save_target

TEXT = """\
[[target]]
name = "CT 1"
host = "ct1"
port = 104
called_ae = "CT1"
calling_ae = "US"

[group.CT]       # all of them
port = 11112

[[target]]
name = "CT 2"
host = "ct2"
called_ae = "CT2"
calling_ae = "US"
"""


def test_tomlkit_moves_a_table_that_stands_between_two_targets() -> None:
    told = tomlkit.dumps(tomlkit.parse(TEXT))
    assert told.index("[group.CT]") > told.index('name = "CT 2"'), (
        "tomlkit leaves tables where they are now: where it is quick enough for 5,000 targets too, "
        "dcmecho/profiles/text/pairs.py can hand it the whole file"
    )


def test_a_change_of_a_value_leaves_everything_else_where_it_is(tmp_path: Path) -> None:
    path = tmp_path / "profiles.toml"
    path.write_text(TEXT)
    save_target(path, "CT 1", {Field.PORT: 4242})
    assert path.read_text() == TEXT.replace("port = 104\n", "port = 4242\n")
