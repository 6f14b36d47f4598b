"""Storing the test image at real archives, and at peers that refuse it or stall."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

import pytest
from pydicom import dcmread

from dcmecho.diagnosis.cause import Confidence
from dcmecho.diagnosis.causes.findings import FindingId
from dcmecho.diagnosis.store.model import (
    PATIENT_ID,
    PATIENT_NAME,
    StoreOutcome,
    StoreResult,
    new_test_image,
)
from dcmecho.diagnosis.survey.survey import SurveyRequest
from dcmecho.diagnosis.target.target import Target
from dcmecho.dicom.services.store import build
from dcmecho.lab.server import Lab
from tests.network.diagnose.test_cancel import CANCEL_DEADLINE_S, PATIENCE_S
from tests.network.peers import dcmtk
from tests.network.peers.real_peers import (
    ARCHIVE_TITLE,
    REGISTERED,
    RealPeer,
    require_program,
    running,
)
from tests.network.services.surveying import ask, suspects
from tests.network.services.test_life import Watched

SIZE = 512 * 1024


def store(target: Target, size_bytes: int = SIZE) -> StoreResult:
    result = ask(target, SurveyRequest(store=new_test_image(size_bytes))).store
    assert result is not None
    return result


def storescp(folder: Path, *options: str) -> AbstractContextManager[RealPeer]:
    program = require_program("storescp", "dcmtk")
    return running(
        lambda port: [program, *options, "--output-directory", str(folder), str(port)], folder
    )


def test_the_object_arrives_and_says_what_it_is(tmp_path: Path) -> None:
    with storescp(tmp_path) as peer:
        result = store(peer.target(ARCHIVE_TITLE, REGISTERED))
    assert (result.outcome, result.remains, result.findings) == (StoreOutcome.STORED, True, ())
    (path,) = tmp_path.glob("SC*")
    came = dcmread(path)
    assert (came.PatientName, came.PatientID) == (PATIENT_NAME, PATIENT_ID)
    assert came.SOPInstanceUID == result.sent.instance_uid
    assert came.StudyInstanceUID == result.sent.study_uid
    assert "TEST dcmecho" in came.StudyDescription
    assert SIZE <= len(came.PixelData) < SIZE + came.Columns


def test_orthanc_takes_it(orthanc_default: RealPeer) -> None:
    result = store(orthanc_default.target(ARCHIVE_TITLE, REGISTERED), 5 * 1024 * 1024)
    assert result.outcome is StoreOutcome.STORED
    assert result.attempts[0].answer is not None
    assert result.attempts[0].answer.sent_bytes > 5 * 1024 * 1024


FULL = (
    (FindingId.STORE_OUT_OF_RESOURCES, Confidence.LIKELY),
    (FindingId.STORE_STATUS, Confidence.POSSIBLE),
)


def test_an_archive_with_a_quota_refuses_it_by_status(tmp_path: Path) -> None:
    program = require_program("dcmqrscp", "dcmtk")
    storage, configuration = tmp_path / "storage", tmp_path / "dcmqrscp.cfg"
    storage.mkdir()
    configuration.write_text(
        "MaxPDUSize = 16384\nMaxAssociations = 16\n"
        "HostTable BEGIN\nHostTable END\nVendorTable BEGIN\nVendorTable END\n"
        f'AETable BEGIN\n{ARCHIVE_TITLE} "{storage}" RW (1, 16kb) ANY\nAETable END\n'
    )
    with running(lambda port: [program, "-c", str(configuration), str(port)], tmp_path) as peer:
        result = store(peer.target(ARCHIVE_TITLE, REGISTERED))
    assert (result.outcome, result.remains) == (StoreOutcome.REFUSED, False)
    assert suspects(result.findings) == FULL
    assert "0xA700" in result.summary


def test_an_archive_that_aborts_in_the_middle(tmp_path: Path) -> None:
    with storescp(tmp_path, "--abort-during") as peer:
        result = store(peer.target(ARCHIVE_TITLE, REGISTERED))
    assert result.outcome is StoreOutcome.BROKEN_OFF
    assert suspects(result.findings) == ((FindingId.STORE_BROKEN_OFF, Confidence.LIKELY),)


def test_an_archive_that_is_read_only_refuses_the_context(tmp_path: Path) -> None:
    with dcmtk.dcmqrscp(tmp_path) as peer:
        configuration = tmp_path / "dcmqrscp.cfg"
        read_only = configuration.read_text().replace(" RW ", " R ")
    configuration.write_text(read_only)
    program = require_program("dcmqrscp", "dcmtk")
    with running(
        lambda port: [program, "-dhl", "-c", str(configuration), str(port)], tmp_path
    ) as peer:
        result = store(peer.target(ARCHIVE_TITLE, REGISTERED))
    assert suspects(result.findings) == ((FindingId.STORE_NOT_OFFERED, Confidence.PROVEN),)
    assert not result.remains


def lab_target(lab: Lab, name: str) -> Target:
    port = lab.port_of(name)
    return next(replace(t, dimse_timeout_s=1.5) for t in lab.targets() if t.port == port)


def test_a_refusal_keeps_status_and_comment(lab: Lab) -> None:
    result = store(lab_target(lab, "storage-full"))
    assert suspects(result.findings) == FULL
    assert "0xA700" in result.summary
    assert "no space left in archive" in result.summary


def test_a_peer_that_stops_reading_is_no_lossy_network(lab: Lab) -> None:
    result = store(lab_target(lab, "stalls-in-transfers"), 16 * 1024 * 1024)
    assert result.outcome is StoreOutcome.STALLED
    assert suspects(result.findings) == ((FindingId.STORE_PEER_STOPS_READING, Confidence.LIKELY),)
    assert len(result.attempts) == 1
    assert not result.remains


@pytest.mark.parametrize("size_bytes", [4096, 5000, SIZE])
def test_the_pixels_are_what_the_image_says(size_bytes: int) -> None:
    image = build(new_test_image(size_bytes))
    pixels = image.Rows * image.Columns
    assert size_bytes <= pixels < size_bytes + image.Columns
    assert len(image.PixelData) == pixels
    assert len(set(image.PixelData)) == 2


def test_cancelling_a_transfer_that_stalls(lab: Lab) -> None:
    target = replace(lab_target(lab, "stalls-in-transfers"), dimse_timeout_s=PATIENCE_S)
    watched = Watched(target, SurveyRequest(store=new_test_image(32 * 1024 * 1024)))
    watched.until_sent("P-DATA-TF  data set")
    watched.run.cancel()
    result = watched.run.join(CANCEL_DEADLINE_S)
    assert result is not None
    assert (result.cancelled, result.store) == (True, None)
