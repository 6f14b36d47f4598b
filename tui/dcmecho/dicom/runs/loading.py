"""pynetdicom, loaded when the first association needs it."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING

from dcmecho.dicom.deferring import LOADING

if TYPE_CHECKING:
    from dcmecho.diagnosis.target.target import Target
    from dcmecho.dicom.runs.requestor import Requestor


def load_for_many(targets: Iterable[Target]) -> None:
    """Import and read whatever a run of these targets can need, before the first thread starts.

    A thread that imports while descriptors are short fails for that, and others wait for it. Only a
    check that is alone imports on its own thread, while it listens: it is done sooner.
    """
    import ctypes
    import encodings.idna  # noqa: F401
    import traceback  # noqa: F401

    from dcmecho.diagnosis.causes import reasoning, slow_reasoning, texts  # noqa: F401
    from dcmecho.diagnosis.experiments import recognition  # noqa: F401
    from dcmecho.diagnosis.stages import identify  # noqa: F401
    from dcmecho.dicom.runs import log  # noqa: F401
    from dcmecho.dicom.wire import local_addresses  # noqa: F401

    _ = texts.CAUSES.texts
    with suppress(OSError):
        # The end of a thread loads it, and aborts the process without memory for that.
        ctypes.CDLL("libgcc_s.so.1")
    requestor_class()
    if any(target.tls for target in targets):
        load_tls()


def load_tls() -> None:
    """As :func:`load_for_many`, for a run with TLS."""
    from dcmecho.diagnosis.causes import tls_reasoning  # noqa: F401
    from dcmecho.diagnosis.stages import tls  # noqa: F401
    from dcmecho.dicom.wire.tls import certificates, channel, context, handshake  # noqa: F401


@cache
def requestor_class() -> type[Requestor]:
    """The requestor, with pynetdicom loaded for it.

    pydicom checks every UID that is made. Ours are right, and the peer's are judged by their bytes.
    No upstream issue was found about the time that this takes.
    """
    with LOADING:
        from pydicom import config

        config.settings.reading_validation_mode = config.IGNORE
        from dcmecho.dicom.runs.requestor import Requestor

        return Requestor
