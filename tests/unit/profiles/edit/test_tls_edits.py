"""Editing TLS values: every form of a file stays what it is, and nothing else changes."""

from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dcmecho.diagnosis.target.fields import Field
from dcmecho.diagnosis.target.tls_keys import TLS_ITEMS, TlsItem, TlsKey, TlsSwitch
from dcmecho.profiles.book.change import FileChange, TargetEdit
from dcmecho.profiles.book.load import load
from dcmecho.profiles.book.model import Profile, ProfileError
from dcmecho.profiles.book.syntax import comments
from dcmecho.profiles.book.tables.written_tls import (
    TlsValues,
    WrittenTls,
    applied,
    changed,
    written_problem,
    written_tls,
)
from dcmecho.profiles.edit.edit import add_target, clone_target, save_targets
from dcmecho.profiles.edit.history import undo
from dcmecho.profiles.text.text import ProfileText
from dcmecho.profiles.text.tls import with_tls
from tests.unit.profiles.texts import text_of, written

HEAD = "# of all\n[defaults]\nport = 104 # usual\n\n"
A, B = (f'[[target]]\nname = "{n}"  # {n}\nhost = "h"\ncalled_ae = "X"\n' for n in "AB")
ALL_KEYS = """\
ca_file = ["ca 1.pem", 'b.pem'] # trusted
ca_folder = "/etc/ssl"
cert_file = "own.pem"
# the key
key_file = "own.key"
passphrase_env = "PASS" # not here
minimum_version = "1.2"
verify = false
server_name = "pacs.lan"
"""
FORMS = {
    "nothing": f"{HEAD}{A}\n# of B\n{B}",
    "false": f"{HEAD}{A}tls = false # plain\n\n{B}",
    "wrong": f"{HEAD}{A}tls = true # wrong\n\n{B}",
    "table": f"{HEAD}{A}[target.tls] # its own\n{ALL_KEYS}\n# of B\n{B}",
    "table far off": f"{HEAD}{A}\n# TLS of A\n  [ target . tls ]\n\n  verify = true # c\n\n{B}",
    "empty table": f"{HEAD}{A}[target.tls]\n{B}",
    "list in lines": f'{HEAD}{A}[target.tls]\nca_file = [ # one\n  "a", # two\n  "b",\n]\n{B}',
    "inline": f'{HEAD}{A}tls = {{ ca_file = ["a"], verify = false }} # inline\n{B}',
    "empty inline": f"{HEAD}{A}tls = {{}}\nnotes = 'after'\n{B}",
    "dotted": f"{HEAD}{A}tls.verify = true # one\n  tls . 'ca_file' = [ # two\n 'a',\n]\n{B}",
    "no line break": f"{HEAD}{B}{A}tls.verify = true".removesuffix("\n"),
    "array": 'target = [{name="A", host="h", tls={verify=false}},\n{name="B"}] # all\n',
    "dotted array": 'target = [{name="A", tls.verify=false, host="h"}, {name="B"}] # all\n',
    "plain array": 'target = [\n# first\n{name="A", tls=false}, # A\n{name="B"}] # all\n',
    "bare array": 'target = [{name="A"}, {name="B"}]\n',
}
"""To read and to extend: the same target A in each form that TOML has for its TLS values."""

_PATHS = st.text("aZ ./\"'#,=é", min_size=1, max_size=6)
_VALUES: dict[TlsItem, st.SearchStrategy[WrittenTls]] = {
    TlsSwitch.TLS: st.booleans(),
    TlsKey.CA_FILE: _PATHS | st.lists(_PATHS, min_size=1, max_size=3).map(tuple),
    TlsKey.MINIMUM_VERSION: st.sampled_from(["1.0", "1.1", "1.2", "1.3"]),
    TlsKey.VERIFY: st.booleans(),
}


def value_of(item: TlsItem) -> st.SearchStrategy[WrittenTls]:
    return _VALUES.get(item, _PATHS)


def file_of(text: str) -> ProfileText:
    return ProfileText.of(Path("profiles.toml"), text.encode())


def own_tls(file: ProfileText) -> dict[TlsItem, WrittenTls]:
    """Return the TLS values of A, as far as a table can have them."""
    found = written_tls(file.tables[file.number_of("A", 0)])
    return {key: value for key, value in found.items() if written_problem(key, value) is None}


def rest(file: ProfileText) -> dict[str, object]:
    """Return everything in the file but the TLS values of A."""
    document = tomllib.loads(file.text)
    document["target"][file.number_of("A", 0)].pop("tls", None)
    return document


def edited(text: str, wanted: TlsValues) -> str:
    """Return the text in which A has these TLS values, after a look at what else has changed."""
    file = file_of(text)
    number = file.number_of("A", 0)
    after = with_tls(file, number, changed(written_tls(file.tables[number]), wanted))
    assert own_tls(file_of(after)) == wanted
    assert rest(file_of(after)) == rest(file)
    assert not Counter(comments(text)) - Counter(comments(after))
    assert ("\r" not in text) or "\n" not in after.replace("\r\n", "")
    return after


def example_of(item: TlsItem) -> WrittenTls:
    if item in (TlsSwitch.TLS, TlsKey.VERIFY):
        return True
    return ("x", "y") if item is TlsKey.CA_FILE else "1.3"


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("item", TLS_ITEMS)
@pytest.mark.parametrize("form", FORMS)
def test_a_value_is_set_and_taken_away_in_every_form(
    form: str, item: TlsItem, newline: str
) -> None:
    text = FORMS[form].replace("\n", newline)
    own = own_tls(file_of(text))
    edited(text, applied(own, {item: example_of(item)}))
    edited(text, applied({}, {TlsSwitch.TLS: True, item: example_of(item)}))
    edited(text, applied(own, {item: None}))


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("wanted", [{}, {TlsSwitch.TLS: False}, {TlsSwitch.TLS: True}], ids=str)
@pytest.mark.parametrize("form", FORMS)
def test_tls_is_turned_on_and_off_and_left_to_the_group(
    form: str, wanted: TlsValues, newline: str
) -> None:
    edited(FORMS[form].replace("\n", newline), wanted)


@pytest.mark.parametrize("form", FORMS)
def test_an_edit_of_other_values_leaves_the_tls_values_as_they_are(
    tmp_path: Path, form: str
) -> None:
    path = written(tmp_path, FORMS[form])
    base = profile(path)
    save_targets(path, [TargetEdit("A", 0, {Field.HOST: "new"}, base.own)])
    assert profile(path).own_tls == base.own_tls
    assert text_of(path).replace('"new"', '"h"') in (FORMS[form], FORMS[form] + "\n") or (
        "host" not in FORMS[form].split("name")[1]
    )


@pytest.mark.parametrize(
    ("form", "sign"),
    [
        ("table", "\nserver_name = "),
        ("table far off", "\n  server_name = "),
        ("inline", ", server_name = "),
        ("dotted", "\ntls.server_name = "),
        ("array", ",server_name = "),
        ("dotted array", ", tls.server_name = "),
        ("nothing", "\n[target.tls]\nserver_name = "),
        ("false", "# plain\n[target.tls]\nserver_name = "),
    ],
)
def test_a_new_key_is_written_as_the_others_are(form: str, sign: str) -> None:
    own = own_tls(file_of(FORMS[form]))
    assert f'{sign}"new.lan"' in edited(
        FORMS[form], applied(own, {TlsKey.SERVER_NAME: "new.lan"})
    ).replace("{server", "{ server")


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_whatever_is_edited_in_turn_the_file_has_it_and_keeps_the_rest(
    data: st.DataObject,
) -> None:
    text = FORMS[data.draw(st.sampled_from(list(FORMS)))]
    for _ in range(data.draw(st.integers(1, 4))):
        items = data.draw(st.lists(st.sampled_from(TLS_ITEMS), min_size=1, unique=True))
        changes = {item: data.draw(st.none() | value_of(item)) for item in items}
        text = edited(text, applied(own_tls(file_of(text)), changes))


def profile(path: Path, name: str = "A") -> Profile:
    found = load(path).find(name)
    assert found is not None
    return found


def save(path: Path, wanted: TlsValues, base: Profile | None = None) -> FileChange:
    """Save TLS values of A, as seen in ``base``."""
    base = base or profile(path)
    tls = changed(base.own_tls, wanted)
    return save_targets(path, [TargetEdit("A", 0, {}, base.own, tls, base.own_tls)])


@pytest.mark.parametrize("form", FORMS)
def test_an_undo_restores_every_byte(tmp_path: Path, form: str) -> None:
    path = written(tmp_path, FORMS[form])
    undo(save(path, {TlsSwitch.TLS: True, TlsKey.CA_FOLDER: "new"}))
    assert text_of(path) == FORMS[form]


@pytest.mark.parametrize("form", FORMS)
def test_a_copy_and_a_new_target_get_the_same_values(tmp_path: Path, form: str) -> None:
    path = written(tmp_path, FORMS[form])
    tls: TlsValues = {TlsSwitch.TLS: True, TlsKey.CA_FILE: ("x", "y"), TlsKey.VERIFY: True}
    clone_target(path, "A", {Field.NAME: "C"}, tls=tls)
    assert profile(path, "C").own_tls.items() >= tls.items()
    add_target(path, {Field.NAME: "D", Field.HOST: "h"}, tls)
    assert profile(path, "D").own_tls == tls
    assert profile(path, "A").own_tls.get(TlsKey.CA_FILE) != ("x", "y")


def test_a_new_table_looks_like_one_written_by_hand(tmp_path: Path) -> None:
    path = written(tmp_path, FORMS["nothing"])
    save(path, {TlsSwitch.TLS: True, TlsKey.CA_FILE: ("a.pem",), TlsKey.VERIFY: False})
    table = '[target.tls]\nca_file = ["a.pem"]\nverify = false\n'
    assert text_of(path) == f"{HEAD}{A}{table}\n# of B\n{B}"


def test_an_undo_around_another_edit_takes_a_new_table_away(tmp_path: Path) -> None:
    path = written(tmp_path, FORMS["nothing"])
    base = profile(path)
    tls: TlsValues = {TlsSwitch.TLS: True, TlsKey.VERIFY: False}
    edit = TargetEdit("A", 0, {Field.NAME: "New A"}, base.own, tls, base.own_tls)
    change = save_targets(path, [edit])
    path.write_text(text_of(path).replace("# of all", "# of all of us"))
    undo(change)
    assert text_of(path) == FORMS["nothing"].replace("# of all", "# of all of us")


def test_a_value_that_no_table_takes_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, FORMS["table"])
    with pytest.raises(ProfileError) as version:
        save(path, {TlsSwitch.TLS: True, TlsKey.MINIMUM_VERSION: "2"})
    assert 'minimum_version: "2" must be "1.0", "1.1"' in str(version.value)
    with pytest.raises(ProfileError) as raised:
        save(path, {TlsSwitch.TLS: True, TlsKey.PASSPHRASE_COMMAND: "echo\nsecret"})
    assert "secret" not in str(raised.value)
    assert text_of(path) == FORMS["table"]
