"""What each capture of the corpus tells of its associations, against its truth."""

from __future__ import annotations

import json
import statistics
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dcmecho.capture.associations.reading import read_associations
from dcmecho.capture.file.opened import Callbacks, open_capture
from dcmecho.cli import read as command
from dcmecho.exit_codes import ExitCode
from dcmecho.report.json.observed import observed_data
from dcmecho.report.observed.log import logs
from dcmecho.report.observed.read import render
from tests.unit.capture.listening import CAPTURES
from tests.unit.capture.packets import Record, pcap, written

NO_CAPTURES = ("202-garbage", "204-tcpdump-text", "207-dicom-file")
TRUTHS = sorted(path for path in CAPTURES.glob("*.toml") if path.stem not in NO_CAPTURES)
MOST_CAUSES = 7
ODD_TITLES = ("195-hostile-titles",)


def known(truth: Path) -> dict[str, Any]:
    return tomllib.loads(truth.read_text("utf-8"))


def reports(truth: Path) -> list[dict[str, Any]]:
    found = read_associations([str(CAPTURES / known(truth)["file"])])
    return [observed_data(each) for each in found.associations]


def test_no_text_names_a_value_that_nobody_gave() -> None:
    for truth in TRUTHS:
        page = render(read_associations([str(CAPTURES / known(truth)["file"])]))
        words = " ".join(page.split())
        for untold in ("unknown)", "(your title)", "to nowhere", "unknown number of"):
            assert untold not in words, truth.stem


@pytest.mark.parametrize("truth", TRUTHS, ids=lambda path: path.stem)
def test_each_association_is_told_as_it_was(truth: Path) -> None:
    wanted = known(truth).get("association", [])
    found = {(each["client"], each["server"]): each for each in reports(truth)}
    assert found.keys() == {(each["client"], each["server"]) for each in wanted}
    for each in wanted:
        check(each, found[each["client"], each["server"]], truth.stem)


def check(wanted: dict[str, Any], report: dict[str, Any], name: str) -> None:
    causes = [cause["id"] for cause in report["causes"]]
    proven = {cause["id"] for cause in report["causes"] if cause["confidence"] == "proven"}
    assert report["verdict"]["status"] == wanted["result"]
    assert report["verdict"]["stage"] == wanted["stage"]
    assert report["ended_by"] == wanted["ended_by"]
    assert report["sub_of"] == wanted.get("sub_of")
    assert report["verdict"]["service"] == wanted.get("service", report["verdict"]["service"])
    assert proven <= set(wanted["causes"])
    assert len(causes) <= MOST_CAUSES
    if wanted["causes"]:
        assert wanted["causes"][0] in causes
        assert causes[0] in wanted["causes"]
    if name not in ODD_TITLES:
        titles = report["target"]["calling_ae"], report["target"]["called_ae"]
        assert titles == (wanted["calling"], wanted["called"])


def test_few_causes_are_listed() -> None:
    counts = [len(each["causes"]) for truth in TRUTHS for each in reports(truth) if each["causes"]]
    assert statistics.median(counts) <= 4


@pytest.mark.parametrize("truth", TRUTHS, ids=lambda path: path.stem)
def test_no_secret_and_no_control_character_is_shown(truth: Path) -> None:
    text = known(truth)
    found = read_associations([str(CAPTURES / text["file"])], with_log=True)
    shown = render(found) + "\n".join(logs(found.associations, whole=True))
    plain = shown + json.dumps([observed_data(each) for each in found.associations])
    raw = b"\n".join(line.raw for each in found.associations for line in each.log)
    for secret in text.get("secrets", []):
        assert secret not in plain
        assert len(secret) < 4 or secret.encode() not in raw
    assert shown.replace("\n", "").isprintable()


def name(number: str) -> str:
    (path,) = (each for each in TRUTHS if each.stem.startswith(number))
    return str(CAPTURES / known(path)["file"])


def run(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    code = command.run(argv)
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def test_the_command_lists_failures_first(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, name("209"))
    assert code == ExitCode.OK
    assert out.index("FAILED at AE titles") < out.index("Without a failure")
    assert out.startswith("5 associations, 3 failed\n")


def test_the_command_prints_a_list_of_reports_or_one_a_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    _, out, _ = run(capsys, "--json", name("209"))
    _, lines, _ = run(capsys, "--format", "jsonl", name("209"))
    listed = json.loads(out)
    assert listed == [json.loads(line) for line in lines.splitlines()]
    assert {each["source"] for each in listed} == {"capture"}


@pytest.mark.parametrize(
    ("word", "count"),
    [("QRSCP", 1), ("10.20.2.10", 5), ("104", 2), ("2026-11-30T12:2", 4), ("NOBODY", 0)],
)
def test_a_filter_takes_titles_addresses_ports_and_times(
    capsys: pytest.CaptureFixture[str], word: str, count: int
) -> None:
    code, out, _ = run(capsys, "--json", "--filter", word, name("209"))
    assert len(json.loads(out)) == count
    assert code == (ExitCode.OK if count else ExitCode.NOTHING_OF_DICOM)


def test_what_has_no_dicom_or_is_no_capture_has_its_own_exit_code(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, out, _ = run(capsys, "--json", name("066"))
    assert (code, json.loads(out)) == (ExitCode.NOTHING_OF_DICOM, [])
    code, out, err = run(capsys, str(CAPTURES / "207-dicom-file.pcap"))
    assert (code, out) == (ExitCode.USAGE, "")
    assert "is a DICOM file, not a capture" in err
    code, _, err = run(capsys, str(CAPTURES / "missing.pcap"))
    assert code == ExitCode.USAGE
    assert "missing.pcap" in err


def test_the_log_has_each_pdu_with_its_direction_and_time(
    capsys: pytest.CaptureFixture[str],
) -> None:
    _, out, brief = run(capsys, "-v", name("095"))
    _, _, whole = run(capsys, "-d", name("095"))
    _, _, quiet = run(capsys, name("095"))
    lines = [line.split(maxsplit=3)[3] for line in brief.splitlines()[2:-1]]
    assert [line[:20].strip() for line in lines] == [
        "tcp   > SYN from 10.",
        "tcp   < SYN-ACK from",
        "acse  > A-ASSOCIATE-",
        "acse  < A-ASSOCIATE-",
        "dimse > P-DATA-TF  C",
        "dimse > P-DATA-TF  d",
        "dimse < P-DATA-TF  C",
        "acse  > A-RELEASE-RQ",
        "acse  < A-RELEASE-RP",
        "tcp   > FIN: sends n",
        "tcp   < FIN: sends n",
    ]
    assert "data set fragment, 6282 bytes, not shown" in brief
    assert "0000  05 00 00 00 00 04 00 00" in whole
    assert "FAIL  Service       0.073 ms" in out
    assert quiet == ""


def test_a_damaged_capture_says_what_was_read(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, name("203"))
    assert code == ExitCode.OK
    assert "record 5 claims 4294967280 bytes; what is before that was read" in " ".join(out.split())


def rewritten(tmp_path: Path, number: str, kept: Callable[[int, bytes], bytes | None]) -> Path:
    """Write a capture of the corpus again, each frame cut, or left out."""
    opened = open_capture(name(number), Callbacks())
    records = []
    for index, (data, at, end, original, time, _) in enumerate(opened.records):
        frame = data[at:end]
        part = kept(index, frame)
        if part is not None:
            whole = part + bytes(original - len(part))
            records.append(Record(whole, time or 0.0, len(part)))
    opened.file.close()
    return written(tmp_path, pcap(records))


FROM_SERVER = bytes((10, 20, 2, 10, 10, 20, 1, 31))
FROM_CLIENT = FROM_SERVER[4:] + FROM_SERVER[:4]


@pytest.mark.parametrize("snaplen", [68, 88, 96, 128])
@pytest.mark.parametrize("number", ["012", "014", "095", "096", "120", "122"])
def test_a_cut_capture_invents_no_success_no_cause_and_no_title(
    tmp_path: Path, number: str, snaplen: int
) -> None:
    path = rewritten(tmp_path, number, lambda _, frame: frame[:snaplen])
    (report,) = map(observed_data, read_associations([str(path)]).associations)
    (truth,) = (each for each in TRUTHS if each.stem.startswith(number))
    (wanted,) = known(truth)["association"]
    assert report["verdict"]["status"] in {"unknown", wanted["result"]}
    assert report["ended_by"] in {"unknown", wanted["ended_by"]}
    assert report["target"]["called_ae"] in {"", wanted["called"]}
    assert report["target"]["calling_ae"] in {"", wanted["calling"]}


@pytest.mark.parametrize("way", [FROM_CLIENT, FROM_SERVER])
@pytest.mark.parametrize("number", ["002", "011", "014", "015", "031", "095"])
def test_one_direction_alone_blames_nobody_for_the_other(
    tmp_path: Path, number: str, way: bytes
) -> None:
    path = rewritten(tmp_path, number, lambda _, frame: frame if way in frame[:40] else None)
    (report,) = map(observed_data, read_associations([str(path)]).associations)
    (truth,) = (each for each in TRUTHS if each.stem.startswith(number))
    (wanted,) = known(truth)["association"]
    assert report["verdict"]["status"] in {"unknown", wanted["result"]}
    assert report["ended_by"] in {"unknown", wanted["ended_by"]}


@pytest.mark.parametrize("skipped", [3, 9, 14])
@pytest.mark.parametrize("number", ["001", "007", "095", "150"])
def test_a_capture_that_begins_later_invents_no_failure(
    tmp_path: Path, number: str, skipped: int
) -> None:
    path = rewritten(tmp_path, number, lambda index, frame: frame if index >= skipped else None)
    found = [observed_data(each) for each in read_associations([str(path)]).associations]
    (truth,) = (each for each in TRUTHS if each.stem.startswith(number))
    (wanted,) = known(truth)["association"]
    assert {each["verdict"]["status"] for each in found} <= {"unknown", wanted["result"]}
