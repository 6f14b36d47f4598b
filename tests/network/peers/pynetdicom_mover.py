"""pynetdicom's C-MOVE SCP, as a program: ``PORT TITLE REGISTERED_PORT IMAGE OBJECTS``.

A program of its own, because pynetdicom leaves a socket open if it cannot reach the destination.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from pydicom import dcmread
from pydicom.uid import ExplicitVRLittleEndian, SecondaryCaptureImageStorage
from pynetdicom import AE, evt
from pynetdicom.events import Event
from pynetdicom.sop_class import (  # type: ignore[attr-defined]
    StudyRootQueryRetrieveInformationModelMove,
    Verification,
)


def serve(port: int, title: str, registered: int, image: str, objects: int) -> None:
    """Send ``image`` again and again to ``title`` at port ``registered`` of this machine."""

    def move(event: Event) -> Iterator[object]:
        yield ("127.0.0.1", registered) if event.move_destination == title else (None, None)
        yield objects
        for _ in range(objects):
            yield 0xFF00, dcmread(image)

    ae = AE("MAIN_PACS")
    ae.add_supported_context(Verification)
    ae.add_supported_context(StudyRootQueryRetrieveInformationModelMove)
    ae.add_requested_context(SecondaryCaptureImageStorage, ExplicitVRLittleEndian)
    ae.start_server(("127.0.0.1", port), evt_handlers=[(evt.EVT_C_MOVE, move)])


if __name__ == "__main__":
    serve(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4], int(sys.argv[5]))
