"""Archives that have a test study and send it to registered destinations."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, SecondaryCaptureImageStorage

from dcmecho.diagnosis.move.model import MoveRequest, MoveResult
from dcmecho.diagnosis.network.connection import Address
from dcmecho.diagnosis.survey.survey import SurveyRequest
from tests.network.peers.qrscp import qrscp as real_qrscp
from tests.network.peers.real_peers import (
    ARCHIVE_TITLE,
    RealPeer,
    require_program,
    running,
    unused_port,
)
from tests.network.services.surveying import ask

OURS = "MY_WORKSTATION"
IN_OTHER_CASE = "OTHER_CASE"
"""Registered as ``Other_Case``: an archive that ignores case calls us so."""
UNKNOWN = "NOWHERE"
STUDY = "1.2.826.0.1.3680043.8.498.1"
NO_STUDY = "1.2.826.0.1.3680043.8.498.404"
OBJECTS = 3


@dataclass(frozen=True)
class Archive:
    """An archive, and the port that it has registered for this machine."""

    peer: RealPeer
    registered: int

    def move(
        self,
        *ports: int,
        title: str = OURS,
        study: str = STUDY,
        address: str = "127.0.0.1",
        accept: bool = False,
    ) -> MoveResult:
        """Return the result of a C-MOVE to this machine, listening on ``ports``."""
        ends = tuple(Address(address, port) for port in ports or (self.registered,))
        order = MoveRequest(study, ends, accept)
        result = ask(self.peer.target(ARCHIVE_TITLE, title), SurveyRequest(move=order))
        assert result.move is not None
        return result.move


Start = Callable[[Path], AbstractContextManager[Archive]]


@contextmanager
def dcmqrscp(directory: Path) -> Iterator[Archive]:
    """Run DCMTK's archive, which lets everybody ask."""
    program = require_program("dcmqrscp", "dcmtk")
    registered = unused_port()
    storage, configuration = directory / "storage", directory / "dcmqrscp.cfg"
    storage.mkdir()
    configuration.write_text(
        "MaxPDUSize = 16384\nMaxAssociations = 16\n"
        f"HostTable BEGIN\nours = ({OURS}, 127.0.0.1, {registered})\nHostTable END\n"
        "VendorTable BEGIN\nVendorTable END\n"
        f'AETable BEGIN\n{ARCHIVE_TITLE} "{storage}" RW (10, 1024mb) ANY\nAETable END\n'
    )

    def command(port: int) -> list[str]:
        return [program, "-dhl", "--config", str(configuration), str(port)]

    with running(command, directory) as peer:
        _fill(peer, directory)
        yield Archive(peer, registered)


@contextmanager
def orthanc(directory: Path) -> Iterator[Archive]:
    """Run an Orthanc in which all allowed callers are registered."""
    program = require_program("Orthanc", "orthanc")
    registered = unused_port()
    configuration = directory / "orthanc.json"

    def command(port: int) -> list[str]:
        storage = str(directory / "storage")
        values = {
            "StorageDirectory": storage,
            "IndexDirectory": storage,
            "Plugins": [],
            "HttpServerEnabled": False,
            "DicomAet": ARCHIVE_TITLE,
            "DicomPort": port,
            "DicomAlwaysAllowMove": True,
            "DicomAlwaysAllowFind": True,
            "DicomModalities": {
                "ours": [OURS, "127.0.0.1", registered],
                "case": [IN_OTHER_CASE.title(), "127.0.0.1", registered],
            },
        }
        configuration.write_text(json.dumps(values))
        return [program, str(configuration)]

    with running(command, directory) as peer:
        _fill(peer, directory)
        yield Archive(peer, registered)


@contextmanager
def qrscp(directory: Path) -> Iterator[Archive]:
    """Run pynetdicom's archive, which lets everybody ask."""
    registered = unused_port()
    with real_qrscp(directory, {OURS: registered}) as peer:
        _fill(peer, directory)
        yield Archive(peer, registered)


def _fill(peer: RealPeer, directory: Path) -> None:
    """Store the test study with DCMTK."""
    program = require_program("storescu", "dcmtk")
    files = [write_phantom(directory / f"phantom{n}.dcm", n) for n in range(1, OBJECTS + 1)]
    titles = ("-aet", OURS, "-aec", ARCHIVE_TITLE)
    subprocess.run(
        [program, *titles, "127.0.0.1", str(peer.port), *map(str, files)], check=True, timeout=30
    )


def write_phantom(path: Path, number: int) -> Path:
    image = Dataset()
    image.file_meta = FileMetaDataset()
    image.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    image.SOPClassUID = SecondaryCaptureImageStorage
    image.SOPInstanceUID = f"{STUDY}.1.{number}"
    image.file_meta.MediaStorageSOPClassUID = image.SOPClassUID
    image.file_meta.MediaStorageSOPInstanceUID = image.SOPInstanceUID
    image.StudyInstanceUID, image.SeriesInstanceUID = STUDY, f"{STUDY}.1"
    image.PatientName, image.PatientID = "PHANTOM", "PHANTOM"
    image.StudyID = image.AccessionNumber = "1"
    image.StudyDate, image.StudyTime = "20260101", "120000"
    image.Modality = "OT"
    image.SeriesNumber, image.InstanceNumber = 1, number
    image.save_as(path, enforce_file_format=True)
    return path
