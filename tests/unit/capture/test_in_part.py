"""A capture that has a part of an association invents nothing about the rest."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from dcmecho.capture.associations.reading import read_associations
from dcmecho.capture.file.opened import Callbacks, open_capture
from dcmecho.capture.file.record import DamagedError
from dcmecho.diagnosis.cause import Confidence
from dcmecho.diagnosis.verdict import VerdictStatus
from tests.unit.capture.listening import CAPTURES
from tests.unit.capture.packets import Record, pcap, written

MOST_FRAMES = 120
SNAPLENS = (54, 60, 68, 74, 80, 88, 96, 110, 128, 160, 200, 256, 300, 400, 600)
ACKNOWLEDGED_IN_PART = "bytes of the request arrived"
"""084 of the corpus is such a capture, and there the request failed: no other can be told apart."""


def of_corpus(*, failed: bool) -> list[Path]:
    """Return captures of one link layer that have a failure, or have none."""
    found = []
    for path in sorted(CAPTURES.glob("*.toml")):
        associations = tomllib.loads(path.read_text("utf-8")).get("association", [])
        has_failure = any(each["result"] == "failed" for each in associations)
        if associations and has_failure == failed and parts_of(path):
            found.append(path)
    return found


def truth_of(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text("utf-8"))


def parts_of(path: Path) -> list[tuple[Record, int]]:
    opened = open_capture(str(CAPTURES / truth_of(path)["file"]), Callbacks())
    found = []
    with opened.file, suppress(DamagedError):
        for data, at, end, original, time, link in opened.records:
            frame = data[at:end] + bytes(original - end + at)
            found.append((Record(frame, time or 0.0, end - at), link))
    return found if len({link for _, link in found}) == 1 and len(found) <= MOST_FRAMES else []


def variants(records: list[Record]) -> Iterator[list[Record]]:
    """Yield it ended earlier, begun later, cut by a length limit, and with a frame lost."""
    for place in range(1, len(records)):
        yield records[:place]
        yield records[place:]
        yield records[:place] + records[place + 1 :]
    for snaplen in SNAPLENS:
        yield [each._replace(captured=min(each.captured or 0, snaplen)) for each in records]


def read(tmp_path: Path, records: list[Record], link: int) -> Any:
    path = written(tmp_path, pcap(records, link=link))
    return read_associations([str(path)]).associations


def check_fine(tmp_path: Path, path: Path) -> None:
    parts = parts_of(path)
    for records in variants([record for record, _ in parts]):
        for each in read(tmp_path, records, parts[0][1]):
            verdict = each.report.verdict
            assert verdict.status is not VerdictStatus.FAILED or (
                ACKNOWLEDGED_IN_PART in verdict.title
            )


def check_failed(tmp_path: Path, path: Path) -> None:
    wanted = {each["client"]: each for each in truth_of(path)["association"]}
    parts = parts_of(path)
    for records in variants([record for record, _ in parts]):
        for each in read(tmp_path, records, parts[0][1]):
            if each.client in wanted:
                sure = {c.id for c in each.causes if c.confidence is Confidence.PROVEN}
                assert sure <= set(wanted[each.client]["causes"])


SMOKE = ("001-ok-echoscu-storescp", "083-loss-repaired", "160-only-server-to-client-ok")


@pytest.mark.parametrize("name", SMOKE)
def test_a_part_of_a_good_association_is_not_called_failed(tmp_path: Path, name: str) -> None:
    check_fine(tmp_path, CAPTURES / f"{name}.toml")


@pytest.mark.parametrize("name", ["024-rj-lab-app-context", "122-tls12-expired"])
def test_a_part_of_a_failed_association_proves_no_other_cause(tmp_path: Path, name: str) -> None:
    check_failed(tmp_path, CAPTURES / f"{name}.toml")


@pytest.mark.nightly
def test_a_part_of_any_good_association_is_not_called_failed(tmp_path: Path) -> None:
    for path in of_corpus(failed=False):
        check_fine(tmp_path, path)


@pytest.mark.nightly
@pytest.mark.timeout(300)
def test_a_part_of_any_failed_association_proves_no_other_cause(tmp_path: Path) -> None:
    for path in of_corpus(failed=True):
        check_failed(tmp_path, path)


def test_an_answer_that_the_capture_lost_is_not_called_missing(tmp_path: Path) -> None:
    parts = parts_of(CAPTURES / "024-rj-lab-app-context.toml")
    rejection = next(
        place for place, (record, _) in enumerate(parts) if b"\3\0\0\0\0\4" in record.frame[60:]
    )
    records = [record for record, _ in parts[:rejection] + parts[rejection + 1 :]]
    (found,) = read(tmp_path, records, parts[0][1])
    assert found.report.verdict.status is VerdictStatus.UNKNOWN
    assert "the capture does not have all of the answer" in found.report.verdict.title


def test_options_that_are_cut_are_not_read_from_the_next_frame(tmp_path: Path) -> None:
    parts = parts_of(CAPTURES / "001-ok-echoscu-storescp.toml")
    records = [record._replace(captured=54) for record, _ in parts]
    assert read(tmp_path, records[:1], parts[0][1])[0].client


def test_a_good_association_over_tls_that_the_server_closes_first_is_not_called_failed(
    tmp_path: Path,
) -> None:
    parts = parts_of(CAPTURES / "213-tls13-good.toml")
    client = bytes((10, 77, 0, 1))
    records = [
        record for record, _ in parts if record.frame[26:30] != client or not record.frame[47] & 1
    ]
    assert len(records) == len(parts) - 1
    (found,) = read(tmp_path, records, parts[0][1])
    assert found.report.verdict.status is VerdictStatus.UNKNOWN
