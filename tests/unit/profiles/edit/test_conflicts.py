"""Saving a file that someone else has changed: merged, or a collision with both values."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from dcmecho.diagnosis.target.fields import Field, Value
from dcmecho.profiles.book.change import Collision, EditConflict, TargetEdit
from dcmecho.profiles.book.load import load
from dcmecho.profiles.book.model import ProfileError
from dcmecho.profiles.edit.edit import delete_target, save_targets
from tests.unit.profiles.saving import save_target
from tests.unit.profiles.texts import INDENTED, NEW, PLAIN, text_of, written


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return written(tmp_path, PLAIN)


def seen(path: Path, name: str) -> Mapping[Field, Value]:
    profile = load(path).find(name)
    assert profile is not None
    return profile.own


def test_what_does_not_collide_is_merged(path: Path) -> None:
    base = seen(path, "CT 2")
    save_target(path, "CT 2", {Field.HOST: "theirs.lan"})
    save_target(path, "CT 2", {Field.PORT: 4242}, base=base)
    assert text_of(path) == PLAIN.replace("ct2.lan", "theirs.lan").replace(
        'theirs.lan"\nport = 104', 'theirs.lan"\nport = 4242'
    )


def test_what_collides_is_told_with_all_values_and_nothing_is_written(path: Path) -> None:
    base = seen(path, "CT 2")
    save_target(path, "CT 2", {Field.HOST: "theirs.lan", Field.CALLING_AE: "THEIRS"})
    before = path.read_bytes()
    changes: dict[Field, Value | None] = {
        Field.HOST: "ours.lan",
        Field.CALLING_AE: "OURS",
        Field.PORT: 4242,
    }
    with pytest.raises(EditConflict) as conflict:
        save_target(path, "CT 2", changes, base=base)
    assert conflict.value.collisions == (
        Collision(Field.HOST, "ct2.lan", "theirs.lan", "ours.lan", "CT 2"),
        Collision(Field.CALLING_AE, None, "THEIRS", "OURS", "CT 2"),
    )
    assert 'CT 2: host: theirs "theirs.lan", yours "ours.lan"' in str(conflict.value)
    assert path.read_bytes() == before


def test_a_value_that_was_removed_elsewhere_collides(path: Path) -> None:
    base = seen(path, "CT 2")
    save_target(path, "CT 2", {Field.NOTES: None})
    with pytest.raises(EditConflict, match='notes: theirs removed, yours "ours"'):
        save_target(path, "CT 2", {Field.NOTES: "ours"}, base=base)


def test_the_same_change_made_twice_is_no_conflict(path: Path) -> None:
    base = seen(path, "CT 2")
    save_target(path, "CT 2", {Field.PORT: 4242})
    assert save_target(path, "CT 2", {Field.PORT: 4242}, base=base).is_empty


def test_with_their_value_as_base_ours_replaces_it(path: Path) -> None:
    base = seen(path, "CT 2")
    save_target(path, "CT 2", {Field.PORT: 1})
    with pytest.raises(EditConflict) as conflict:
        save_target(path, "CT 2", {Field.PORT: 2}, base=base)
    (collision,) = conflict.value.collisions
    assert collision.theirs == 1
    save_target(path, "CT 2", {Field.PORT: 2}, base={**base, Field.PORT: 1})
    assert seen(path, "CT 2")[Field.PORT] == 2


def test_a_target_that_was_deleted_meanwhile_is_named(path: Path) -> None:
    base = seen(path, "CT 2")
    delete_target(path, "CT 2")
    with pytest.raises(ProfileError, match='no target is named "CT 2" any longer'):
        save_target(path, "CT 2", {Field.PORT: 2}, base=base)


def test_several_targets_are_changed_in_one_write(tmp_path: Path) -> None:
    path = written(tmp_path, INDENTED)
    change = save_targets(
        path,
        [
            TargetEdit("CT 2", 0, {Field.CALLING_AE: "ME"}),
            TargetEdit("Main PACS", 0, {Field.CALLING_AE: "ME", Field.PORT: 4242}),
        ],
        [NEW],
    )
    assert text_of(path) == INDENTED.replace("104", "4242", 1).replace(
        '"MAIN"\n', '"MAIN"\n  calling_ae="ME"\n'
    ).replace('"CT2"\n', '"CT2"\n  calling_ae="ME"\n') + (
        '\n[[target]]\n  name="Echo cart"\n  host="192.0.2.33"\n  port=104\n  called_ae="ECHO"\n'
    )
    assert (change.before, change.after) == (INDENTED.encode(), path.read_bytes())


def test_targets_may_swap_their_names(tmp_path: Path) -> None:
    path = written(tmp_path, INDENTED)
    edits = [
        TargetEdit("CT 2", 0, {Field.NAME: "Main PACS"}),
        TargetEdit("Main PACS", 0, {Field.NAME: "CT 2"}),
    ]
    save_targets(path, edits)
    assert [target.name for target in load(path).targets] == ["CT 2", "Main PACS"]


@pytest.mark.parametrize(
    ("edits", "additions", "told"),
    [
        ([TargetEdit("CT 2", 0, {Field.NAME: "New"})], [{**NEW, Field.NAME: "New"}], "named"),
        ([TargetEdit("Gone", 0, {Field.PORT: 1})], [], "Gone"),
        ([TargetEdit("CT 2", 0, {Field.PORT: 7}, {Field.PORT: 9})], [NEW], "port: theirs 104"),
        ([TargetEdit("CT 2", 0, {Field.PORT: "7"})], [NEW], "must be a number"),
    ],
)
def test_one_that_cannot_be_keeps_all_from_being_written(
    path: Path,
    edits: list[TargetEdit],
    additions: list[Mapping[Field, Value]],
    told: str,
) -> None:
    first = TargetEdit("Main PACS", 0, {Field.PORT: 4242})
    with pytest.raises(ProfileError, match=told):
        save_targets(path, [first, *edits], additions)
    assert text_of(path) == PLAIN
