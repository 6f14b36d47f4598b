"""TLS in the form: every key, in place, with the checks of the file; secrets are never shown."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from textual.widgets import Input

from dcmecho.console.editing.draft import draft_clone, draft_new, draft_of
from dcmecho.console.file.edits import edit_of, save, settled
from dcmecho.diagnosis.target.fields import Field
from dcmecho.diagnosis.target.tls import TlsSettings, TlsVersion
from dcmecho.diagnosis.target.tls_keys import TargetKey, TlsKey, TlsSwitch
from dcmecho.profiles.book.change import EditConflict
from dcmecho.profiles.book.load import load
from dcmecho.profiles.book.model import Profile
from dcmecho.profiles.book.tables.written_tls import TlsValues
from dcmecho.profiles.edit.edit import save_targets
from tests.console.driving import PROFILES, SMALL, WIDE, Console, opened
from tests.console.playback import PlayedEngine

TLS = """\
[target.tls] # its own
ca_file = ["a.pem", 'b.pem'] # two
passphrase_command = "say s3cret"
"""
WITH_TLS = PROFILES.replace('number needed"\n', f'number needed"\n{TLS}', 1)
TYPED: dict[TargetKey, str] = {
    TlsKey.CA_FILE: 'root.pem, "with, comma.pem"',
    TlsKey.CA_FOLDER: "/etc/ssl/certs",
    TlsKey.CERT_FILE: "own.pem",
    TlsKey.KEY_FILE: "own.key",
    TlsKey.PASSPHRASE_ENV: "PASS",
    TlsKey.MINIMUM_VERSION: "1.3",
    TlsKey.VERIFY: "no",
    TlsKey.SERVER_NAME: "pacs.lan",
}


def target_of(path: Path, name: str = "Main PACS") -> Profile:
    found = load(path).find(name)
    assert found is not None
    return found


def save_typed(path: Path, typed: dict[TargetKey, str], base: Profile | None = None) -> None:
    """Save what is typed over the target as it was seen in ``base``."""
    draft = draft_of(load(path), base or target_of(path))
    assert draft.profile is not None
    texts = {**draft.texts, **typed}
    edit = edit_of(draft.profile, draft.changes(texts), draft.tls.changes(texts))
    save_targets(path, [edit])


async def field(console: Console, item: TargetKey) -> Input:
    """Open the form, and go to a field."""
    if console.main.editing.editor is None:
        await console.press("E")
        await console.until(lambda: console.main.editing.editor)
    box = console.main.query_one(f"#field-{item.value} Input", Input)
    await console.until(lambda: box.parent is not None and box.region.width)
    box.focus()
    await console.until(lambda: box.has_focus)
    return box


@pytest.mark.parametrize("size", [WIDE, SMALL], ids=["120x36", "80x24"])
async def test_tls_is_turned_on_and_its_keys_appear(
    profiles: Path, engine: PlayedEngine, size: tuple[int, int]
) -> None:
    async with opened(profiles, engine, size) as console:
        await field(console, TlsSwitch.TLS)
        assert "CA files" not in console.text
        await console.type("y")
        await console.press("down")
        await console.shows("CA files")
        await console.type("ca.pem")
        await console.press("enter")
        await console.shows("Saved Main PACS")
    assert '[target.tls]\nca_file = "ca.pem"\n' in profiles.read_text()


async def test_the_arrow_keys_go_through_a_form_that_scrolls(
    profiles: Path, engine: PlayedEngine
) -> None:
    profiles.write_text(WITH_TLS)
    async with opened(profiles, engine, SMALL) as console:
        await field(console, Field.NAME)
        await console.press("up")
        await console.shows("Certificate name", "if not the host")
        await console.press("down", "down")
        box = console.app.focused
        assert box is console.main.query_one("#field-group Input")


async def test_where_the_passphrase_comes_from_is_never_shown(
    profiles: Path, engine: PlayedEngine
) -> None:
    profiles.write_text(WITH_TLS)
    async with opened(profiles, engine) as console:
        box = await field(console, TlsKey.PASSPHRASE_COMMAND)
        assert box.value == "say s3cret"
        assert "s3cret" not in console.text
        await console.type("pass")
        await console.shows("pass ")
        assert box.value == "pass"


@pytest.mark.parametrize(
    ("item", "text", "told"),
    [
        (TlsSwitch.TLS, "maybe", "must be yes or no"),
        (TlsKey.VERIFY, "2", "must be yes or no"),
        (TlsKey.MINIMUM_VERSION, "1.4", "must be 1.0, 1.1, 1.2 or 1.3"),
        (TlsKey.PASSPHRASE_ENV, "PASS", "conflicts with Passphrase from"),
    ],
)
async def test_what_cannot_work_is_told_in_place_and_not_saved(
    profiles: Path, engine: PlayedEngine, item: TargetKey, text: str, told: str
) -> None:
    profiles.write_text(WITH_TLS)
    async with opened(profiles, engine) as console:
        box = await field(console, item)
        box.value = text
        await console.shows(told.split(";", maxsplit=1)[0])
        await console.press("enter")
        await console.shows("These values cannot work yet")
    assert profiles.read_text() == WITH_TLS


async def test_no_verification_is_warned_of(profiles: Path, engine: PlayedEngine) -> None:
    profiles.write_text(WITH_TLS)
    async with opened(profiles, engine) as console:
        (await field(console, TlsKey.VERIFY)).value = "no"
        await console.shows("anyone can pretend to be the peer")


def test_every_key_is_saved_and_read_again(profiles: Path) -> None:
    save_typed(profiles, TYPED)
    target = target_of(profiles).target
    assert target is not None
    assert target.tls == TlsSettings(
        ca_files=(str(profiles.parent / "root.pem"), str(profiles.parent / "with, comma.pem")),
        ca_folder="/etc/ssl/certs",
        cert_file=str(profiles.parent / "own.pem"),
        key_file=str(profiles.parent / "own.key"),
        passphrase_env="PASS",
        minimum_version=TlsVersion.TLS_1_3,
        verify=False,
        server_name="pacs.lan",
    )
    draft = draft_of(load(profiles), target_of(profiles))
    assert {key: draft.texts[key] for key in TYPED} == TYPED
    assert not draft.tls.changes(draft.texts)


@pytest.mark.parametrize("ca_file", ['["a.pem"]', '""', "[]", '"a, b"'])
def test_what_is_not_touched_stays_as_it_was_written(profiles: Path, ca_file: str) -> None:
    text = f"{PROFILES}[target.tls]\nca_file = {ca_file} # so\n"
    profiles.write_text(text)
    draft = draft_of(load(profiles), target_of(profiles, "Echo cart"))
    assert not draft.tls.changes({**draft.texts, Field.HOST: "new"})
    changes = draft.tls.changes({**draft.texts, TlsKey.SERVER_NAME: "n"})
    assert set(changes) == {TlsSwitch.TLS, TlsKey.SERVER_NAME}


def test_a_new_target_and_a_copy_get_what_is_typed(profiles: Path) -> None:
    profiles.write_text(WITH_TLS)
    book = load(profiles)
    new, copy = draft_new(book, ""), draft_clone(book, target_of(profiles))
    typed: dict[TargetKey, str] = {Field.NAME: "N", Field.HOST: "h", Field.CALLED_AE: "N"}
    for draft, texts in (
        (new, {**new.texts, **typed, TlsSwitch.TLS: "yes", TlsKey.CA_FOLDER: "/c"}),
        (copy, {**copy.texts, TlsKey.CA_FOLDER: "/c"}),
    ):
        save(profiles, draft, draft.changes(texts), draft.tls.changes(texts))
    assert target_of(profiles, "N").own_tls == {TlsSwitch.TLS: True, TlsKey.CA_FOLDER: "/c"}
    own: TlsValues = target_of(profiles).own_tls
    assert target_of(profiles, "Main PACS copy").own_tls == {**own, TlsKey.CA_FOLDER: "/c"}


def test_two_editors_of_different_keys_both_keep_theirs(profiles: Path) -> None:
    base = target_of(profiles)
    save_typed(profiles, {TlsKey.SERVER_NAME: "n"}, base)
    save_typed(profiles, {TlsKey.CA_FILE: "ca.pem"}, base)
    assert target_of(profiles).own_tls == {
        TlsSwitch.TLS: True,
        TlsKey.SERVER_NAME: "n",
        TlsKey.CA_FILE: "ca.pem",
    }


@pytest.mark.parametrize(
    ("theirs", "ours", "item"),
    [
        ({TlsKey.CA_FILE: "theirs"}, {TlsKey.CA_FILE: "ours"}, TlsKey.CA_FILE),
        ({TlsSwitch.TLS: "no"}, {TlsKey.SERVER_NAME: "ours"}, TlsSwitch.TLS),
        ({TlsKey.SERVER_NAME: "theirs"}, {TlsSwitch.TLS: "no"}, TlsKey.SERVER_NAME),
        (
            {TlsKey.PASSPHRASE_COMMAND: "theirs"},
            {TlsKey.PASSPHRASE_COMMAND: "ours"},
            TlsKey.PASSPHRASE_COMMAND,
        ),
    ],
    ids=str,
)
@pytest.mark.parametrize("keeps_ours", [False, True])
def test_no_edit_that_was_acknowledged_is_lost(
    profiles: Path,
    theirs: dict[TargetKey, str],
    ours: dict[TargetKey, str],
    item: TargetKey,
    keeps_ours: bool,
) -> None:
    profiles.write_text(WITH_TLS)
    base = target_of(profiles)
    draft = draft_of(load(profiles), base)
    save_typed(profiles, theirs, base)
    saved, text = target_of(profiles).own_tls, profiles.read_text()
    edit = edit_of(base, {}, draft.tls.changes({**draft.texts, **ours}))
    with pytest.raises(EditConflict) as conflict:
        save_targets(profiles, [edit])
    assert profiles.read_text() == text
    assert item in {each.field for each in conflict.value.collisions}
    assert "s3cret" not in str(conflict.value)
    chosen = conflict.value.collisions if keeps_ours else ()
    (again,) = settled([edit], conflict.value.collisions, chosen)
    save_targets(profiles, [again])
    wanted = {**dict(draft.texts), **ours}
    expected = draft.tls.changes(wanted) if keeps_ours else {}
    now = target_of(profiles).own_tls
    assert all(now.get(key) == value for key, value in expected.items())
    assert keeps_ours or now.items() >= saved.items()


def test_a_command_of_a_file_that_others_can_write_is_not_run_by_a_test(profiles: Path) -> None:
    profiles.write_text(WITH_TLS)
    profiles.chmod(0o666)
    book = load(profiles)
    draft = draft_of(book, book.profiles[0])
    all_typed: list[dict[TargetKey, str]] = [
        {},
        {TlsKey.PASSPHRASE_COMMAND: "typed"},
        {TlsKey.CA_FOLDER: "/c"},
    ]
    for typed in all_typed:
        texts = {**draft.texts, **typed}
        target = draft.target(texts)
        assert target is not None
        assert target.tls is not None
        assert not target.tls.passphrase_command
        told = [each for each in draft.complaints(texts) if each.field is TlsKey.PASSPHRASE_COMMAND]
        assert "is ignored, because everyone can write to" in told[0].message


def test_a_copy_into_the_users_own_file_leaves_such_a_command_out(
    profiles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "own"))
    profiles.write_text(WITH_TLS)
    profiles.chmod(0o666)
    monkeypatch.setattr(os, "access", lambda path, _: Path(path) != profiles)
    draft = draft_clone(load(profiles), target_of(profiles))
    texts = {**draft.texts, TlsKey.SERVER_NAME: "n"}
    save(profiles, draft, draft.changes(texts), draft.tls.changes(texts))
    own = (tmp_path / "own/dcmecho/profiles.toml").read_text()
    assert "server_name" in own
    assert "s3cret" not in own


def test_tls_of_a_read_only_file_is_overridden_in_the_users_own(
    profiles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "own"))
    profiles.write_text(WITH_TLS)
    monkeypatch.setattr(os, "access", lambda path, _: Path(path) != profiles)
    save_typed(profiles, {TlsKey.SERVER_NAME: "n"})
    save_typed(profiles, {TlsKey.SERVER_NAME: "m"})
    save_typed(profiles, {TlsKey.VERIFY: "no"})
    own = target_of(profiles).own_tls
    assert own[TlsKey.SERVER_NAME] == "m"
    assert own[TlsKey.VERIFY] is False
    assert own[TlsKey.CA_FILE] == ("a.pem", "b.pem")
    save_typed(profiles, {TlsSwitch.TLS: "no"})
    assert target_of(profiles).own_tls == {TlsSwitch.TLS: False}
    assert profiles.read_text() == WITH_TLS
