"""Real programs call the listener: it shows what they really send."""

from __future__ import annotations

import json
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, SecondaryCaptureImageStorage

from dcmecho.diagnosis.listen.calls import Accepted, CallEnding
from dcmecho.diagnosis.listen.events import Admission, PendingAssociation
from dcmecho.diagnosis.listen.verdict import Grade
from dcmecho.diagnosis.network.association import Rejection
from tests.network.listen.listening import LOOPBACK, TITLE, Hearing, hearing
from tests.network.peers.real_peers import require_program, running

DEADLINE_S = 30.0
PIXEL_BYTES = 40_000


def dcmtk(program: str, heard: Hearing, *more: str) -> subprocess.CompletedProcess[str]:
    command = [require_program(program, "dcmtk"), "-v", "-aet", "CT2", "-aec", TITLE, LOOPBACK]
    return subprocess.run(
        [*command, str(heard.port), *more],
        capture_output=True,
        text=True,
        timeout=DEADLINE_S,
        check=False,
    )


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A secondary capture of no patient, longer than two PDUs."""
    dataset = Dataset()
    dataset.SOPClassUID = SecondaryCaptureImageStorage
    dataset.SOPInstanceUID = "2.25.1234"
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID = "2.25.1", "2.25.2"
    dataset.PatientID = "PHANTOM"
    dataset.Rows, dataset.Columns, dataset.BitsAllocated = 200, 200, 8
    dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = 8, 7, 0
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    dataset.PixelData = bytes(PIXEL_BYTES)
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    path = tmp_path_factory.mktemp("image") / "phantom.dcm"
    dataset.save_as(path, enforce_file_format=True)
    return path


class TestDcmtk:
    def test_echoscu_is_answered_and_shown(self) -> None:
        with hearing() as heard:
            done = dcmtk("echoscu", heard)
            judged = heard.call()
        assert "Received Echo Response (Success)" in done.stderr + done.stdout
        assert (judged.verdict.grade, judged.call.ending) == (Grade.REACHED, CallEnding.RELEASED)
        request = judged.call.request
        assert request is not None
        assert (str(request.calling_ae), str(request.called_ae)) == ("CT2", TITLE)
        assert request.user.implementation_version.raw.startswith("OFFIS_DCMTK")
        assert judged.call.source.ip == LOOPBACK
        assert judged.call.arrived_at.port == heard.port

    def test_storescu_is_refused_and_what_it_asked_for_is_shown(self, image: Path) -> None:
        with hearing() as heard:
            done = dcmtk("storescu", heard, str(image))
            call = heard.call().call
        assert done.returncode != 0
        assert call.request is not None
        assert isinstance(call.answer, Accepted)
        assert {each.result for each in call.answer.contexts} == {3}
        names = {context.abstract_syntax.name for context in call.request.contexts}
        assert "Secondary Capture Image Storage" in names
        assert (call.stored_objects, call.stored_bytes) == (0, 0)

    def test_what_is_stored_with_leave_is_counted_and_dropped(self, image: Path) -> None:
        with hearing(admit=lambda _inbound: Admission.STORAGE) as heard:
            done = dcmtk("storescu", heard, str(image), str(image))
            call = heard.call().call
        assert done.returncode == 0
        assert call.stored_objects == 2
        assert call.stored_bytes > 2 * PIXEL_BYTES
        assert call.ending is CallEnding.RELEASED
        assert "PHANTOM" not in repr(heard.events)

    def test_the_hook_sees_the_request_and_can_reject_it_for_now(self, image: Path) -> None:
        seen: list[PendingAssociation] = []

        def not_now(inbound: PendingAssociation) -> Admission:
            seen.append(inbound)
            return Admission.NOT_NOW

        with hearing(admit=not_now) as heard:
            done = dcmtk("storescu", heard, str(image))
            call = heard.call().call
        assert str(seen[0].request.calling_ae) == "CT2"
        assert isinstance(call.answer, Rejection)
        assert (call.answer.triple, call.ending) == ("2/3/1", CallEnding.REJECTED)
        assert "Rejected Transient" in done.stderr + done.stdout


@dataclass(frozen=True)
class OrthancRest:
    """An Orthanc that knows the listener as modality ``us``."""

    url: str

    def post(self, path: str, body: bytes = b"{}") -> int:
        request = urllib.request.Request(f"{self.url}{path}", body, method="POST")
        with urllib.request.urlopen(request, timeout=DEADLINE_S) as response:
            return int(response.status)


@contextmanager
def orthanc_that_knows(heard: Hearing, directory: Path) -> Iterator[OrthancRest]:
    program = require_program("Orthanc", "orthanc")
    configuration = directory / "orthanc.json"
    storage = str(directory / "storage")

    def command(port: int) -> list[str]:
        options = {
            "StorageDirectory": storage,
            "IndexDirectory": storage,
            "Plugins": [],
            "HttpPort": port,
            "AuthenticationEnabled": False,
            "RemoteAccessAllowed": False,
            "DicomServerEnabled": False,
            "DicomAet": "MAIN_PACS",
            "DicomModalities": {"us": [TITLE, LOOPBACK, heard.port]},
        }
        configuration.write_text(json.dumps(options))
        return [program, str(configuration)]

    with running(command, directory) as peer:
        yield OrthancRest(f"http://{LOOPBACK}:{peer.port}")


def test_orthanc_verifies_us_and_stores_to_us(tmp_path: Path, image: Path) -> None:
    with (
        hearing(admit=lambda _inbound: Admission.STORAGE) as heard,
        orthanc_that_knows(heard, tmp_path) as orthanc,
    ):
        assert orthanc.post("/modalities/us/echo") == 200
        echo = heard.call(1)
        orthanc.post("/instances", image.read_bytes())
        (instance,) = _instances(orthanc)
        assert orthanc.post("/modalities/us/store", instance.encode()) == 200
        heard.until(lambda book: any(j.call.stored_objects for j in book.newest_first))
    assert echo.verdict.title == "reached you: C-ECHO answered with success"
    assert echo.call.request is not None
    assert str(echo.call.request.calling_ae) == "MAIN_PACS"


def _instances(orthanc: OrthancRest) -> list[str]:
    with urllib.request.urlopen(f"{orthanc.url}/instances", timeout=DEADLINE_S) as response:
        listed: list[str] = json.load(response)
    return listed
