"""Two threads that need pydicom for the first time at the same moment."""

from __future__ import annotations

import subprocess
import sys

import pytest

MEETING = """
import sys, threading
from dcmecho.console.runs.engine import _load_dicom
from dcmecho.dicom.pdu.uid_names import uid_name
from dcmecho.dicom.runs.loading import requestor_class

meeting_point, needs = sys.argv[1:]
done = []

def need():
    done.append(uid_name("1.2.840.10008.1.1") if needs == "a name" else requestor_class().__name__)

other = threading.Thread(target=need)

class Meet:
    def find_spec(self, name, path=None, target=None):
        if name == meeting_point and not other.ident:
            other.start()
            other.join(0.5)  # until it waits for what is being loaded here

sys.meta_path.insert(0, Meet())
_load_dicom()
other.join(20)
print(done)
"""


@pytest.mark.parametrize(
    ("needs", "found"), [("a name", "Verification SOP Class"), ("a run", "Requestor")]
)
@pytest.mark.parametrize(
    "meeting_point",
    ["dcmecho.dicom.services.link", "pynetdicom.dimse_messages", "pydicom.dataelem"],
)
def test_who_needs_it_while_it_is_loaded_waits(meeting_point: str, needs: str, found: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", MEETING, meeting_point, needs],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.stdout, done.stderr) == (f"['{found}']\n", "")
