"""The facts of a run that are compared with those of an earlier run, one row each. No I/O.

They are read from ``dcmecho.report/1``, so that a report of now, of the journal and of a file are
compared alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from dcmecho.diagnosis.cause import CauseId
from dcmecho.diagnosis.evidence import EvidenceKind, JsonValue
from dcmecho.diagnosis.rows import RowEnum


class ComparedRow(NamedTuple):
    """Everything about one compared fact."""

    label: str
    """Its name, short enough for a narrow column."""
    explains: tuple[CauseId, ...] = ()
    """The causes that a change of it makes more likely."""
    is_ours: bool = False
    """Whether it stands in our profile."""


_OTHER_PEER = (
    CauseId.TCP_REFUSED,
    CauseId.TCP_NO_ANSWER,
    CauseId.TCP_UNREACHABLE,
    CauseId.PEER_IS_HTTP,
    CauseId.PEER_IS_SSH,
    CauseId.PEER_IS_TLS,
    CauseId.PEER_IS_OTHER,
    CauseId.AE_CALLED_UNKNOWN,
)
_CERTIFICATE = (
    CauseId.TLS_CERT_UNKNOWN_ISSUER,
    CauseId.TLS_CERT_SELF_SIGNED,
    CauseId.TLS_CERT_NAME_MISMATCH,
    CauseId.TLS_CERT_EXPIRED,
    CauseId.TLS_CERT_NOT_YET_VALID,
)


class Compared(RowEnum):
    """The compared facts, in the order in which they are told: ours first, then the path's."""

    row: ComparedRow

    HOST = "target.host", ComparedRow("host", (CauseId.DNS_NOT_FOUND, *_OTHER_PEER), is_ours=True)
    PORT = "target.port", ComparedRow("port", _OTHER_PEER, is_ours=True)
    CALLED_AE = (
        "target.called_ae",
        ComparedRow("called AE", (CauseId.AE_CALLED_UNKNOWN, CauseId.AE_CASE), is_ours=True),
    )
    CALLING_AE = (
        "target.calling_ae",
        ComparedRow(
            "calling AE",
            (CauseId.AE_CALLING_UNKNOWN, CauseId.AE_HOST_NOT_ALLOWED, CauseId.AE_CASE),
            is_ours=True,
        ),
    )
    TLS = (
        "target.tls",
        ComparedRow("TLS", (CauseId.PEER_IS_TLS, CauseId.TLS_PEER_IS_PLAIN), is_ours=True),
    )
    ADDRESSES = "name.addresses", ComparedRow("name is", _OTHER_PEER)
    OUR_ADDRESS = (
        "source.address",
        ComparedRow("our address", (CauseId.AE_HOST_NOT_ALLOWED, CauseId.TCP_NO_ANSWER)),
    )
    OUR_INTERFACE = "source.interface", ComparedRow("our interface")
    PEER_ADDRESS = "peer.address", ComparedRow("peer address", _OTHER_PEER)
    TCP = "tcp.answer", ComparedRow("TCP port")
    TLS_VERSION = "tls.version", ComparedRow("TLS version", (CauseId.TLS_VERSION,))
    TLS_CIPHER = "tls.cipher", ComparedRow("TLS cipher", (CauseId.TLS_CIPHER,))
    CERTIFICATE_SUBJECT = (
        "certificate.subject",
        ComparedRow("certificate", (CauseId.TLS_CERT_NAME_MISMATCH,)),
    )
    CERTIFICATE_ISSUER = "certificate.issuer", ComparedRow("issued by", _CERTIFICATE)
    CERTIFICATE_SERIAL = "certificate.serial", ComparedRow("cert. serial", _CERTIFICATE)
    CERTIFICATE_START = "certificate.not_before", ComparedRow("valid from", _CERTIFICATE)
    CERTIFICATE_END = "certificate.not_after", ComparedRow("valid until", _CERTIFICATE)
    ASSOCIATION = "association.answer", ComparedRow("association")
    CLASS_UID = "peer.implementation_class_uid", ComparedRow("peer class UID")
    SOFTWARE = "peer.implementation_version", ComparedRow("peer software")
    MAX_PDU = "peer.max_pdu_bytes", ComparedRow("peer max PDU")
    CONTEXT = (
        "context.answer",
        ComparedRow("Verification", (CauseId.CONTEXT_SOP_CLASS_REFUSED,)),
    )
    ECHO = "echo.status", ComparedRow("C-ECHO")
    CONNECT_MS = "connect.ms", ComparedRow("TCP time")
    TLS_MS = "tls.ms", ComparedRow("TLS time")
    ASSOCIATE_MS = "associate.ms", ComparedRow("association time")
    ECHO_MS = "echo.ms", ComparedRow("C-ECHO time")
    """The times of stages, in ms: no facts of one run, but compared with those of many."""


Values = Mapping[Compared, JsonValue]
"""What is known of a run; a fact that a run did not come to is not in it."""


def compared_values(report: Mapping[str, Any]) -> Values:
    """Return the compared facts of a ``dcmecho.report/1``. Unknown keys and kinds do no harm."""
    found = {Compared(f"target.{key}"): report["target"].get(key) for key in _TARGET}
    evidence = list(_evidence(report))
    return dict([*found.items(), *_reached(evidence), *_secured(evidence), *_answered(evidence)])


_TARGET = ("host", "port", "called_ae", "calling_ae", "tls")

_Evidence = tuple[str, Mapping[str, Any]]
_AllEvidence = Sequence[_Evidence]
_Facts = Iterator[tuple[Compared, JsonValue]]

_ENDS = {
    EvidenceKind.ASSOCIATION_ABORTED: "aborted",
    EvidenceKind.PEER_CLOSED: "closed",
    EvidenceKind.PEER_RESET: "reset",
    EvidenceKind.PEER_SILENT: "no answer",
    EvidenceKind.PEER_BYTES: "not DICOM",
    EvidenceKind.PEER_MALFORMED: "malformed",
}


def _evidence(report: Mapping[str, Any]) -> Iterator[_Evidence]:
    for stage in report["stages"]:
        for each in stage["evidence"]:
            yield each["kind"], each["data"]


def _reached(evidence: _AllEvidence) -> _Facts:
    """Yield the facts of the network; of two pairs for one fact the later one counts."""
    for kind, data in evidence:
        match kind:
            case EvidenceKind.NAME_RESOLVED:
                # Name servers rotate the order of the same addresses.
                yield Compared.ADDRESSES, ", ".join(sorted(data["addresses"]))
            case EvidenceKind.TCP_CONNECTED:
                yield Compared.OUR_ADDRESS, _host(data["local"])
                yield Compared.PEER_ADDRESS, _host(data["peer"])
                yield Compared.TCP, "open"
                if data.get("interface"):
                    yield Compared.OUR_INTERFACE, data["interface"]
            case EvidenceKind.TCP_FAILED:
                if data.get("tried_from"):
                    yield Compared.OUR_ADDRESS, data["tried_from"]
                yield Compared.PEER_ADDRESS, _host(data["peer"])
                yield Compared.TCP, "no answer" if data["timed_out"] else data["error"]


def _secured(evidence: _AllEvidence) -> _Facts:
    for kind, data in evidence:
        if kind == EvidenceKind.TLS_ESTABLISHED:
            yield Compared.TLS_VERSION, data["version"]
            yield Compared.TLS_CIPHER, data["cipher"]
        elif kind == EvidenceKind.TLS_CERTIFICATE and data["position"] == 0:
            yield Compared.CERTIFICATE_SUBJECT, data["subject"]
            yield Compared.CERTIFICATE_ISSUER, data["issuer"]
            yield Compared.CERTIFICATE_SERIAL, data.get("serial") or data["sha256"]
            yield Compared.CERTIFICATE_START, data["not_before"]
            yield Compared.CERTIFICATE_END, data["not_after"]


def _answered(evidence: _AllEvidence) -> _Facts:
    accepted = [data for kind, data in evidence if kind == EvidenceKind.CONTEXT_ACCEPTED]
    for kind, data in evidence:
        match kind:
            case EvidenceKind.ASSOCIATION_ACCEPTED if "implementation_class_uid" in data:
                yield Compared.ASSOCIATION, "accepted"
                yield Compared.CLASS_UID, data["implementation_class_uid"]
                yield Compared.SOFTWARE, data["implementation_version"]
                yield Compared.MAX_PDU, data["max_pdu_bytes"]
            case EvidenceKind.ASSOCIATION_REJECTED:
                triple = f"{data['result']}/{data['source']}/{data['reason']}"
                yield Compared.ASSOCIATION, f"rejected {triple}"
            case EvidenceKind.CONTEXT_REFUSED if not accepted:
                yield Compared.CONTEXT, f"refused, result {data['result']}"
            case EvidenceKind.CONTEXT_ACCEPTED if data is accepted[0]:
                yield Compared.CONTEXT, data["transfer_syntax"]
            case EvidenceKind.ECHO_RESPONSE:
                yield Compared.ECHO, data.get("status")
            case _:
                if kind in _ENDS and not accepted:
                    yield Compared.ASSOCIATION, _ENDS[EvidenceKind(kind)]


def _host(address: str) -> str:
    return address.rpartition(":")[0].strip("[]")
