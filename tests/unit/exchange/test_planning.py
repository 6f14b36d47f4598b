"""The plan of an import into a file that already has targets, and the result."""

from __future__ import annotations

from pathlib import Path

import pytest

from dcmecho.diagnosis.target.fields import Field
from dcmecho.profiles.book.change import EditConflict
from dcmecho.profiles.book.load import load
from dcmecho.profiles.book.model import ProfileError
from dcmecho.profiles.edit.history import undo
from dcmecho.profiles.exchange.applying import apply_plan
from dcmecho.profiles.exchange.formats.known import read_text
from dcmecho.profiles.exchange.planning import Action, FieldChange, ImportPlan, plan
from dcmecho.profiles.exchange.preview import as_json, summary
from dcmecho.profiles.exchange.rows import ExchangeFormat

FILE = """\
# The network of the house.
[defaults]
calling_ae = "WS"   # ours

[[target]]
name = "Main PACS"  # ask for Ms Weber
host = "pacs.lan"
port = 104
called_ae = "MAIN"
notes = "hotline"

[group.Secure]
[group.Secure.tls]
ca_file = "ca.pem"

[[target]]
name = "Broken"
host = "b.lan"
port = "1O4"
called_ae = "BROKEN"
# the end
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "profiles.toml"
    file.write_text(FILE, encoding="utf-8")
    return file


def planned(path: Path, text: str, group: str = "") -> ImportPlan:
    return plan(load(path), read_text(text).rows, group)


def what(found: ImportPlan) -> list[tuple[Action, str]]:
    return [(row.action, row.name) for row in found.rows]


def test_the_same_again_is_equal(path: Path) -> None:
    found = planned(path, "name,host,port,aet\nMain PACS,pacs.lan,104,MAIN\n")
    assert what(found) == [(Action.EQUAL, "Main PACS")]
    assert not found.writes


def test_another_value_is_a_change_and_what_is_not_said_stays(path: Path) -> None:
    (row,) = planned(path, "name,host,port,aet,notes\nMain PACS,pacs.lan,11112,MAIN,\n").rows
    assert row.changes == (FieldChange(Field.PORT, 104, 11112),)
    assert summary(row) == "port 104 -> 11112"


def test_a_known_address_is_the_known_target_whatever_the_file_calls_it(path: Path) -> None:
    (row,) = planned(path, "archive = (MAIN, PACS.lan, 104)\n").rows
    assert (row.action, row.name) == (Action.CHANGED, "Main PACS")
    (row,) = planned(path, "archive = (MAIN, pacs.lan, 104)\n").rows
    assert (row.action, row.name, row.reason) == (Action.EQUAL, "Main PACS", "named Main PACS here")


def test_a_title_that_is_another_targets_name_is_not_that_target(path: Path) -> None:
    found = planned(path, "Broken@elsewhere.lan:104\n")
    assert what(found) == [(Action.NEW, "Broken (elsewhere.lan)")]


def test_names_are_made_unique_by_host_and_then_by_number(path: Path) -> None:
    text = "CT@a:104\nCT@b:104\nCT@b:105\nCT@a:104\n"
    found = planned(path, text)
    assert what(found) == [
        (Action.NEW, "CT"),
        (Action.NEW, "CT (b)"),
        (Action.NEW, "CT (b) 2"),
        (Action.EQUAL, "CT"),
    ]
    apply_plan(path, found)
    assert {action for action, _ in what(planned(path, text))} == {Action.EQUAL}


def test_two_of_our_titles_for_one_peer_are_two_targets(path: Path) -> None:
    text = "echoscu -aet A -aec MAIN h 104\necho\nstorescu -aet B -aec MAIN h 104\n"
    found = planned(path, text)
    assert what(found) == [(Action.NEW, "MAIN"), (Action.NEW, "MAIN (h)")]
    apply_plan(path, found)
    assert {action for action, _ in what(planned(path, text))} == {Action.EQUAL}


def test_a_command_without_a_called_title_is_named_after_its_host(path: Path) -> None:
    (row,) = planned(path, "echoscu 10.0.0.5 104").rows
    assert (row.name, row.values[Field.CALLED_AE]) == ("10.0.0.5", "ANY-SCP")
    assert "placeholder" in row.warnings[0].message


def test_a_broken_target_is_mended(path: Path) -> None:
    found = planned(path, "name,host,port,aet\nBroken,b.lan,104,BROKEN\n")
    assert what(found) == [(Action.CHANGED, "Broken")]
    apply_plan(path, found)
    assert load(path).broken == ()


def test_slips_are_seen_also_between_rows(path: Path) -> None:
    found = planned(path, "CT_1@a:104\nCT-1@b:104\nMA1N@c:104\n")
    assert [len(row.warnings) for row in found.rows] == [1, 1, 1]
    assert "looks like MAIN of Main PACS" in found.rows[2].warnings[0].message


def test_only_what_is_not_inherited_is_written(path: Path) -> None:
    text = "name,host,port,aet,calling,connect_timeout_s\nA,a,104,A,WS,5\nB,b,104,B,OTHER,7.5\n"
    apply_plan(path, planned(path, text, group="Carts"))
    added = path.read_text(encoding="utf-8").removeprefix(FILE)
    assert added == (
        '\n[[target]]\nname = "A"\nhost = "a"\nport = 104\ncalled_ae = "A"\ngroup = "Carts"\n'
        '\n[[target]]\nname = "B"\nhost = "b"\nport = 104\ncalled_ae = "B"\n'
        'calling_ae = "OTHER"\ngroup = "Carts"\nconnect_timeout_s = 7.5\n'
    )


class TestTls:
    ROWS = (
        "name,host,port,aet,group,tls\nA,a,2762,A,,yes\nB,b,104,B,Secure,no\nC,c,2762,C,Secure,\n"
    )

    def test_it_is_taken_over_for_new_targets(self, path: Path) -> None:
        apply_plan(path, planned(path, self.ROWS))
        book = load(path)
        secure = {each.name: each.tls is not None for each in book.targets}
        assert secure == {"Main PACS": False, "A": True, "B": False, "C": True}
        assert {action for action, _ in what(planned(path, self.ROWS))} == {Action.EQUAL}

    def test_of_a_known_target_it_is_left_to_the_user(self, path: Path) -> None:
        (row,) = planned(path, "name,host,port,aet,tls\nMain PACS,pacs.lan,104,MAIN,yes\n").rows
        assert row.action is Action.REFUSED
        assert row.reason == "the target is plain here, TLS in that file; change its TLS by hand"

    def test_an_inline_array_has_no_place_for_it(self, tmp_path: Path) -> None:
        path = tmp_path / "profiles.toml"
        inline = 'target = [{name = "Z", host = "z", port = 104, called_ae = "Z"}]\n'
        path.write_text(inline, encoding="utf-8")
        with pytest.raises(ProfileError, match="cannot take new targets with TLS"):
            apply_plan(path, planned(path, self.ROWS))
        assert path.read_text(encoding="utf-8") == inline
        apply_plan(path, planned(path, "A@a:104\n"))
        assert [target.name for target in load(path).targets] == ["Z", "A"]


class TestWriting:
    TEXT = "name,host,port,aet\nMain PACS,new.lan,104,MAIN\nCT,ct.lan,104,CT\nBad,bad.lan,x,BAD\n"

    def test_all_else_in_the_file_stays(self, path: Path) -> None:
        apply_plan(path, planned(path, self.TEXT))
        text = path.read_text(encoding="utf-8")
        before = FILE.replace('"pacs.lan"', '"new.lan"')
        assert text.startswith(before)
        assert text.removeprefix(before).startswith('\n[[target]]\nname = "CT"\n')

    def test_it_can_be_undone(self, path: Path) -> None:
        undo(apply_plan(path, planned(path, self.TEXT)))
        assert path.read_text(encoding="utf-8") == FILE

    def test_line_endings_are_those_of_the_file(self, path: Path) -> None:
        path.write_bytes(FILE.replace("\n", "\r\n").encode())
        apply_plan(path, planned(path, TestTls.ROWS))
        assert path.read_bytes().count(b"\n") == path.read_bytes().count(b"\r\n")

    def test_what_was_changed_meanwhile_is_not_overwritten(self, path: Path) -> None:
        found = planned(path, self.TEXT)
        edited = FILE.replace('"pacs.lan"', '"other.lan"')
        path.write_text(edited, encoding="utf-8")
        with pytest.raises(EditConflict, match=r'theirs "other.lan", yours "new.lan"'):
            apply_plan(path, found)
        assert path.read_text(encoding="utf-8") == edited

    def test_a_file_that_is_not_there_is_made(self, tmp_path: Path) -> None:
        path = tmp_path / "new" / "profiles.toml"
        apply_plan(path, planned(path, "A@a:104\n"))
        assert [target.name for target in load(path).targets] == ["A"]

    def test_a_thousand_rows(self, path: Path) -> None:
        rows = "".join(
            f"CT {n},ct{n}.lan,104,CT_{n},{'yes' if n % 3 else 'no'}\n" for n in range(1000)
        )
        found = planned(path, f"name,host,port,aet,tls\n{rows}")
        apply_plan(path, found)
        assert found.counts == "1000 new, 0 changed, 0 equal, 0 refused"
        assert len(load(path).targets) == 1001


def test_what_is_said_is_printable(path: Path) -> None:
    reading = read_text(
        '{"DicomModalities": {"a\\u001b[31m": ["A\\u0007", "h", 104], "b": ["\\u202eB"]}}'
    )
    found = plan(load(path), reading.rows)
    assert all((row.name + summary(row)).isprintable() for row in found.rows)
    assert as_json(reading, found, str(path), written=False).replace("\n", " ").isprintable()
    assert reading.format is ExchangeFormat.ORTHANC


@pytest.mark.parametrize("key", ["do_not_probe", "no_experiments"])
def test_a_foreign_file_never_allows_what_this_one_forbids(path: Path, key: str) -> None:
    forbidden = FILE.replace('notes = "hotline"', f'{key} = "clinical hours"')
    path.write_text(forbidden, encoding="utf-8")
    foreign = f'[[target]]\nname = "Main PACS"\nhost = "pacs.lan"\nport = 105\n{key} = ""\n'
    found = planned(path, f'{foreign}called_ae = "MAIN"\n')
    assert [change.field for change in found.rows[0].changes] == [Field.PORT]
    apply_plan(path, found)
    assert path.read_text(encoding="utf-8") == forbidden.replace("port = 104", "port = 105")


class TestGroups:
    """With ``--group``, the file of a second site changes no target of the first."""

    FILES = Path(__file__).parent / "files"

    def site(self, path: Path, name: str, group: str, port: str = "") -> ImportPlan:
        text = (self.FILES / name).read_text(encoding="utf-8")
        return planned(path, text.replace(port, "4242") if port else text, group)

    def test_two_sites_that_call_their_peer_the_same_are_two_targets(self, path: Path) -> None:
        apply_plan(path, self.site(path, "orthanc-siteA.json", "Site A"))
        apply_plan(path, self.site(path, "orthanc-siteB.json", "Site B"))
        found = {each.name: (each.group, each.called_ae, each.port) for each in load(path).targets}
        assert found["pacs"] == ("Site A", "PACS_A", 24242)
        assert found["pacs (Site B)"] == ("Site B", "PACS_B", 24243)

    def test_the_file_of_each_site_changes_its_own_target_later(self, path: Path) -> None:
        for site in "AB":
            apply_plan(path, self.site(path, f"orthanc-site{site}.json", f"Site {site}"))
        for site, name, port in (("A", "pacs", "24242"), ("B", "pacs (Site B)", "24243")):
            file, group = f"orthanc-site{site}.json", f"Site {site}"
            assert what(self.site(path, file, group)) == [(Action.EQUAL, name)]
            (row,) = self.site(path, file, group, port).rows
            assert (row.action, row.name) == (Action.CHANGED, name)
            assert row.changes == (FieldChange(Field.PORT, int(port), 4242),)

    def test_the_same_peer_in_another_group_is_no_second_target(self, path: Path) -> None:
        apply_plan(path, self.site(path, "orthanc-siteA.json", "Site A"))
        (row,) = self.site(path, "orthanc-siteA.json", "Site B").rows
        assert (row.action, row.reason) == (Action.EQUAL, "named pacs here, in group Site A")

    def test_one_that_would_be_changed_in_another_group_is_new(self, path: Path) -> None:
        apply_plan(path, planned(path, "name,host,port,aet,calling\nP,h,104,P,ONE\n", "Site A"))
        found = planned(path, "name,host,port,aet,calling\nP,h,104,P,TWO\n", "Site B")
        assert what(found) == [(Action.NEW, "P (Site B)")]

    def test_without_a_group_every_target_can_be_changed(self, path: Path) -> None:
        apply_plan(path, self.site(path, "orthanc-siteA.json", "Site A"))
        assert what(self.site(path, "orthanc-siteB.json", "")) == [(Action.CHANGED, "pacs")]
