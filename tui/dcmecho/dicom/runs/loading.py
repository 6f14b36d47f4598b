"""What a run loads only when it needs it: pynetdicom, and the words of the log."""

from __future__ import annotations

import time
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING

from dcmecho.dicom.deferring import LOADING

if TYPE_CHECKING:
    from dcmecho.diagnosis.events import Emit
    from dcmecho.diagnosis.target.target import Target
    from dcmecho.dicom.runs.log import RunLog
    from dcmecho.dicom.runs.requestor import Requestor
    from dcmecho.dicom.wire.clock import RunClock


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


def requestor_loaded(clock: RunClock) -> tuple[type[Requestor], float]:
    """Return the requestor, and the seconds that loading it took, which ``clock`` leaves out.

    That is longer than a whole association. The peer can send something in the meantime.
    """
    began = time.perf_counter()
    found = requestor_class()
    loading_s = time.perf_counter() - began
    clock.exclude(loading_s)
    return found, loading_s


def run_log(run_id: str, clock: RunClock, emit: Emit | None) -> RunLog | None:
    """Return the log of a run, loaded if somebody wants it: the words of its PDUs take time."""
    if emit is None:
        return None
    from dcmecho.dicom.runs.log import RunLog

    return RunLog(run_id, clock, emit)
