"""Faults of servers that other people wrote: a table to read and to extend."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import partial
from pathlib import Path

from dcmecho.diagnosis.cause import CauseId, Confidence
from dcmecho.diagnosis.stage import StageId
from dcmecho.exit_codes import ExitCode
from tests.network.foreign import servers
from tests.network.foreign.fault import Fault, Start
from tests.network.peers import dcmtk
from tests.network.peers.qrscp import qrscp as start_qrscp
from tests.network.peers.real_peers import ARCHIVE_TITLE, REGISTERED, UNREGISTERED, RealPeer
from tests.network.tls.certificates import Certificates

PROVEN, LIKELY, POSSIBLE = Confidence.PROVEN, Confidence.LIKELY, Confidence.POSSIBLE
WRONG = "WRONG_PACS"


def with_tls(certificates: Certificates) -> tuple[str, ...]:
    return ("+tla", "+cf", str(certificates.ca_file))


def with_tls_of_a_client(certificates: Certificates) -> tuple[str, ...]:
    own = certificates.client
    return ("+tls", str(own.key_file), str(own.cert_file), "+cf", str(certificates.ca_file))


def with_tls_of_a_stranger(certificates: Certificates) -> tuple[str, ...]:
    own = certificates.stranger
    return ("+tls", str(own.key_file), str(own.cert_file), "+cf", str(certificates.ca_file))


def without_tls(start: Callable[[Path], AbstractContextManager[RealPeer]]) -> Start:
    return lambda folder, _certificates: start(folder)


def secure_pixelmed(folder: Path, certificates: Certificates) -> AbstractContextManager[RealPeer]:
    return servers.pixelmed(folder, certificates.server)


def dcmjs_with(*, tls: bool = False, demands: bool = True, **options: object) -> Start:
    """Return dcmjs-dimse with the titles of the archive and of its registered caller."""

    def start(folder: Path, certificates: Certificates) -> AbstractContextManager[RealPeer]:
        files = {
            "key": str(certificates.server.key_file),
            "cert": str(certificates.server.cert_file),
            "ca": str(certificates.whole_chain_file),
            "demands": demands,
        }
        titles = {"called": ARCHIVE_TITLE, "calling": REGISTERED}
        given = {"echo": True, **titles, "tls": files if tls else None, **options}
        return servers.dcmjs(folder, given)

    return start


dcmrecv, wlmscpfs = without_tls(dcmtk.dcmrecv), without_tls(dcmtk.wlmscpfs)
qrscp = without_tls(start_qrscp)
ctn, pixelmed = without_tls(servers.ctn), without_tls(servers.pixelmed)
odil, dcmjs = without_tls(servers.odil), dcmjs_with()


def wrong_called(start: Start) -> Fault:
    return Fault(
        "wrong called",
        start,
        StageId.AE_TITLE,
        ExitCode.REJECTED,
        CauseId.AE_CALLED_UNKNOWN,
        called=WRONG,
    )


def lower_case(start: Start) -> Fault:
    return Fault(
        "called in lower case",
        start,
        StageId.AE_TITLE,
        ExitCode.REJECTED,
        CauseId.AE_CASE,
        PROVEN,
        called=ARCHIVE_TITLE.lower(),
    )


def spaced(start: Start) -> Fault:
    return Fault(
        "space before called",
        start,
        StageId.AE_TITLE,
        ExitCode.REJECTED,
        CauseId.AE_SPACES,
        PROVEN,
        called=f" {ARCHIVE_TITLE}",
    )


def asked_with_tls(start: Start, sure: Confidence = PROVEN) -> Fault:
    return Fault(
        "plain port asked with TLS",
        start,
        StageId.TLS,
        ExitCode.TLS,
        CauseId.TLS_PEER_IS_PLAIN,
        sure,
        options=with_tls,
    )


def asked_plainly(start: Start, stage: StageId = StageId.ASSOCIATE) -> Fault:
    return Fault(
        "TLS port asked plainly", start, stage, ExitCode.NOT_DICOM, CauseId.PEER_IS_TLS, PROVEN
    )


def busy(start: Start) -> Fault:
    return Fault(
        "busy",
        start,
        StageId.ASSOCIATE,
        ExitCode.NOT_DICOM,
        CauseId.PEER_SILENT,
        busy=True,
        silent=True,
    )


WRONG_CALLING = Fault(
    "wrong calling",
    dcmjs,
    StageId.AE_TITLE,
    ExitCode.REJECTED,
    CauseId.AE_CALLING_UNKNOWN,
    calling=UNREGISTERED,
    own_title=REGISTERED,
)

IN_CI: Mapping[str, Sequence[Fault]] = {
    "dcmrecv": (
        Fault(
            "no Verification",
            without_tls(partial(dcmtk.dcmrecv, verification=False)),
            StageId.ASSOCIATE,
            ExitCode.REJECTED,
            CauseId.CONTEXT_REFUSED,
        ),
        Fault(
            "Explicit VR only",
            without_tls(partial(dcmtk.dcmrecv, explicit_only=True)),
            StageId.ASSOCIATE,
            ExitCode.REJECTED,
            CauseId.CONTEXT_TRANSFER_SYNTAX_REFUSED,
            PROVEN,
            stands_for=CauseId.CONTEXT_REFUSED,
        ),
        busy(dcmrecv),
        asked_with_tls(dcmrecv),
    ),
    "storescp": (
        Fault(
            "refuses everyone",
            without_tls(dcmtk.refusing_storescp),
            StageId.ASSOCIATE,
            ExitCode.REJECTED,
            CauseId.ASSOC_REJECTED,
        ),
    ),
    "wlmscpfs": (
        wrong_called(wlmscpfs),
        lower_case(wlmscpfs),
        spaced(wlmscpfs),
        asked_with_tls(wlmscpfs),
    ),
    "qrscp": (asked_with_tls(qrscp),),
}
"""Of the servers that `.ci/run` installs."""

OF_PEERS: Mapping[str, Sequence[Fault]] = {
    "CTN": (
        wrong_called(ctn),
        lower_case(ctn),
        spaced(ctn),
        # It ends at the first byte of TLS.
        asked_with_tls(ctn, LIKELY),
        busy(ctn),
    ),
    "PixelMed": (
        wrong_called(pixelmed),
        lower_case(pixelmed),
        asked_with_tls(pixelmed),
        asked_plainly(secure_pixelmed),
        Fault(
            "only ciphers of its time",
            secure_pixelmed,
            StageId.TLS,
            ExitCode.TLS,
            CauseId.TLS_CIPHER,
            options=with_tls,
        ),
    ),
    "odil": (
        # It waits for the rest of what it takes for the header of a PDU.
        replace(asked_with_tls(odil), silent=True),
        Fault(
            "busy",
            odil,
            StageId.CONNECT,
            ExitCode.TCP,
            CauseId.TCP_REFUSED,
            PROVEN,
            busy=True,
        ),
    ),
    "dcmjs-dimse": (
        wrong_called(dcmjs),
        lower_case(dcmjs),
        WRONG_CALLING,
        replace(
            WRONG_CALLING,
            wrong="both titles wrong",
            called=WRONG,
            also=CauseId.AE_CALLED_UNKNOWN,
        ),
        Fault(
            "no Verification",
            dcmjs_with(echo=False),
            StageId.CONTEXT,
            ExitCode.CONTEXT,
            CauseId.CONTEXT_SOP_CLASS_REFUSED,
        ),
        Fault(
            "user identity demanded",
            dcmjs_with(identity=True),
            StageId.ASSOCIATE,
            ExitCode.REJECTED,
            CauseId.AUTH_IDENTITY_REQUIRED,
            POSSIBLE,
            first=False,
        ),
        Fault(
            "at its limit",
            dcmjs_with(limit=1),
            StageId.ASSOCIATE,
            ExitCode.REJECTED,
            CauseId.ASSOC_LIMIT,
            PROVEN,
            busy=True,
        ),
        Fault(
            "crashes at C-ECHO",
            dcmjs_with(crashes=True),
            StageId.ECHO,
            ExitCode.ABORTED,
            CauseId.ECHO_CLOSED,
        ),
        asked_with_tls(dcmjs),
        asked_plainly(dcmjs_with(tls=True, demands=False)),
        Fault(
            "no certificate",
            dcmjs_with(tls=True),
            StageId.TLS,
            ExitCode.TLS,
            CauseId.TLS_CLIENT_CERT_REQUIRED,
            PROVEN,
            options=with_tls,
        ),
        Fault(
            "certificate of a stranger",
            dcmjs_with(tls=True),
            StageId.ASSOCIATE,
            ExitCode.NOT_DICOM,
            CauseId.TLS_CLIENT_CERT_REFUSED,
            options=with_tls_of_a_stranger,
        ),
        replace(
            WRONG_CALLING,
            wrong="wrong calling over TLS",
            start=dcmjs_with(tls=True),
            options=with_tls_of_a_client,
        ),
    ),
}
"""Of the servers that only `make peers` installs."""
