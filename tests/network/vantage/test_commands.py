"""``--from`` of the commands, as a person types it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from dcmecho.exit_codes import ExitCode
from tests.network.peers.real_peers import RealPeer
from tests.network.peers.ssh_server import SshServer
from tests.network.vantage.ways import vantage

_DEADLINE_S = 60.0


class Typed:
    """Runs dcmecho with a profile file of one target, ``Main PACS``, and three vantage points."""

    def __init__(self, folder: Path, config: str, port: int) -> None:
        self._folder = folder
        self._profiles = folder / "profiles.toml"
        self._profiles.write_text(
            f'[vantage.gateway]\nssh = "gateway"\nssh_config = "{config}"\n'
            f'[vantage.closed]\nssh = "ssh://127.0.0.1:1"\n'
            f'[vantage.titled]\nssh = "gateway"\nssh_config = "{config}"\ncalling_ae = "WARD"\n'
            f'[[target]]\nname = "Main PACS"\nhost = "127.0.0.1"\nport = {port}\n'
            'called_ae = "PACS"\ncalling_ae = "ME"\n'
        )

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "dcmecho", *words, "--profiles", str(self._profiles)]
        env = {**os.environ, "XDG_STATE_HOME": str(self._folder / "state")}
        return subprocess.run(
            command, capture_output=True, text=True, timeout=_DEADLINE_S, cwd="/", env=env
        )

    def data(self, *words: str) -> Any:
        return json.loads(self.run(*words, "--json").stdout)


@pytest.fixture
def dcmecho(ssh_server: SshServer, storescp: RealPeer, tmp_path: Path) -> Typed:
    return Typed(tmp_path, vantage(ssh_server, tmp_path).ssh_config, storescp.port)


def test_one_vantage_point_gives_a_report(dcmecho: Typed) -> None:
    report = dcmecho.data("check", "Main PACS", "--from", "gateway")
    assert (report["vantage"], report["source"]) == ("gateway", "vantage")
    assert report["verdict"]["exit_code"] == ExitCode.OK
    kinds = [each["kind"] for stage in report["stages"] for each in stage["evidence"]]
    assert "vantage.reached" in kinds


def test_a_title_of_the_vantage_point_is_ours_there(dcmecho: Typed) -> None:
    report = dcmecho.data("check", "Main PACS", "--from", "titled")
    assert report["target"]["calling_ae"] == "WARD"


def test_several_give_a_comparison(dcmecho: Typed) -> None:
    found = dcmecho.data("check", "--all", "--from", "here,gateway,closed")
    assert found["schema"] == "dcmecho.comparison/1"
    assert found["vantages"] == ["here", "gateway", "closed"]
    assert found["differs_at"] is None
    statuses = [report["verdict"]["status"] for report in found["reports"]]
    assert statuses == ["ok", "ok", "error"]


def test_a_failed_way_counts_only_where_no_machine_could_ask(dcmecho: Typed) -> None:
    assert dcmecho.run("check", "--all", "--from", "gateway,closed").returncode == ExitCode.OK
    assert dcmecho.run("check", "--all", "--from", "closed").returncode == ExitCode.NO_VANTAGE


def test_the_command_is_shown_before_the_first_use_only(dcmecho: Typed) -> None:
    first = dcmecho.run("check", "--all", "--from", "gateway")
    again = dcmecho.run("check", "--all", "--from", "gateway")
    assert "the first time from gateway: a python3 process will be seen there" in first.stderr
    assert "-- gateway" in first.stderr
    assert "the first time" not in again.stderr


def test_a_dry_run_asks_nobody(dcmecho: Typed) -> None:
    done = dcmecho.run("check", "--all", "--from", "closed", "--dry-run")
    assert done.returncode == ExitCode.OK
    assert done.stdout.startswith("closed: ssh -oBatchMode=yes ")


def test_services_are_asked_from_there(dcmecho: Typed) -> None:
    report = dcmecho.data("check", "Main PACS", "--from", "gateway", "--query")
    assert report["services"]["query"] is not None


def test_a_test_image_is_stored_from_there(dcmecho: Typed) -> None:
    report = dcmecho.data("store-test", "Main PACS", "--from", "gateway", "--yes", "--size", "20k")
    assert report["vantage"] == "gateway"
    assert report["services"]["store"]["outcome"] == "stored"


def test_a_watch_has_a_row_for_each(dcmecho: Typed) -> None:
    words = ("watch", "--all", "--from", "here,gateway", "--count", "1", "--format", "jsonl")
    lines = [json.loads(line) for line in dcmecho.run(*words).stdout.splitlines()]
    samples = [line for line in lines if line["kind"] == "sample"]
    assert {sample["vantage"] for sample in samples} == {"", "gateway"}
    assert {sample["status"] for sample in samples} == {"ok"}


def test_its_history_is_one_of_its_own(dcmecho: Typed) -> None:
    dcmecho.run("check", "--all", "--from", "gateway")
    dcmecho.run("check", "--all")
    listed = dcmecho.run("history", "--format", "csv").stdout
    assert "Main PACS, from gateway" in listed
    assert sum("Main PACS" in line for line in listed.splitlines()) == 2


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--from", "nowhere"), "there is no [vantage.nowhere] in the profile file"),
        (("--from", "gateway,gateway"), "name each vantage point once"),
        (("--from", "ssh://a b"), "white space"),
        (("--dry-run",), "--dry-run is for --from"),
        (("--from", "here,gateway", "--format", "markdown"), "is for one vantage point"),
        (("--from", "here,gateway", "--services"), "are for one vantage point"),
    ],
)
def test_what_cannot_be_is_refused(words: tuple[str, ...], says: str, dcmecho: Typed) -> None:
    done = dcmecho.run("check", "--all", *words)
    assert done.returncode == ExitCode.USAGE
    assert says in done.stderr
