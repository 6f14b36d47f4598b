"""Which titles real servers check: a table to read and to extend, and how dcmecho is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dcmecho.diagnosis.verdict import VerdictStatus
from dcmecho.exit_codes import ExitCode
from tests.network.foreign.fault import Start, dcmecho_on
from tests.network.foreign.faults import (
    ctn,
    dcmjs,
    dcmrecv,
    odil,
    pixelmed,
    qrscp,
    wlmscpfs,
)
from tests.network.peers.real_peers import ARCHIVE_TITLE, REGISTERED
from tests.network.tls.certificates import Certificates


@dataclass(frozen=True)
class Checking:
    """A server that answers, and whether it checks the called and the calling title."""

    start: Start
    called: bool
    calling: bool
    called_ae: str = ARCHIVE_TITLE


SPACED = f" {ARCHIVE_TITLE}"

IN_CI: Mapping[str, Checking] = {
    "dcmrecv": Checking(dcmrecv, called=False, calling=False),
    "wlmscpfs": Checking(wlmscpfs, called=True, calling=False),
    "qrscp": Checking(qrscp, called=False, calling=False),
}

OF_PEERS: Mapping[str, Checking] = {
    "CTN": Checking(ctn, called=True, calling=False),
    "PixelMed": Checking(pixelmed, called=True, calling=False),
    "PixelMed, space before called": Checking(pixelmed, True, False, SPACED),
    "odil": Checking(odil, called=False, calling=False),
    "dcmjs-dimse": Checking(dcmjs, called=True, calling=True),
    "dcmjs-dimse, space before called": Checking(dcmjs, True, True, SPACED),
}


def assert_titles_are_known(checking: Checking, folder: Path, certificates: Certificates) -> None:
    """Assert that the experiments after a green check tell which titles the server checks."""
    server = checking.start(folder, certificates)
    titles = ("-aet", REGISTERED, "-aec", checking.called_ae)
    said = dcmecho_on(server, *titles, "--experiments", "all")
    # A server that has just started can be slow, which is a warning.
    assert said.status in (VerdictStatus.OK, VerdictStatus.WARNING)
    assert said.exit_code is ExitCode.OK
    for title, checks in (("called", checking.called), ("calling", checking.calling)):
        known = (
            f"the peer checks the {title} AE title: it accepts this one and rejects a made-up one"
        )
        unchecked = f"the peer does not check the {title} AE title: a made-up one is accepted too"
        assert (known in said.report["proven"]) is checks
        assert (unchecked in said.report["proven"]) is not checks
