"""A read-only file: a personal file overrides it and receives the edits."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dcmecho.diagnosis.target.fields import Field, Value
from dcmecho.profiles.book.change import EditConflict, TargetEdit
from dcmecho.profiles.book.load import load
from dcmecho.profiles.book.locate import overlay_of
from dcmecho.profiles.book.model import Origin, Profile, ProfileBook, ProfileError
from dcmecho.profiles.edit.edit import (
    add_target,
    clone_target,
    delete_target,
    save_targets,
)
from dcmecho.profiles.edit.history import undo
from tests.unit.profiles.saving import save_target
from tests.unit.profiles.texts import NEW

SHARED = """\
[defaults]
calling_ae = "HOSPITAL"
[group.Radiology]
no_experiments = "clinic"
[group.Radiology.tls]
ca_file = "hospital.pem"

[[target]]
name = "Main PACS"
host = "pacs.lan"
port = 104
called_ae = "MAIN"

[[target]]
name = "CT 2"
host = "ct2.lan"
port = 104
called_ae = "CT2"
group = "Radiology"
do_not_probe = "scanning"
"""


@pytest.fixture
def path(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A shared file, and a user who can read it but write only to the home folder."""
    folder = Path(tempfile.mkdtemp())
    shared = folder / "shared" / "profiles.toml"
    home = folder / "home"
    shared.parent.mkdir()
    home.mkdir()
    shared.write_text(SHARED)
    for place in (folder, shared.parent):
        place.chmod(0o555)
    shared.chmod(0o444)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home))
    is_root = os.geteuid() == 0
    if is_root:
        os.chown(home, 65534, 65534)
        os.setresuid(65534, 65534, 0)
    yield shared
    if is_root:
        os.setresuid(0, 0, 0)
    for place in (folder, shared.parent):
        place.chmod(0o755)
    shutil.rmtree(folder)


@pytest.fixture
def personal(path: Path) -> Path:
    place = overlay_of(path)
    assert place is not None
    place.parent.mkdir()
    return place


def profile(book: ProfileBook, name: str) -> Profile:
    found = book.find(name)
    assert found is not None
    return found


def test_a_book_of_two_files_says_so(path: Path) -> None:
    book = load(path)
    assert book.overlay == overlay_of(path)
    assert (book.writable, book.problems) == (True, ())
    assert [each.origin for each in book.profiles] == [Origin.FILE, Origin.FILE]


def test_an_edit_is_kept_in_the_personal_file(path: Path) -> None:
    change = save_target(path, "Main PACS", {Field.PORT: 11112, Field.NOTES: "mine"})
    assert change.path == overlay_of(path)
    assert change.after == b'[[target]]\nname = "Main PACS"\nport = 11112\nnotes = "mine"\n'
    assert path.read_text() == SHARED
    edited = profile(load(path), "Main PACS")
    assert edited.target is not None
    assert (edited.target.host, edited.target.port) == ("pacs.lan", 11112)
    assert edited.own[Field.PORT] == 11112
    assert edited.overrides == {Field.PORT: 104, Field.NOTES: None}
    undo(change)
    assert profile(load(path), "Main PACS").overrides == {}


def test_without_ones_own_value_the_files_is_back(path: Path) -> None:
    save_target(path, "Main PACS", {Field.PORT: 11112, Field.NOTES: "mine"})
    save_target(path, "Main PACS", {Field.PORT: 104, Field.NOTES: None})
    assert profile(load(path), "Main PACS").overrides == {}
    assert profile(load(path), "Main PACS").own[Field.PORT] == 104


def test_nothing_is_written_for_what_the_file_says(path: Path) -> None:
    assert save_target(path, "Main PACS", {Field.PORT: 104}).is_empty
    assert not load(path).overlay.exists()  # type: ignore[union-attr]


def test_a_new_target_is_ones_own(path: Path) -> None:
    add_target(path, NEW)
    book = load(path)
    assert [each.name for each in book.profiles] == ["Main PACS", "CT 2", "Echo cart"]
    assert profile(book, "Echo cart").origin is Origin.PERSONAL
    assert book.targets[2].calling_ae == "HOSPITAL"
    save_target(path, "Echo cart", {Field.NAME: "Cart", Field.PORT: 7})
    assert profile(load(path), "Cart").own[Field.PORT] == 7
    delete_target(path, "Cart")
    assert len(load(path).profiles) == 2


def test_several_targets_of_both_files_are_changed_in_one_write(path: Path) -> None:
    add_target(path, NEW)
    names = ("Main PACS", "CT 2", "Echo cart")
    save_targets(path, [TargetEdit(name, 0, {Field.CALLING_AE: "ME"}) for name in names])
    assert [target.calling_ae for target in load(path).targets] == ["ME"] * 3


def test_the_personal_file_is_nearer_at_each_level(path: Path, personal: Path) -> None:
    personal.write_text(
        '[defaults]\ncalling_ae = "MINE"\nacse_timeout_s = 3\n'
        '[group.Radiology]\nacse_timeout_s = 4\n[[target]]\nname = "CT 2"\nport = 5\n'
    )
    main, scanner = load(path).targets
    assert (main.calling_ae, main.acse_timeout_s, main.port) == ("MINE", 3, 104)
    assert (scanner.calling_ae, scanner.acse_timeout_s, scanner.port) == ("MINE", 4, 5)
    assert load(path).inherited("Radiology")[Field.ACSE_TIMEOUT_S] == 4


@pytest.mark.parametrize(
    "text",
    [
        'do_not_probe = ""\nno_experiments = ""\n',
        'group = "Elsewhere"\ndo_not_probe = ""\n',
        'group = ""\n[group.Radiology]\nno_experiments = ""\n',
        'group = "Elsewhere"\n[group.Elsewhere]\nno_experiments = ""\n[defaults]\ngroup = "x"\n',
    ],
)
def test_the_files_reasons_to_refuse_hold(path: Path, personal: Path, text: str) -> None:
    personal.write_text(f'[[target]]\nname = "CT 2"\n{text}')
    target = profile(load(path), "CT 2").target
    assert target is not None
    assert (target.do_not_probe, target.no_experiments) == ("scanning", "clinic")


def test_a_reason_of_ones_own_is_added(path: Path) -> None:
    save_target(path, "CT 2", {Field.DO_NOT_PROBE: "mine"})
    target = profile(load(path), "CT 2").target
    assert target is not None
    assert target.do_not_probe == "mine; scanning"
    save_target(path, "CT 2", {Field.DO_NOT_PROBE: None})
    assert profile(load(path), "CT 2").overrides == {}


@pytest.mark.parametrize(
    ("refused", "told"),
    [
        (lambda path: delete_target(path, "CT 2"), '"CT 2" cannot be deleted'),
        (lambda path: save_target(path, "CT 2", {Field.NAME: "CT"}), '"CT 2" cannot be renamed'),
        (
            lambda path: save_target(path, "CT 2", {Field.DO_NOT_PROBE: ""}),
            'do_not_probe of "CT 2" cannot be removed',
        ),
        (
            lambda path: save_target(path, "CT 2", {Field.GROUP: None}),
            'group of "CT 2" cannot be removed',
        ),
        (
            lambda path: add_target(path, {**NEW, Field.NAME: "CT 2"}),
            'another target is already named "CT 2"',
        ),
        (
            lambda path: clone_target(path, "CT 2", {Field.NAME: "Main PACS"}),
            'another target is already named "Main PACS"',
        ),
        (lambda path: save_target(path, "Gone", {Field.PORT: 1}), 'no target is named "Gone"'),
    ],
)
def test_what_only_the_owner_may_do_is_refused_with_words(
    path: Path, refused: Callable[[Path], object], told: str
) -> None:
    with pytest.raises(ProfileError) as refusal:
        refused(path)
    assert told in str(refusal.value)
    assert not load(path).overlay.exists()  # type: ignore[union-attr]


def test_a_value_that_the_owner_has_changed_meanwhile_collides(path: Path) -> None:
    base: dict[Field, Value] = {**profile(load(path), "Main PACS").own, Field.PORT: 1}
    with pytest.raises(EditConflict) as conflict:
        save_target(path, "Main PACS", {Field.PORT: 2}, base=base)
    assert [each.theirs for each in conflict.value.collisions] == [104]
    save_target(path, "Main PACS", {Field.HOST: "mine.lan"}, base=base)
    assert profile(load(path), "Main PACS").overrides == {Field.HOST: "pacs.lan"}


def test_a_clone_of_the_files_target_has_its_values_and_yours(path: Path, personal: Path) -> None:
    personal.write_text(
        '[[target]]\nname = "CT 2"\nport = 7\n[target.tls]\nserver_name = "ct"\ncert_file = "me"\n'
    )
    clone_target(path, "CT 2", {Field.NAME: "CT 3", Field.DO_NOT_PROBE: None})
    original, clone = profile(load(path), "CT 2").target, profile(load(path), "CT 3").target
    assert original is not None
    assert clone is not None
    assert clone.tls == original.tls
    assert clone.tls is not None
    assert clone.tls.cert_file == str(personal.parent / "me")
    assert clone.tls.ca_files == (str(path.parent / "hospital.pem"),)
    assert (clone.port, clone.host, clone.no_experiments) == (7, "ct2.lan", "clinic")


def test_faults_of_both_files_are_told_each_with_its_place(path: Path, personal: Path) -> None:
    personal.write_text('[[target]]\nname = "Main PACS"\nprot = 1\n[[target]]\nname = "Old"\n')
    book = load(path)
    assert [target.name for target in book.targets] == ["Main PACS", "CT 2"]
    assert {problem.path for problem in book.problems} == {personal}
    assert "Did you mean port?" in str(book.problems[0])
    assert [each.name for each in book.broken] == ["Old"]


def test_a_personal_file_that_is_no_toml_hides_no_target(path: Path, personal: Path) -> None:
    personal.write_text("[[target]")
    book = load(path)
    assert [target.name for target in book.targets] == ["Main PACS", "CT 2"]
    assert [problem.path for problem in book.problems] == [personal]
    assert not book.writable
    with pytest.raises(ProfileError, match="fix this by hand first"):
        save_target(path, "Main PACS", {Field.PORT: 1})


def test_a_personal_file_that_is_no_toml_may_have_forbidden_any_target(
    path: Path, personal: Path
) -> None:
    personal.write_text('[[target]\nname = "CT 2"\ndo_not_probe = "clinical hours"\n')
    book = load(path)
    assert [profile.name for profile in book.profiles] == ["Main PACS", "CT 2"]
    assert not book.targets
    assert all(str(personal) in str(profile.problems[0]) for profile in book.profiles)


@pytest.mark.usefixtures("path")
def test_ones_own_file_has_no_other_over_it(personal: Path) -> None:
    personal.write_text(SHARED)
    personal.chmod(0o444)
    assert overlay_of(personal) is None
    assert not load(personal).writable
    with pytest.raises(ProfileError, match="is read-only for you"):
        save_target(personal, "Main PACS", {Field.PORT: 1})
