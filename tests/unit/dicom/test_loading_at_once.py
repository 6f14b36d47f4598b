"""Two threads that need pydicom for the first time at the same moment."""

from __future__ import annotations

import subprocess
import sys

MEETING = """
import sys, threading
from dcmecho.dicom.pdu.uid_names import uid_name
from dcmecho.dicom.runs.loading import requestor_class

names = []
other = threading.Thread(target=lambda: names.append(uid_name("1.2.840.10008.1.1")))

class Meet:
    def find_spec(self, name, path=None, target=None):
        if name == "pydicom.dataelem" and not other.ident:
            other.start()
            other.join(0.5)  # until it waits for the package that is being loaded here

sys.meta_path.insert(0, Meet())
requestor_class()
other.join(20)
print(names)
"""


def test_a_name_of_a_uid_waits_for_a_run_that_is_loading_pydicom() -> None:
    done = subprocess.run(
        [sys.executable, "-c", MEETING], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout == "['Verification SOP Class']\n", done.stderr
