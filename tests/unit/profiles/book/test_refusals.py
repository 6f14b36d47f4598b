"""``do_not_probe`` and ``no_experiments``: a refusal of a group cannot be undone in a target."""

from pathlib import Path

import pytest

from dcmecho.diagnosis.target.fields import Field
from dcmecho.diagnosis.target.target import Target
from dcmecho.profiles.book.load import load
from dcmecho.profiles.book.model import ProfileBook
from tests.unit.profiles.saving import save_target

REFUSALS = [Field.DO_NOT_PROBE, Field.NO_EXPERIMENTS]


def target(own: str = "") -> str:
    return f'[[target]]\nname = "A"\nhost = "a"\nport = 1\ncalled_ae = "A"\ngroup = "G"\n{own}\n'


def book_of(folder: Path, text: str) -> ProfileBook:
    path = folder / "profiles.toml"
    path.write_text(text)
    return load(path)


def reason_of(target: Target, key: Field) -> str:
    return {
        Field.DO_NOT_PROBE: target.do_not_probe,
        Field.NO_EXPERIMENTS: target.no_experiments,
    }[key]


@pytest.mark.parametrize("key", REFUSALS)
@pytest.mark.parametrize(
    ("defaults", "group", "own", "in_force"),
    [
        (None, None, None, ""),
        (None, None, "own", "own"),
        (None, "group", None, "group"),
        ("all", None, None, "all"),
        (None, "group", "", "group"),
        ("all", "", "", "all"),
        (None, "group", "own", "own; group"),
        ("all", "group", "own", "own; group; all"),
        ("all", "", "own", "own; all"),
        ("same", "group", "same", "same; group"),
        ("", "", "", ""),
    ],
)
def test_every_reason_from_the_nearest_to_the_farthest_holds(
    tmp_path: Path,
    key: Field,
    defaults: str | None,
    group: str | None,
    own: str | None,
    in_force: str,
) -> None:
    def line(reason: str | None) -> str:
        return "" if reason is None else f'{key} = "{reason}"'

    text = f"[defaults]\n{line(defaults)}\n[group.G]\n{line(group)}\n{target(line(own))}"
    book = book_of(tmp_path, text)
    assert [reason_of(each, key) for each in book.targets] == [in_force]
    assert [other for other in REFUSALS if reason_of(book.targets[0], other)] == (
        [key] if in_force else []
    )


@pytest.mark.parametrize("key", REFUSALS)
def test_a_target_in_no_group_of_the_file_has_the_defaults_reason(
    tmp_path: Path, key: Field
) -> None:
    text = f'[defaults]\n{key} = "all"\n[group.H]\n{key} = "other group"\n'
    assert reason_of(book_of(tmp_path, text + target()).targets[0], key) == "all"


@pytest.mark.parametrize("key", REFUSALS)
def test_tells_the_reasons_that_a_target_would_inherit(tmp_path: Path, key: Field) -> None:
    book = book_of(tmp_path, f'[defaults]\n{key} = "all"\n[group.G]\n{key} = "group"\n')
    assert book.inherited("G")[key] == "group; all"
    assert book.inherited("")[key] == "all"


@pytest.mark.parametrize("key", REFUSALS)
@pytest.mark.parametrize("faulty", ["{key} = true", '{key}s = "typing error"'])
@pytest.mark.parametrize("own", ['{key} = ""', '{key} = "own"', ""])
def test_a_faulty_reason_of_a_group_cannot_be_undone_either(
    tmp_path: Path, key: Field, faulty: str, own: str
) -> None:
    group = f"[group.G]\n{faulty.format(key=key)}\n"
    book = book_of(tmp_path, group + target(own.format(key=key)))
    assert book.targets == ()
    assert [problem.line for problem in book.broken[0].problems] == [2]


@pytest.mark.parametrize("key", REFUSALS)
@pytest.mark.parametrize("place", ["", "[default]\n", "[groups.G]\n", "[Group.G]\n"])
def test_a_reason_in_the_wrong_place_keeps_all_targets_from_running(
    tmp_path: Path, key: Field, place: str
) -> None:
    book = book_of(tmp_path, f'{place}{key} = "vendor"\n{target()}')
    assert book.targets == ()
    assert book.broken[0].problems == book.problems


def test_what_restricts_nothing_in_the_wrong_place_keeps_no_target_from_running(
    tmp_path: Path,
) -> None:
    book = book_of(tmp_path, f"port = 2\n[default]\nport = 3\n{target()}")
    assert len(book.problems) == 2
    assert len(book.targets) == 1


@pytest.mark.parametrize("table", ["group.G", "defaults"])
def test_a_table_that_is_none_keeps_its_targets_from_running(tmp_path: Path, table: str) -> None:
    book = book_of(tmp_path, f'[[{table}]]\ndo_not_probe = "vendor"\n{target()}')
    assert book.targets == ()


@pytest.mark.parametrize("value", ["", None])
def test_an_edit_of_the_target_does_not_undo_the_reason(tmp_path: Path, value: str | None) -> None:
    group = '[group.G]\ndo_not_probe = "group"\n'
    path = book_of(tmp_path, group + target('do_not_probe = "own"')).path
    save_target(path, "A", {Field.DO_NOT_PROBE: value})
    assert load(path).targets[0].do_not_probe == "group"


@pytest.mark.parametrize("key", REFUSALS)
@pytest.mark.parametrize("reason", ['{key} = "vendor"', "{key} = true", '{key}s = "vendor"'])
def test_a_misspelling_of_a_group_with_a_reason_keeps_the_target_from_running(
    tmp_path: Path, key: Field, reason: str
) -> None:
    text = f"[group.Scanners]\n{reason.format(key=key)}\n"
    book = book_of(tmp_path, text + target().replace('"G"', '"Scaners"'))
    assert book.targets == ()
    assert 'Did you mean "Scanners"?' in str(book.broken[0].problems[0])


@pytest.mark.parametrize(
    ("text", "forbidden"),
    [
        (target('do_not_probe = "own"'), ("a", 1, "own")),
        ('[group.G]\ndo_not_probe = "group"\n' + target(), ("a", 1, "group")),
        ('[defaults]\ndo_not_probe = "all"\n' + target(), ("a", 1, "all")),
        (target('do_not_probe = "own"\ncalling_ae = "LONGER THAN A TITLE"'), ("a", 1, "own")),
        (target(), None),
        (target('no_experiments = "own"'), None),
    ],
)
def test_the_address_that_is_forbidden(
    tmp_path: Path, text: str, forbidden: tuple[str, int, str] | None
) -> None:
    found = book_of(tmp_path, text).prohibitions
    assert [(each.host, each.port, each.reason) for each in found.entries] == (
        [forbidden] if forbidden else []
    )
    assert found.unknown == ""


@pytest.mark.parametrize("line", ["do_not_probe = true", 'do_not_probes = "vendor"'])
def test_the_address_of_a_target_whose_reason_cannot_be_read_is_forbidden(
    tmp_path: Path, line: str
) -> None:
    (found,) = book_of(tmp_path, target(line)).prohibitions.entries
    assert (found.host, found.port) == ("a", 1)
    assert line.split(maxsplit=1)[0] in found.reason


def test_a_file_that_cannot_be_read_might_forbid_everything(tmp_path: Path) -> None:
    assert "profiles.toml:1" in book_of(tmp_path, "=").prohibitions.unknown
    assert load(tmp_path / "missing.toml").prohibitions.unknown == ""
