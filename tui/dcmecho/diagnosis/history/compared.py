"""The facts of a run that are compared with those of an earlier run, one row each. No I/O.

They are read from ``dcmecho.report/1``, so that a report of now, of the journal and of a file are
compared alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from dcmecho.diagnosis.cause import CauseId
from dcmecho.diagnosis.evidence import EvidenceKind, JsonValue
from dcmecho.diagnosis.rows import RowEnum
from dcmecho.diagnosis.stage import StageResult


class ComparedRow(NamedTuple):
    """Everything about one compared fact."""

    label: str
    """Its name, short enough for a narrow column."""
    explains: tuple[CauseId, ...] = ()
    """The causes that a change of it can be behind, the best explanation first."""
    is_ours: bool = False
    """Whether it stands in our profile."""
    only_if_both: bool = False
    """Whether it counts only where both runs have it: not every run, or report, does."""


_OTHER_MACHINE = (
    CauseId.TCP_REFUSED,
    CauseId.TCP_NO_ANSWER,
    CauseId.TCP_UNREACHABLE,
    CauseId.AE_CALLED_UNKNOWN,
    CauseId.AE_CALLING_UNKNOWN,
    CauseId.TLS_CERT_NAME_MISMATCH,
    CauseId.PEER_IS_OTHER,
    CauseId.PEER_IS_HTTP,
    CauseId.PEER_IS_SSH,
    CauseId.PEER_IS_TLS,
)
_OTHER_PROGRAM = (
    CauseId.TCP_REFUSED,
    CauseId.TCP_NO_ANSWER,
    CauseId.PEER_IS_OTHER,
    CauseId.PEER_IS_HTTP,
    CauseId.PEER_IS_SSH,
    CauseId.PEER_IS_TLS,
    CauseId.TLS_PEER_IS_PLAIN,
    CauseId.AE_CALLED_UNKNOWN,
    CauseId.AE_CALLING_UNKNOWN,
)
_OTHER_SOFTWARE = (
    CauseId.CONTEXT_SOP_CLASS_REFUSED,
    CauseId.CONTEXT_TRANSFER_SYNTAX_REFUSED,
    CauseId.CONTEXT_REFUSED,
    CauseId.AUTH_PER_COMMAND,
    CauseId.ECHO_STATUS,
    CauseId.ECHO_ABORTED,
    CauseId.ECHO_CLOSED,
    CauseId.ECHO_NO_ANSWER,
    CauseId.PEER_MALFORMED,
)
_OTHER_ORIGIN = (
    CauseId.AE_HOST_NOT_ALLOWED,
    CauseId.PEER_CLOSED_ON_CONNECT,
    CauseId.TCP_NO_ANSWER,
    CauseId.TCP_PROHIBITED,
    CauseId.TCP_UNREACHABLE,
    CauseId.TCP_RESET,
    CauseId.AUTH_PER_COMMAND,
    CauseId.PEER_NAME_LOOKUP,
)
"""Who filters by address, or looks the caller up, treats another address in another way."""
_CERTIFICATE = (
    CauseId.TLS_CERT_UNKNOWN_ISSUER,
    CauseId.TLS_CERT_SELF_SIGNED,
    CauseId.TLS_CERT_NAME_MISMATCH,
    CauseId.TLS_CERT_EXPIRED,
    CauseId.TLS_CERT_NOT_YET_VALID,
    CauseId.TLS_CERT_INVALID,
)
_CALLED = (CauseId.AE_CALLED_UNKNOWN, CauseId.AE_CASE, CauseId.AE_SPACES)
_CALLING = (
    CauseId.AE_CALLING_UNKNOWN,
    CauseId.AUTH_PER_COMMAND,
    CauseId.AE_CASE,
    CauseId.AE_SPACES,
)
_SLOW = (CauseId.TCP_SLOW, CauseId.PEER_NAME_LOOKUP, CauseId.PEER_SLOW)


_ISSUER = (CauseId.TLS_CERT_UNKNOWN_ISSUER, CauseId.TLS_CERT_SELF_SIGNED)
_CLIENT = (
    CauseId.TLS_CLIENT_CERT_REFUSED,
    CauseId.TLS_CLIENT_CERT_REQUIRED,
    CauseId.TLS_ALERT,
    CauseId.TLS_CLOSED,
)


def _setting(label: str, *explains: CauseId) -> ComparedRow:
    return ComparedRow(label, explains, is_ours=True, only_if_both=True)


class Compared(RowEnum):
    """The compared facts, in the order in which they are told: ours first, then the path's."""

    row: ComparedRow

    HOST = (
        "target.host",
        ComparedRow("host", (CauseId.DNS_NOT_FOUND, *_OTHER_MACHINE), is_ours=True),
    )
    PORT = "target.port", ComparedRow("port", _OTHER_PROGRAM, is_ours=True)
    CALLED_AE = "target.called_ae", ComparedRow("called AE", _CALLED, is_ours=True)
    CALLING_AE = "target.calling_ae", ComparedRow("calling AE", _CALLING, is_ours=True)
    TLS = (
        "target.tls",
        ComparedRow("TLS", (CauseId.PEER_IS_TLS, CauseId.TLS_PEER_IS_PLAIN), is_ours=True),
    )
    VERIFY = "target.verify", _setting("TLS verify", *_CERTIFICATE)
    CA_FILES = "target.ca_files", _setting("our CA", *_ISSUER)
    CA_CONTENT = "target.ca_sha256", _setting("CA content", *_ISSUER)
    CERT_FILE = "target.cert_file", _setting("our certificate", *_CLIENT)
    CERT_CONTENT = "target.cert_sha256", _setting("cert. content", *_CLIENT)
    KEY_FILE = "target.key_file", _setting("our key", *_CLIENT)
    MINIMUM_VERSION = "target.minimum_version", _setting("TLS at least", CauseId.TLS_VERSION)
    SERVER_NAME = "target.server_name", _setting("name for TLS", CauseId.TLS_CERT_NAME_MISMATCH)
    CONNECT_TIMEOUT = "target.connect_timeout_s", _setting("TCP timeout")
    ACSE_TIMEOUT = "target.acse_timeout_s", _setting("ACSE timeout")
    DIMSE_TIMEOUT = "target.dimse_timeout_s", _setting("DIMSE timeout")
    OUR_MAX_PDU = "target.max_pdu_bytes", _setting("our max PDU")
    ADDRESSES = "name.addresses", ComparedRow("name is")
    OUR_ADDRESS = "source.address", ComparedRow("our address", _OTHER_ORIGIN)
    OUR_INTERFACE = (
        "source.interface",
        ComparedRow(
            "our interface",
            (CauseId.TCP_NO_ANSWER, CauseId.TCP_UNREACHABLE, CauseId.TCP_BIG_PACKETS_LOST),
            only_if_both=True,
        ),
    )
    PEER_ADDRESS = "peer.address", ComparedRow("peer address", _OTHER_MACHINE)
    TCP = "tcp.answer", ComparedRow("TCP port")
    TLS_VERSION = "tls.version", ComparedRow("TLS version")
    TLS_CIPHER = "tls.cipher", ComparedRow("TLS cipher")
    CERTIFICATE_SUBJECT = "certificate.subject", ComparedRow("certificate", _CERTIFICATE)
    CERTIFICATE_ISSUER = "certificate.issuer", ComparedRow("issued by", _CERTIFICATE)
    CERTIFICATE_SERIAL = "certificate.serial", ComparedRow("cert. serial", _CERTIFICATE)
    CERTIFICATE_START = "certificate.not_before", ComparedRow("valid from", _CERTIFICATE)
    CERTIFICATE_END = "certificate.not_after", ComparedRow("valid until", _CERTIFICATE)
    ASSOCIATION = "association.answer", ComparedRow("association")
    CLASS_UID = "peer.implementation_class_uid", ComparedRow("peer class UID", _OTHER_SOFTWARE)
    SOFTWARE = "peer.implementation_version", ComparedRow("peer software", _OTHER_SOFTWARE)
    MAX_PDU = "peer.max_pdu_bytes", ComparedRow("peer max PDU")
    CONTEXT = "context.answer", ComparedRow("Verification")
    ECHO = "echo.status", ComparedRow("C-ECHO")
    ACCEPTED = "contexts.accepted", ComparedRow("accepts", only_if_both=True)
    """A list: for each SOP class that the peer was asked about ``NAME: TRANSFER SYNTAXES``."""
    QUERY = "query.outcome", ComparedRow("C-FIND", only_if_both=True)
    MOVE = "move.outcome", ComparedRow("C-MOVE", only_if_both=True)
    STORE = "store.outcome", ComparedRow("test image", only_if_both=True)
    CONNECT_MS = "connect.ms", ComparedRow("TCP time", _SLOW)
    TLS_MS = "tls.ms", ComparedRow("TLS time", _SLOW)
    ASSOCIATE_MS = "associate.ms", ComparedRow("association time", _SLOW)
    ECHO_MS = "echo.ms", ComparedRow("C-ECHO time", _SLOW)
    """The times of stages, in ms: no facts of one run, but compared with those of many."""


Values = Mapping[Compared, JsonValue]
"""What is known of a run; a fact that a run did not come to is not in it."""


def compared_values(report: Mapping[str, Any]) -> Values:
    """Return the compared facts of a ``dcmecho.report/1``. Unknown keys and kinds do no harm."""
    target = report["target"]
    found = {what: target.get(what.partition(".")[2]) for what in _TARGET}
    settings = target.get("settings", {})
    found |= {what: settings[key] for what, key in _SETTINGS if key in settings}
    evidence = list(_evidence(report))
    seen = (*_reached(evidence), *_secured(evidence), *_answered(evidence), *_offered(report))
    return dict([*found.items(), *seen])


def values_seen(stages: Iterable[StageResult]) -> Values:
    """Return what a run has seen of the network and of the peer; nothing of our own values."""
    found = [(each.kind, each.data) for stage in stages for each in stage.evidence]
    return dict([*_reached(found), *_secured(found), *_answered(found)])


_TRANSFERS = (
    (Compared.QUERY, "query"),
    (Compared.MOVE, "move"),
    (Compared.STORE, "store"),
)
_TARGET = (Compared.HOST, Compared.PORT, Compared.CALLED_AE, Compared.CALLING_AE, Compared.TLS)
_SETTINGS = [
    (what, what.partition(".")[2]) for what in Compared if what.row.is_ours and what not in _TARGET
]

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
            case EvidenceKind.NAME_FAILED:
                yield Compared.ADDRESSES, str(data["failure"]).replace("-", " ")
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


def _offered(report: Mapping[str, Any]) -> _Facts:
    """Yield what a peer accepts and how transfers ended, as far as that was asked for."""
    services = report.get("services") or {}
    if matrix := services.get("matrix"):
        names = {syntax["uid"]: syntax["short"] for syntax in matrix["transfer_syntaxes"]}
        accepted = [_accepted(row, names) for row in matrix["sop_classes"] if _is_answered(row)]
        yield Compared.ACCEPTED, [*accepted]
    for what, key in _TRANSFERS:
        if answer := services.get(key):
            yield what, answer["outcome"]


def _is_answered(row: Mapping[str, Any]) -> bool:
    return any(word.startswith(("accepted", "refused")) for word in row["answers"].values())


def _accepted(row: Mapping[str, Any], names: Mapping[str, str]) -> str:
    found = [names[uid] for uid, word in row["answers"].items() if word == "accepted"]
    return f"{row['name']}: {', '.join(found) or 'nothing'}"


def _host(address: str) -> str:
    return address.rpartition(":")[0].strip("[]")
