"""``--services``, ``--like``, ``--query``, ``--pdu-probe`` as people type them."""

from __future__ import annotations

import json
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from dcmecho.exit_codes import ExitCode
from dcmecho.lab.server import Lab
from dcmecho.report.wrapping import WIDTH
from tests.network.diagnose.test_command_line import dcmecho
from tests.unit.services.objects import PATIENT, write_compressed_ct


@pytest.fixture(scope="module")
def compressed_ct(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("objects") / "ct.dcm"
    write_compressed_ct(path)
    return path


@pytest.fixture(scope="module")
def runs(lab: Lab, compressed_ct: Path) -> dict[str, subprocess.CompletedProcess[str]]:
    """Run every command line, all at the same time."""

    def port(peer: str) -> tuple[str, ...]:
        return ("127.0.0.1", str(lab.port_of(peer)))

    like = ("--like", str(compressed_ct))
    lines = {
        "text": ("--services", "--query", *port("refuses-queries")),
        "json": ("--json", "--services", *like, *port("uncompressed-only")),
        "taken": ("-v", "--json", *like, *port("healthy")),
        "jsonl": ("--format", "jsonl", "--query", *port("healthy")),
        "red": ("--json", "--services", *port("called-unknown")),
    }
    with ThreadPoolExecutor(len(lines)) as pool:
        futures = {name: pool.submit(dcmecho, *argv) for name, argv in lines.items()}
    return {name: future.result() for name, future in futures.items()}


Runs = dict[str, subprocess.CompletedProcess[str]]


def test_the_text_fits_a_terminal_and_is_ascii(runs: Runs) -> None:
    text = runs["text"].stdout
    assert "What the peer accepts" in text
    assert text.isascii()
    assert max(map(len, text.splitlines())) <= WIDTH


def test_what_is_sent_is_said_beforehand(runs: Runs) -> None:
    first, second = runs["text"].stderr.splitlines()
    assert "at most 5 associations" in first
    assert "one C-FIND" in second


def test_a_green_echo_does_not_hide_a_refused_query(runs: Runs) -> None:
    assert runs["text"].returncode == ExitCode.SERVICES
    assert "OK: C-ECHO-RSP 0x0000" in runs["text"].stdout
    assert "The peer does not allow you to query" in runs["text"].stdout
    assert '  Orthanc: "DicomModalities", with "AllowFind"\n' in runs["text"].stdout


def test_an_object_that_has_to_be_decompressed(runs: Runs) -> None:
    assert runs["json"].returncode == ExitCode.SERVICES
    report = json.loads(runs["json"].stdout)
    assert report["schema"] == "dcmecho.report/1"
    assert report["verdict"]["exit_code"] == ExitCode.SERVICES
    like = report["services"]["like"]
    assert like["outcome"] == "not-as-it-is"
    assert [finding["id"] for finding in like["findings"]] == ["object.needs-decompression"]


def test_a_matrix_that_was_asked_answers_for_the_object_too(runs: Runs) -> None:
    assert json.loads(runs["json"].stdout)["services"]["associations"] == 4


def test_an_object_that_is_taken(runs: Runs) -> None:
    assert runs["taken"].returncode == ExitCode.OK
    assert json.loads(runs["taken"].stdout)["services"]["like"]["outcome"] == "taken"


def test_nothing_of_the_file_is_told(runs: Runs) -> None:
    assert all(PATIENT not in run.stdout + run.stderr for run in runs.values())


def test_each_event_is_a_line_of_json(runs: Runs) -> None:
    events = [json.loads(line) for line in runs["jsonl"].stdout.splitlines()]
    assert [e["event"] for e in events if e.get("event", "").startswith("services")] == [
        "services-progressed",
        "services-finished",
    ]
    assert events[-1]["services"]["query"]["outcome"] == "no-match"


def test_the_steps_tell_what_is_asked(runs: Runs) -> None:
    assert "I: Services: is CT Image Storage accepted" in runs["taken"].stderr


def test_without_an_association_nothing_is_asked(runs: Runs) -> None:
    assert runs["red"].returncode == ExitCode.REJECTED
    assert "services" not in json.loads(runs["red"].stdout)
    assert "services were not checked" in runs["red"].stderr


def test_a_file_that_is_none(lab: Lab, tmp_path: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("no DICOM " * 40)
    for path, said in ((text, "not a DICOM file"), (tmp_path / "gone.dcm", "no such file")):
        done = dcmecho("--like", str(path), "127.0.0.1", str(lab.port_of("healthy")))
        assert done.returncode == ExitCode.USAGE
        assert str(path) in done.stderr
        assert said in done.stderr
        assert done.stdout == ""
