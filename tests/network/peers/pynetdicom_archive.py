"""Archives made with pynetdicom, in this process, that check titles or do not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pynetdicom import AE
from pynetdicom.sop_class import Verification  # type: ignore[attr-defined]

from tests.network.peers.real_peers import ARCHIVE_TITLE, REGISTERED, RealPeer


@contextmanager
def pynetdicom_archive(*, checks_called: bool, checks_calling: bool) -> Iterator[RealPeer]:
    """Run an archive that knows itself as ``ARCHIVE_TITLE`` and ``REGISTERED`` as a caller."""
    ae = AE(ARCHIVE_TITLE)
    ae.add_supported_context(Verification)
    ae.require_called_aet = checks_called
    ae.require_calling_aet = [REGISTERED] if checks_calling else []
    server = ae.start_server(("127.0.0.1", 0), block=False)
    assert server is not None, "only a blocking server is not returned"
    try:
        yield RealPeer(server.server_address[1])
    finally:
        server.shutdown()
