"""Editing profiles.toml: only the edited value changes, and no other byte."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from dcmecho.diagnosis.target.fields import Field, Value
from dcmecho.profiles.book.load import load
from dcmecho.profiles.book.model import ProfileError
from dcmecho.profiles.edit.edit import add_target, delete_target
from tests.unit.profiles.saving import save_target
from tests.unit.profiles.texts import ALIGNED, FILES, INDENTED, NEW, PLAIN, text_of, written


@pytest.fixture(params=list(FILES.values()), ids=list(FILES))
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return written(tmp_path, request.param)


@pytest.mark.parametrize(
    ("name", "key", "value", "old", "new"),
    [
        ("Main PACS", Field.PORT, 4242, "port =   0x68  # 104", "port =   4242  # 104"),
        ("Main PACS", Field.HOST, "10.0.0.1", "'pacs.lan'  ", '"10.0.0.1"  '),
        ("Main PACS", Field.NAME, "Überall", '"Main PACS"', '"Überall"'),
        ("Main PACS", Field.CALLED_AE, 'A"\\B', '"MAIN"', r'"A\"\\B"'),
        ("CT 2", Field.PORT, 11112, "port = 104\n\n", "port = 11112\n\n"),
        ("CT 2", Field.NOTES, "a\nb", '"""\nfirst line\n[[target]]"""', r'"a\nb"'),
        ("CT 2", Field.CALLED_AE, " CT2", '"CT2"', '" CT2"'),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_only_the_edited_value_differs(
    tmp_path: Path,
    name: str,
    key: Field,
    value: Value,
    old: str,
    new: str,
    newline: str,
    mark: str,
) -> None:
    path = written(tmp_path, mark + PLAIN.replace("\n", newline))
    save_target(path, name, {key: value})
    assert PLAIN.count(old) == 1
    assert text_of(path) == mark + PLAIN.replace(old, new).replace("\n", newline)


def test_an_unchanged_value_is_left_as_it_was_written(path: Path) -> None:
    before = path.read_bytes()
    inode = path.stat().st_ino
    save_target(path, "Main PACS", {Field.HOST: "pacs.lan", Field.PORT: 104, Field.NOTES: None})
    assert path.read_bytes() == before
    assert path.stat().st_ino == inode


def test_an_edit_and_its_undo_give_the_same_bytes(path: Path) -> None:
    before = path.read_bytes()
    save_target(path, "CT 2", {Field.HOST: "other.lan", Field.PORT: 4242})
    assert path.read_bytes() != before
    save_target(path, "CT 2", {Field.PORT: 104, Field.HOST: "ct2.lan"})
    assert path.read_bytes() == before


def test_adding_a_key_and_removing_it_give_the_same_bytes(path: Path) -> None:
    before = path.read_bytes()
    save_target(path, "Main PACS", {Field.CALLING_AE: "X"})
    assert load(path).targets[0].calling_ae == "X"
    save_target(path, "Main PACS", {Field.CALLING_AE: None})
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("text", "old", "new"),
    [
        (PLAIN, 'called_ae = "MAIN"\n', 'called_ae = "MAIN"\ncalling_ae = "X"\n'),
        (INDENTED, '  called_ae="MAIN"\n', '  called_ae="MAIN"\n  calling_ae="X"\n'),
        (ALIGNED, 'called_ae = "MAIN"\n', 'called_ae = "MAIN"\ncalling_ae = "X"\n'),
    ],
    ids=["plain", "indented", "aligned"],
)
def test_a_new_key_stands_below_the_others_and_looks_like_them(
    tmp_path: Path, text: str, old: str, new: str
) -> None:
    path = written(tmp_path, text)
    save_target(path, "Main PACS", {Field.CALLING_AE: "X"})
    assert text_of(path) == text.replace(old, new)


def test_a_new_short_key_is_aligned_with_the_others(tmp_path: Path) -> None:
    path = written(tmp_path, ALIGNED)
    save_target(path, "CT 2", {Field.NOTES: "x"})
    assert text_of(path) == ALIGNED + '\nnotes     = "x"\n'


def test_a_new_key_of_a_target_with_a_table_below_stays_in_the_target(tmp_path: Path) -> None:
    path = written(tmp_path, PLAIN)
    save_target(path, "CT 2", {Field.GROUP: "Radiology"})
    assert text_of(path) == PLAIN.replace("[target.tls]", 'group = "Radiology"\n[target.tls]')


def test_none_takes_the_line_out(tmp_path: Path) -> None:
    path = written(tmp_path, PLAIN)
    save_target(path, "Main PACS", {Field.CALLED_AE: None})
    assert text_of(path) == PLAIN.replace('called_ae = "MAIN"\n', "")


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("indent", ["", "  "])
def test_the_comment_of_a_line_that_is_taken_out_stays(
    tmp_path: Path, newline: str, indent: str
) -> None:
    line = "host = 'pacs.lan'               # the cluster address\n"
    text = PLAIN.replace(line, indent + line)
    path = written(tmp_path, text.replace("\n", newline))
    save_target(path, "Main PACS", {Field.HOST: None})
    kept = text.replace(indent + line, f"{indent}# the cluster address\n")
    assert text_of(path) == kept.replace("\n", newline)


def test_whole_seconds_are_written_as_people_write_them(tmp_path: Path) -> None:
    path = written(tmp_path, INDENTED)
    save_target(path, "CT 2", {Field.ACSE_TIMEOUT_S: 30.0, Field.DIMSE_TIMEOUT_S: 0.5})
    assert text_of(path) == INDENTED + "  acse_timeout_s=30\n  dimse_timeout_s=0.5\n"


def test_a_value_of_the_wrong_type_can_be_mended(tmp_path: Path) -> None:
    path = written(tmp_path, INDENTED.replace("port=104", 'port="104"'))
    save_target(path, "CT 2", {Field.PORT: 104})
    assert [target.name for target in load(path).targets] == ["CT 2"]


def test_targets_of_the_same_name_are_told_apart(tmp_path: Path) -> None:
    path = written(tmp_path, INDENTED.replace("CT 2", "Main PACS"))
    save_target(path, "Main PACS", {Field.NAME: "CT 2"}, occurrence=1)
    assert text_of(path) == INDENTED


@pytest.mark.parametrize("name", ["", "name=5\n", 'name="\\n"\n'])
def test_a_target_without_a_usable_name_can_be_given_one(tmp_path: Path, name: str) -> None:
    path = written(tmp_path, INDENTED.replace('name="CT 2"\n', name))
    assert [profile.name for profile in load(path).broken] == [""]
    save_target(path, "", {Field.NAME: "CT 2"})
    assert [target.name for target in load(path).targets] == ["Main PACS", "CT 2"]


def test_a_hand_edit_in_between_is_kept(tmp_path: Path) -> None:
    path = written(tmp_path, PLAIN)
    load(path)
    path.write_text(PLAIN.replace("ct2.lan", "by-hand.lan") + "# by hand\n")
    save_target(path, "CT 2", {Field.PORT: 4242})
    text = text_of(path)
    assert "by-hand.lan" in text
    assert text.endswith("# by hand\n")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({Field.NAME: "CT 2"}, 'name: another target is already named "CT 2"'),
        ({Field.NAME: ""}, "name: every target needs a name"),
        ({Field.NAME: None}, "name: every target needs a name"),
        ({Field.PORT: "104"}, 'port: "104" must be a number (1 to 65535)'),
        ({Field.HOST: 5}, "host: 5 must be text in quotes"),
        ({Field.HOST: "pacs\ud800"}, "U+D800 cannot be written as UTF-8"),
        ({Field.ACSE_TIMEOUT_S: float("nan")}, "acse_timeout_s: this value cannot be written"),
    ],
)
def test_a_change_that_cannot_be_is_refused_and_changes_nothing(
    path: Path, changes: Mapping[Field, Value | None], told: str
) -> None:
    before = path.read_bytes()
    with pytest.raises(ProfileError) as refusal:
        save_target(path, "Main PACS", changes)
    assert told in str(refusal.value)
    assert str(path) in str(refusal.value)
    assert path.read_bytes() == before


def test_a_target_may_keep_its_own_name(path: Path) -> None:
    save_target(path, "CT 2", {Field.NAME: "CT 2", Field.PORT: 4242})
    assert "4242" in text_of(path)


def test_a_target_that_is_gone_is_named(path: Path) -> None:
    with pytest.raises(ProfileError, match='no target is named "Gone" any longer'):
        save_target(path, "Gone", {Field.PORT: 1})
    with pytest.raises(ProfileError, match='no target is named "Gone" any longer'):
        delete_target(path, "Gone")


def test_a_new_target_needs_a_name_that_is_free(path: Path) -> None:
    before = path.read_bytes()
    with pytest.raises(ProfileError, match='another target is already named "CT 2"'):
        add_target(path, {**NEW, Field.NAME: "CT 2"})
    with pytest.raises(ProfileError, match="every target needs a name"):
        add_target(path, {Field.HOST: "x"})
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[target]\n", "1: column 9 is not TOML"),
        ("[target]\nname = 'A'\n", "write [[target]] above each target"),
        ("target = [1]\n", "write [[target]] above each target"),
    ],
    ids=["no-toml", "one-table", "no-table"],
)
def test_a_file_that_has_to_be_mended_by_hand_is_not_touched(
    tmp_path: Path, text: str, told: str
) -> None:
    path = written(tmp_path, text)
    changes: list[Callable[[], object]] = [
        lambda: save_target(path, "A", {Field.PORT: 1}),
        lambda: add_target(path, NEW),
        lambda: delete_target(path, "A"),
    ]
    for change in changes:
        with pytest.raises(ProfileError) as refusal:
            change()
        assert told in str(refusal.value)
        assert text_of(path) == text


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    path = tmp_path / "profiles.toml"
    path.symlink_to(path)
    with pytest.raises(ProfileError, match="cannot be read"):
        add_target(path, NEW)


def test_a_full_disk_is_told_and_changes_nothing(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    before = path.read_bytes()
    with pytest.raises(ProfileError, match="cannot be written: No space left on device"):
        save_target(path, "CT 2", {Field.PORT: 1})
    assert path.read_bytes() == before


def test_a_file_that_cannot_be_created_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Tests can run as root, who can write every file.
    monkeypatch.setattr(os, "access", lambda _place, _mode: False)
    with pytest.raises(ProfileError, match="is read-only for you"):
        add_target(tmp_path / "profiles.toml", NEW)
    assert list(tmp_path.iterdir()) == []
