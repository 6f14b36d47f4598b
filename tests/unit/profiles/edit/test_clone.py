"""Cloning a target, and editing one with TLS: its TLS table is never lost."""

from pathlib import Path

import pytest

from dcmecho.diagnosis.target.fields import Field
from dcmecho.diagnosis.target.tls import TlsSettings
from dcmecho.profiles.book.load import load
from dcmecho.profiles.book.model import ProfileError
from dcmecho.profiles.edit.edit import clone_target, delete_target
from tests.unit.profiles.saving import save_target
from tests.unit.profiles.texts import ALIGNED, FILES, INDENTED, PLAIN, text_of, written

TLS = {
    "table": '[target.tls]\nca_file = "/ca.pem"\nverify = false\n',
    "table-after-blank": '\n  [target.tls]  # theirs\n  ca_file = "/ca.pem"\n\n  verify = false\n',
    "inline": 'tls = { ca_file = "/ca.pem", verify = false }\n',
    "dotted": 'tls.ca_file = "/ca.pem"\ntls.verify = false\n',
    "inherited": "",
    "apart": '[group.x]\nport = 1\n[target.tls]\nca_file = "/ca.pem"\nverify = false\n',
}
EXPECTED = TlsSettings(ca_files=("/ca.pem",), verify=False)
COPY = {Field.NAME: "Copy"}


def file_with(folder: Path, tls: str) -> Path:
    group = '[group.TLS.tls]\nca_file = "/ca.pem"\nverify = false\n' if not tls else ""
    own = 'group = "TLS"\n' if not tls else ""
    last = '[[target]]\nname = "Last"\nhost = "last"\nport = 104\ncalled_ae = "LAST"\n'
    text = (
        f'{group}[[target]]\nname = "PACS"\nhost = "pacs"\nport = 2762\ncalled_ae = "PACS"\n'
        f"{own}{tls}\n{last}"
    )
    return written(folder, text)


def tls_by_name(path: Path) -> dict[str, TlsSettings | None]:
    book = load(path)
    assert book.problems == ()
    return {target.name: target.tls for target in book.targets}


@pytest.mark.parametrize("tls", TLS.values(), ids=TLS)
def test_the_clone_of_a_target_with_tls_has_the_same_tls(tmp_path: Path, tls: str) -> None:
    path = file_with(tmp_path, tls)
    before = text_of(path)
    clone_target(path, "PACS", {Field.NAME: "Copy", Field.PORT: 11112})
    assert text_of(path).startswith(before)
    assert tls_by_name(path) == {"PACS": EXPECTED, "Last": None, "Copy": EXPECTED}
    copy = load(path).targets[-1]
    assert (copy.port, copy.host, copy.called_ae) == (11112, "pacs", "PACS")


@pytest.mark.parametrize("tls", TLS.values(), ids=TLS)
def test_an_edit_keeps_the_tls(tmp_path: Path, tls: str) -> None:
    path = file_with(tmp_path, tls)
    save_target(path, "PACS", {Field.HOST: "other", Field.NOTES: "new", Field.CALLING_AE: "ME"})
    assert tls_by_name(path) == {"PACS": EXPECTED, "Last": None}


@pytest.mark.parametrize("tls", TLS.values(), ids=TLS)
def test_deleting_the_clone_gives_the_same_bytes(tmp_path: Path, tls: str) -> None:
    path = file_with(tmp_path, tls)
    before = text_of(path)
    clone_target(path, "PACS", COPY)
    delete_target(path, "Copy")
    assert text_of(path) == before


@pytest.mark.parametrize("tls", TLS.values(), ids=TLS)
def test_deleting_a_target_with_tls_leaves_its_neighbour_plain(tmp_path: Path, tls: str) -> None:
    path = file_with(tmp_path, tls)
    delete_target(path, "PACS")
    assert tls_by_name(path) == {"Last": None}


def test_the_clone_of_a_target_without_its_inherited_tls_is_plain(tmp_path: Path) -> None:
    path = written(tmp_path, "[defaults.tls]\n" + INDENTED + "  tls=false\n")
    clone_target(path, "CT 2", COPY)
    assert tls_by_name(path) == {"Main PACS": TlsSettings(), "CT 2": None, "Copy": None}


@pytest.mark.parametrize("tls", ["[target.tsl]\n", "[target.tls]\nverify = 0\n"])
def test_the_clone_of_a_target_with_faulty_tls_does_not_run(tmp_path: Path, tls: str) -> None:
    path = file_with(tmp_path, tls)
    clone_target(path, "PACS", COPY)
    assert [target.name for target in load(path).targets] == ["Last"]


@pytest.mark.parametrize(
    ("text", "name", "copy"),
    [
        (
            PLAIN,
            "CT 2",
            '\n[[target]]\nname = "Copy"\nhost = "ct2.lan"\nport = 104\n\ncalled_ae = "CT2"\n'
            'notes = """\nfirst line\n[[target]]"""\n[target.tls]\nca_file = "ca.pem"\n',
        ),
        (
            INDENTED,
            "Main PACS",
            '\n[[target]]\n  name="Copy"\n  host="pacs.lan"\n  port=104\n  called_ae="MAIN"\n',
        ),
        (
            ALIGNED,
            "CT 2",
            '\n\n[[target]]\nname      = "Copy"\nhost      = "ct2.lan"\n'
            'port      = 104\ncalled_ae = "CT2" # no line end\n',
        ),
    ],
    ids=["plain", "indented", "aligned"],
)
def test_a_clone_is_written_as_the_original_is(
    tmp_path: Path, text: str, name: str, copy: str
) -> None:
    path = written(tmp_path, text)
    clone_target(path, name, COPY)
    assert text_of(path) == text + copy


def test_a_clone_has_what_no_form_shows_and_the_changes(tmp_path: Path) -> None:
    path = written(tmp_path, INDENTED + '  no_experiments="clinic"\n  notes="old"\n')
    clone_target(path, "CT 2", {**COPY, Field.NOTES: None, Field.CALLING_AE: "ME"})
    copy = load(path).targets[-1]
    assert (copy.no_experiments, copy.notes, copy.calling_ae) == ("clinic", "", "ME")


def test_targets_of_the_same_name_are_told_apart(tmp_path: Path) -> None:
    path = written(tmp_path, INDENTED.replace("Main PACS", "CT 2"))
    clone_target(path, "CT 2", COPY, occurrence=1)
    assert load(path).targets[-1].called_ae == "CT2"


@pytest.mark.parametrize("text", FILES.values(), ids=FILES)
@pytest.mark.parametrize(
    ("name", "changes", "told"),
    [
        ("Gone", COPY, 'no target is named "Gone" any longer'),
        ("CT 2", {}, "every target needs a name"),
        ("CT 2", {Field.NAME: "Main PACS"}, 'another target is already named "Main PACS"'),
        ("CT 2", {Field.NAME: "Copy", Field.PORT: "104"}, 'port: "104" must be a number'),
    ],
)
def test_a_clone_that_cannot_be_is_refused_and_changes_nothing(
    tmp_path: Path, text: str, name: str, changes: dict[Field, str | int | float | None], told: str
) -> None:
    path = written(tmp_path, text)
    with pytest.raises(ProfileError) as refusal:
        clone_target(path, name, changes)
    assert told in str(refusal.value)
    assert text_of(path) == text
