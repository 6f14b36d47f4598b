"""``dcmecho history``, ``dcmecho compare`` and the options of a check about the journal."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from dcmecho.exit_codes import ExitCode
from tests.network.peers.real_peers import ARCHIVE_TITLE, REGISTERED, RealPeer
from tests.people import Person, owned, people
from tests.people import open_folder as open_to_all

Ran = subprocess.CompletedProcess[str]
DAMAGED = b"no database at all" * 99


class Site:
    """A profile file of two targets at one archive that knows one title, and a journal."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.port = port
        self.profiles = folder / "profiles.toml"
        self.journal = folder / "history.db"
        self.write()

    def write(self, called_ae: str = ARCHIVE_TITLE, settings: str = "", more: str = "") -> None:
        target = f'host = "127.0.0.1"\nport = {self.port}\ncalling_ae = "{REGISTERED}"\n{more}'
        self.profiles.write_text(
            f'{settings}\n[[target]]\nname = "Main PACS"\n{target}called_ae = "{called_ae}"\n'
            f'[[target]]\nname = "Wrong"\n{target}called_ae = "WRONG"\n'
        )

    def run(self, command: str, *words: str, journal: bool = True) -> Ran:
        files = ["--profiles", str(self.profiles)]
        files += ["--history", str(self.journal)] if journal and "--no-history" not in words else []
        return subprocess.run(
            [sys.executable, "-m", "dcmecho", command, *words, *files],
            capture_output=True,
            text=True,
            timeout=50,
            check=False,
            cwd=self.folder,
        )

    def check(self, *words: str) -> Ran:
        return self.run("check", *(words or ("Main PACS",)))


@pytest.fixture
def site(dcmqrscp: RealPeer, tmp_path: Path) -> Site:
    return Site(tmp_path, dcmqrscp.port)


@pytest.fixture
def known(site: Site) -> Site:
    """A site where one target worked, and one was rejected."""
    assert site.check().returncode == ExitCode.OK
    assert site.check("Wrong").returncode == ExitCode.REJECTED
    return site


def test_history_shows_the_newest_first(known: Site) -> None:
    ran = known.run("history")
    lines = [line.split() for line in ran.stdout.splitlines()]
    assert (ran.returncode, ran.stderr) == (ExitCode.OK, "")
    assert [line[1] for line in lines[1:]] == ["Wrong", "Main"]
    assert "ae.called-unknown" in lines[1]
    assert known.run("history", "Main PACS", "--since", "1d").stdout.count("\n") == 2
    assert known.run("history", "--since", "2099-01-01T00:00").stdout == ""


def test_history_as_json_is_a_list_of_reports_of_the_journal(known: Site) -> None:
    reports = json.loads(known.run("history", "--format", "json").stdout)
    assert [each["target"]["name"] for each in reports] == ["Wrong", "Main PACS"]
    assert {each["schema"] for each in reports} == {"dcmecho.report/1"}
    assert {each["source"] for each in reports} == {"journal"}
    assert [each["runs"] for each in reports] == [1, 1]
    assert json.loads(known.run("history", "Wrong", "--format", "json").stdout) == reports[:1]


def test_history_as_csv(known: Site) -> None:
    rows = list(csv.DictReader(io.StringIO(known.run("history", "--format", "csv").stdout)))
    assert [row["target"] for row in rows] == ["Wrong", "Main PACS"]
    assert [row["status"] for row in rows] == ["failed", "ok"]
    assert {(row["way"], row["user"]) for row in rows} == {("check", "")}


def test_what_is_forgotten_is_gone(known: Site) -> None:
    ran = known.run("history", "--forget", "Wrong")
    assert (ran.returncode, ran.stderr) == (ExitCode.OK, "dcmecho: forgot 1 target\n")
    assert "Wrong" not in known.run("history").stdout
    assert b"WRONG" not in known.journal.read_bytes()
    assert known.run("history", "--forget", "--all").returncode == ExitCode.OK
    assert known.run("history").stdout == ""


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["Main PACZ"], "nothing is known of a target named Main PACZ. Did you mean Main PACS?"),
        (["--forget"], "name the targets to forget, or --all"),
        (["--all"], "--all is for --forget"),
        (["--since", "yesterday"], "'yesterday' is no time"),
        (["--since", "999999w"], "'999999w' is no time"),
        (["--forget", "Main PACZ"], "nothing is known of a target named Main PACZ"),
    ],
)
def test_a_wrong_command_line_of_history(known: Site, words: list[str], says: str) -> None:
    ran = known.run("history", *words)
    assert (ran.returncode, ran.stdout) == (ExitCode.USAGE, "")
    assert says in ran.stderr
    assert known.run("history").stdout.count("\n") == 3


def test_without_a_journal_there_is_no_history(site: Site) -> None:
    for words in (["history"], ["compare", "Main PACS@last-ok", "Main PACS@now"]):
        ran = site.run(*words)
        assert (ran.returncode, ran.stdout) == (ExitCode.USAGE, "")
        assert "does not exist" in ran.stderr
    assert not site.journal.exists()


def test_compare_with_the_last_success(known: Site) -> None:
    equal = known.run("compare", "Main PACS@last-ok", "Main PACS@now")
    assert (equal.returncode, equal.stderr) == (ExitCode.OK, "")
    assert "Equal in verdict and facts." in equal.stdout
    known.write(called_ae="MAIN_PAC5")
    other = known.run("compare", "Main PACS@last-ok", "Main PACS")
    assert other.returncode == ExitCode.DIFFERENT
    assert "MAIN_PACS -> MAIN_PAC5  (our profile)" in other.stdout
    data = json.loads(
        known.run("compare", "Main PACS@last-ok", "Main PACS", "--format", "json").stdout
    )
    assert (data["schema"], data["equal"]) == ("dcmecho.difference/1", False)
    called = {"what": "target.called_ae", "before": "MAIN_PACS", "after": "MAIN_PAC5"}
    assert called in data["different"]


def test_a_check_that_works_again_says_what_made_it_work(known: Site) -> None:
    known.write(called_ae="MAIN_PAC5")
    assert known.check().returncode == ExitCode.REJECTED
    known.write()
    again = known.check()
    assert "works    again: it failed today" in again.stdout
    assert "MAIN_PAC5 -> MAIN_PACS  (our profile)" in again.stdout
    assert "works " not in known.check().stdout


def test_an_edited_timeout_is_named(known: Site) -> None:
    known.write(called_ae="MAIN_PAC5", more="connect_timeout_s = 2.5\nmax_pdu_bytes = 32768\n")
    ran = known.check("Main PACS", "--json")
    since = {each["what"]: each for each in json.loads(ran.stdout)["history"]["since"]}
    assert since["target.connect_timeout_s"]["after"] == 2.5
    assert since["target.max_pdu_bytes"]["after"] == 32768
    page = known.check().stdout
    assert re.search(r"TCP timeout +[0-9.]+ s -> 2.5 s  \(our profile\)", page)
    equal = known.run("compare", "Wrong@2099-01-01", "Wrong")
    assert "TCP timeout" in equal.stdout
    assert equal.returncode == ExitCode.DIFFERENT


def test_compare_a_time_a_file_and_another_target(known: Site) -> None:
    saved = known.folder / "before.json"
    saved.write_text(known.check("Main PACS", "--json").stdout)
    assert known.run("compare", "Main PACS@2099-01-01T00:00", str(saved)).returncode == ExitCode.OK
    assert known.run("compare", str(saved), str(saved), journal=False).returncode == ExitCode.OK
    assert known.run("compare", "Main PACS", "Wrong").returncode == ExitCode.DIFFERENT
    assert known.run("compare", "Wrong@last-ok", "Wrong").returncode == ExitCode.USAGE
    early = known.run("compare", "Main PACS@2001-01-01", "Main PACS")
    assert (early.returncode, early.stdout) == (ExitCode.USAGE, "")
    assert "no check of a target named Main PACS is known from then" in early.stderr


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "Expecting value"),
        ("[]", "it holds several reports"),
        ("3", "it is not a dcmecho.report/1"),
        ('{"schema": "dcmecho.report/1"}', "it is not a whole dcmecho.report/1"),
        ("[" * 100_000, "recursion"),
        ('{"schema": ' + "9" * 10_000 + "}", "integer"),
        (" " * (1 << 25), "is longer than 16 MB"),
    ],
)
def test_what_is_no_report_is_told(site: Site, text: str, says: str) -> None:
    path = site.folder / "odd.json"
    path.write_text(text)
    ran = site.run("compare", str(path), str(path))
    assert (ran.returncode, ran.stdout) == (ExitCode.USAGE, "")
    assert says in ran.stderr
    assert "Traceback" not in ran.stderr


def test_text_of_a_foreign_report_is_shown_without_its_control_characters(known: Site) -> None:
    report: dict[str, Any] = json.loads(known.check("Main PACS", "--json").stdout)
    odd = "\x1b]0;mine\x07\x9b31m\u202eX"
    report["verdict"]["title"] = report["target"]["called_ae"] = odd
    path = known.folder / f"odd {odd}.json"
    path.write_text(json.dumps(report))
    ran = known.run("compare", "Main PACS@last-ok", str(path))
    assert ran.returncode == ExitCode.DIFFERENT
    for character in "\x1b\x07\x9b\u202e":
        assert character not in ran.stdout + ran.stderr


def test_a_name_too_long_for_a_file_is_a_name(known: Site) -> None:
    ran = known.run("compare", "x" * 5000, "Main PACS")
    assert (ran.returncode, ran.stdout) == (ExitCode.USAGE, "")
    assert "Traceback" not in ran.stderr


def test_no_history_neither_reads_nor_writes(known: Site) -> None:
    before = known.run("history").stdout
    known.write(called_ae="MAIN_PAC5")
    ran = known.run("check", "Main PACS", "--no-history", journal=False)
    assert ran.returncode == ExitCode.REJECTED
    assert "last ok" not in ran.stdout
    assert known.run("history").stdout == before


@pytest.mark.parametrize("words", [["-q"], ["--format", "nagios"]])
@pytest.mark.parametrize("journal", [DAMAGED, None])
def test_who_is_quiet_never_speaks_of_it(
    known: Site, words: list[str], journal: bytes | None
) -> None:
    if journal is not None:
        known.journal.write_bytes(journal)
    known.write(called_ae="MAIN_PAC5")
    failed = known.check("Main PACS", *words)
    known.write()
    again = known.check("Main PACS", *words)
    told = failed.stdout + failed.stderr + again.stdout + again.stderr
    assert "history" not in told
    assert "last ok" not in told
    assert "works" not in told
    assert (words == ["-q"]) == (told == "")


def test_a_damaged_journal_is_told_and_the_check_is_right(site: Site) -> None:
    site.journal.write_bytes(DAMAGED)
    ran = site.check()
    assert ran.returncode == ExitCode.OK
    assert ran.stderr.count("\n") == 1
    assert "it was damaged; it is kept as history.db.damaged-" in ran.stderr


def test_the_settings_say_where_and_by_whom(site: Site) -> None:
    shared = site.folder / "shared.db"
    site.write(settings=f'[settings]\nhistory = "{shared}"\nhistory_user = true\n')
    site.profiles.chmod(0o640)
    assert site.run("check", "Main PACS", journal=False).returncode == ExitCode.OK
    assert shared.stat().st_mode & 0o777 == 0o640
    ran = site.run("history", "--format", "csv", journal=False)
    (row,) = csv.DictReader(io.StringIO(ran.stdout))
    assert row["user"] == "root"


def test_a_green_check_says_what_made_it_work_again(known: Site) -> None:
    known.write(called_ae="MAIN_PAC5")
    assert "1 of 1 ok in 30 days" in known.check().stdout
    known.write()
    again = known.check()
    assert again.returncode == ExitCode.OK
    assert "works again: it failed today" in " ".join(again.stdout.split())
    assert "MAIN_PAC5 -> MAIN_PACS  (our profile)" in again.stdout
    assert "works" not in known.check().stdout


def test_a_check_of_all_says_which_failures_began_together(site: Site) -> None:
    def write(called_ae: str) -> None:
        target = f'host = "127.0.0.1"\nport = {site.port}\ncalling_ae = "{REGISTERED}"\n'
        titles = dict.fromkeys(("CT 1", "CT 2", "CT 3"), called_ae) | {"MR": ARCHIVE_TITLE}
        site.profiles.write_text(
            "".join(
                f'[[target]]\nname = "{name}"\n{target}called_ae = "{title}"\n'
                for name, title in titles.items()
            )
        )

    write(ARCHIVE_TITLE)
    assert site.check("--all").returncode == ExitCode.OK
    write("WRONG")
    told = site.check("--all").stdout
    assert re.match(r"3 newly failing since \d\d:\d\d:\n  CT 1, CT 2, CT 3\n", told)
    again = site.check("--all", "--redact").stdout
    assert re.match(r"3 newly failing since \d\d:\d\d:\n  ", again)
    assert "CT 1" not in again
    (failed, *_, healthy) = json.loads(site.check("--all", "--json").stdout)
    assert failed["history"]["failing_since"] < failed["started"]
    assert healthy["history"]["failing_since"] is None
    assert "failing since" not in site.check("--all", "--no-history").stdout


def test_a_foreign_file_does_not_say_where_the_journal_is(dcmqrscp: RealPeer) -> None:
    me, mallory = people(2)
    with open_to_all() as folder:
        home = folder / "home"
        home.mkdir()
        owned(home, me.uid, 0o700)
        trap = home / "trap.db"
        site = Site(folder, dcmqrscp.port)
        site.write(settings=f'[settings]\nhistory = "{trap}"\nhistory_user = true\n')
        owned(site.profiles, mallory.uid, 0o644)
        mine = Person(me.uid, home=home)
        ran = mine.dcmecho("check", "Main PACS", "--profiles", site.profiles)
        assert ran.code == ExitCode.OK
        assert not trap.exists()
        assert (home / ".local" / "state" / "dcmecho" / "history.db").exists()
        listed = mine.dcmecho("history", "--format", "csv", "--profiles", site.profiles)
        assert listed.out.count("\n") == 2
