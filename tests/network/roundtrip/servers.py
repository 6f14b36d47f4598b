"""Real servers with a fault, and their logs: a table to read and to extend."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from dcmecho.diagnosis.cause import CauseId
from tests.network.peers import dcmtk, orthanc
from tests.network.peers.qrscp import qrscp
from tests.network.peers.real_peers import (
    ARCHIVE_TITLE,
    REGISTERED,
    REGISTERED_ELSEWHERE,
    UNREGISTERED,
    RealPeer,
)

LOG = "log.txt"
"""What a server writes, in its folder."""

Start = Callable[[Path], AbstractContextManager[RealPeer]]

_WRONG = "WRONG_PACS"


@dataclass(frozen=True)
class Scene:
    """A server, how it is called, and the true cause of the failure."""

    name: str
    start: Start
    cause: CauseId | None = None
    """``None``: all is well."""
    called: str = ARCHIVE_TITLE
    calling: str = REGISTERED
    log_says_all: bool = True
    """Whether a failure in its log can be told to be the one that the caller wrote of."""


_QR = partial(dcmtk.dcmqrscp, how="-d")


def _orthanc(options: orthanc.Options) -> Start:
    return lambda folder: orthanc.orthanc(folder, options, how=("--verbose",))


def _debug(start: Callable[..., AbstractContextManager[RealPeer]], **options: bool) -> Start:
    return lambda folder: start(folder, "-d", **options)


def _qrscp(folder: Path) -> AbstractContextManager[RealPeer]:
    return qrscp(folder, how=("-d",))


_STRICT = _orthanc(orthanc.CHECKS_ASSOCIATION)

SCENES = (
    Scene("dcmqrscp, well", _QR),
    Scene("dcmqrscp, wrong called", _QR, CauseId.AE_CALLED_UNKNOWN, called=_WRONG),
    Scene("dcmqrscp, wrong calling", _QR, CauseId.AE_CALLING_UNKNOWN, calling=UNREGISTERED),
    Scene("dcmqrscp, wrong case", _QR, CauseId.AE_CASE, called=ARCHIVE_TITLE.lower()),
    Scene(
        "dcmqrscp, wrong address", _QR, CauseId.AE_HOST_NOT_ALLOWED, calling=REGISTERED_ELSEWHERE
    ),
    Scene("storescp, well", _debug(dcmtk.storescp)),
    Scene("storescp, refuses", _debug(dcmtk.refusing_storescp), CauseId.ASSOC_REJECTED),
    Scene("dcmrecv, well", _debug(dcmtk.dcmrecv)),
    Scene(
        "dcmrecv, no Verification",
        _debug(dcmtk.dcmrecv, verification=False),
        CauseId.CONTEXT_REFUSED,
        log_says_all=False,
    ),
    Scene("wlmscpfs, well", _debug(dcmtk.wlmscpfs)),
    Scene(
        "wlmscpfs, wrong called", _debug(dcmtk.wlmscpfs), CauseId.AE_CALLED_UNKNOWN, called=_WRONG
    ),
    Scene("Orthanc, well", _STRICT),
    Scene(
        "Orthanc, wrong called",
        _orthanc(orthanc.CHECKS_CALLED_TITLE),
        CauseId.AE_CALLED_UNKNOWN,
        called=_WRONG,
    ),
    Scene("Orthanc, wrong calling", _STRICT, CauseId.AE_CALLING_UNKNOWN, calling=UNREGISTERED),
    Scene(
        "Orthanc, wrong address", _STRICT, CauseId.AE_HOST_NOT_ALLOWED, calling=REGISTERED_ELSEWHERE
    ),
    Scene(
        "Orthanc, C-ECHO forbidden",
        _orthanc(orthanc.CHECKS_EACH_COMMAND),
        CauseId.AUTH_PER_COMMAND,
        calling=orthanc.ECHO_FORBIDDEN,
    ),
    Scene(
        "Orthanc, a stranger's command",
        _orthanc(orthanc.CHECKS_EACH_COMMAND),
        CauseId.AE_CALLING_UNKNOWN,
        calling=UNREGISTERED,
    ),
    Scene("pynetdicom's qrscp, well", _qrscp),
)
