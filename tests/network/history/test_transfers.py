"""What ``dcmecho move``, ``store-test`` and ``--services`` leave in the journal."""

from __future__ import annotations

import csv
import io
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from dcmecho.exit_codes import ExitCode
from tests.network.diagnose.test_command_line import dcmecho
from tests.network.peers.real_peers import unused_port
from tests.network.peers.scripted import ServePeer
from tests.network.services.test_move_and_store_command_line import STUDY, US, calling_back, word


class Site:
    """A peer that sends a study, and a journal."""

    def __init__(self, folder: Path, serve_peer: ServePeer) -> None:
        self.port = unused_port()
        self.peer = word(serve_peer(calling_back("MY_WORKSTATION", self.port)))
        self.journal = folder / "history.db"

    def run(self, command: str, *words: str) -> subprocess.CompletedProcess[str]:
        return dcmecho(command, "--history", str(self.journal), *words)

    def check(self, *words: str) -> subprocess.CompletedProcess[str]:
        called, _, port = self.peer.replace("@127.0.0.1:", " ").partition(" ")
        titles = ("-aec", called, *US)
        return dcmecho(*titles, "--history", str(self.journal), *words, "127.0.0.1", port)

    def move(self, port: int | None = None) -> int:
        words = ("--yes", "--study", STUDY, "--port", str(port or self.port), *US, self.peer)
        return self.run("move", *words).returncode

    def history(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self.run("history", "--format", "json").stdout)
        return found


@pytest.fixture
def site(tmp_path: Path, serve_peer: ServePeer) -> Site:
    return Site(tmp_path, serve_peer)


def test_a_move_and_a_test_image_stand_beside_their_checks(site: Site) -> None:
    assert site.move() == ExitCode.OK
    assert site.move(unused_port()) == ExitCode.SERVICES
    assert site.run("store-test", "--yes", *US, site.peer).returncode == ExitCode.OK
    rows = list(csv.DictReader(io.StringIO(site.run("history", "--format", "csv").stdout)))
    told = [(row["status"], row["cause"], row["runs"]) for row in rows]
    assert [each for each in told if each[0] != "ok"] == [
        ("store-test", "stored", "0"),
        ("move", "not-reached", "0"),
        ("move", "reached", "0"),
    ]
    assert [each for each in told if each[0] == "ok"] == [("ok", "", "1")] * 3
    page = site.run("history").stdout
    assert [line.split()[3:5] for line in page.splitlines() if "C-MOVE" in line] == [
        ["C-MOVE", "not-reached"],
        ["C-MOVE", "reached"],
    ]


def test_the_json_has_the_report_without_the_study(site: Site) -> None:
    site.move()
    move, check = site.history()
    assert (move["kind"], check["kind"]) == ("move", "diagnosis")
    assert move["services"]["move"]["outcome"] == "reached"
    assert "services" not in check
    assert STUDY not in json.dumps([move, check])
    assert STUDY.encode() not in site.journal.read_bytes()


def test_neither_is_a_check_of_the_target(site: Site) -> None:
    site.move()
    ran = site.check("--json")
    assert json.loads(ran.stdout)["history"]["runs"] == 1


def test_services_belong_to_their_check(site: Site) -> None:
    assert site.check("--services").returncode == ExitCode.OK
    (check,) = site.history()
    assert check["kind"] == "further"
    assert check["services"]["matrix"]


@pytest.mark.parametrize("form", ["text", "json", "jsonl"])
def test_a_move_and_a_test_image_without_the_names_of_the_site(site: Site, form: str) -> None:
    move = ("move", "--study", STUDY, "--port", str(site.port))
    for command in (move, ("store-test",)):
        ran = site.run(*command, "--yes", "--redact", "--format", form, *US, site.peer)
        assert ran.returncode == ExitCode.OK
        for secret in (STUDY, "MY_WORKSTATION", "TARGET_PACS"):
            assert secret not in ran.stdout
