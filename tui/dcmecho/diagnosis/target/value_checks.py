"""Checks of host, port, AE title, timeout and PDU length. No I/O."""

from __future__ import annotations

import unicodedata
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from dcmecho.diagnosis.cause import CauseId
from dcmecho.diagnosis.sanitize import own_text, title_bytes
from dcmecho.diagnosis.target.host_syntax import host_error
from dcmecho.diagnosis.target.target import DEFAULT_CALLED_AE

if TYPE_CHECKING:
    from dcmecho.diagnosis.target.tls import TlsSettings

MIN_PORT, MAX_PORT = 1, 65535
MAX_AE_TITLE_BYTES = 16
"""PS3.5 6.2, VR AE."""
MIN_TIMEOUT_S, MAX_TIMEOUT_S = 0.001, 86_400
"""No peer answers in less time, so a shorter timeout would report a healthy peer as silent."""
MIN_MAX_PDU_BYTES, MAX_MAX_PDU_BYTES = 4096, 131_072
"""The range of DCMTK's ``--max-pdu``; 0 means no limit (PS3.8 D.1)."""
ACR_NEMA_PORT, DICOM_TLS_PORT, DICOM_PORT = 104, 2762, 11112
"""The ports that IANA registers under these names; the last one needs no privilege."""

_DEFAULT_TITLES = {
    DEFAULT_CALLED_AE: (
        "the placeholder that DCMTK and pynetdicom send when no called title is given"
    ),
    "CONQUESTSRV1": "the default title of Conquest",
    "DCM4CHEE": "the default title of dcm4chee",
    "DCMRECV": "the default title of DCMTK's dcmrecv",
    "ECHOSCU": "the default title of DCMTK's echoscu",
    "FINDSCU": "the default title of DCMTK's findscu",
    "GETSCU": "the default title of DCMTK's getscu",
    "MOVESCU": "the default title of DCMTK's movescu",
    "ORTHANC": "the default title of Orthanc",
    "PYNETDICOM": "the default title of pynetdicom",
    "STORESCP": "the default title of DCMTK's and dcm4che's storescp",
    "STORESCU": "the default title of DCMTK's storescu",
}


class Severity(StrEnum):
    """``ERROR``: the value cannot work, so nothing is sent. ``WARNING``: it might be wrong."""

    ERROR = "error"
    WARNING = "warning"


class Flaw(NamedTuple):
    """An error or an oddity in one value, and what to do.

    ``message`` is printable, on one line, and does not name the value. ``cause`` is set on errors
    that have an explanation of their own in ``causes.toml``.
    """

    severity: Severity
    message: str
    cause: CauseId | None = None


def error(message: str, cause: CauseId | None = None) -> tuple[Flaw, ...]:
    """Return the one flaw of a value that cannot work."""
    return (Flaw(Severity.ERROR, message, cause),)


def _warning(message: str) -> tuple[Flaw, ...]:
    return (Flaw(Severity.WARNING, message),)


def number_text(number: float) -> str:
    """Return a number as the shortest text that is read back as the same: ``5``, ``86399.99``."""
    if isinstance(number, int):
        return str(number)
    short = f"{number:g}"
    return short if float(short) == number else repr(number)


def check_host(host: str) -> tuple[Flaw, ...]:
    """Judge a host name, IPv4 or IPv6 address (``fe80::1%eth0`` with its interface)."""
    message = host_error(host)
    if message is not None:
        return error(message, CauseId.HOST_INVALID)
    if host in ("0.0.0.0", "::"):
        message = f"{host} is an address for listening. Connecting to it reaches this machine"
        return _warning(message)
    return ()


def not_a_port(text: object) -> str:
    """Return the message for a value that is not a TCP port."""
    return f"{text} is not a port. Use {MIN_PORT} to {MAX_PORT}"


def check_port(port: int, tls: TlsSettings | None = None) -> tuple[Flaw, ...]:
    """Judge a TCP port, for a target with these TLS settings or for a plain one."""
    if not MIN_PORT <= port <= MAX_PORT:
        message = f"{not_a_port(port)} (DICOM usually runs on {ACR_NEMA_PORT} or {DICOM_PORT})"
        return error(message, CauseId.PORT_INVALID)
    if port == DICOM_TLS_PORT and tls is None:
        message = (
            f"{port} is the port for DICOM over TLS, but this target is plain. "
            "Ask the peer's administrator which is right"
        )
        return _warning(message)
    if port == ACR_NEMA_PORT and tls is not None:
        message = (
            f"{port} is the port for plain DICOM, but this target uses TLS (usually "
            f"{DICOM_TLS_PORT}). Ask the peer's administrator which is right"
        )
        return _warning(message)
    return ()


def check_ae_title(title: str) -> tuple[Flaw, ...]:
    """Judge an AE title: 1 to 16 bytes of ASCII, no backslash, no control (PS3.5 6.2, VR AE)."""
    errors = _ae_title_errors(title)
    if errors:
        cause = CauseId.AE_TITLE_INVALID
        return tuple(Flaw(Severity.ERROR, text, cause) for text in errors)
    return tuple(Flaw(Severity.WARNING, text) for text in _ae_title_warnings(title))


def check_timeout(timeout_s: float) -> tuple[Flaw, ...]:
    """Judge a timeout in seconds."""
    if MIN_TIMEOUT_S <= timeout_s <= MAX_TIMEOUT_S:
        return ()
    message = f"{number_text(timeout_s)} s is out of range. Use {MIN_TIMEOUT_S:g}"
    return error(f"{message} to {MAX_TIMEOUT_S} s")


def check_max_pdu(max_pdu_bytes: int) -> tuple[Flaw, ...]:
    """Judge the longest PDU that dcmecho offers to receive, in bytes (PS3.8 D.1)."""
    if max_pdu_bytes == 0 or MIN_MAX_PDU_BYTES <= max_pdu_bytes <= MAX_MAX_PDU_BYTES:
        return ()
    message = (
        f"{max_pdu_bytes} bytes is out of range. Use {MIN_MAX_PDU_BYTES} to {MAX_MAX_PDU_BYTES}, "
        "or 0 for no limit"
    )
    return error(message)


def _ae_title_errors(title: str) -> list[str]:
    if not title:
        return ["an AE title is required. Ask the peer's administrator for the exact spelling"]
    if not title.strip(" "):
        return ["an AE title of only spaces is not allowed, and some peers do not answer it"]
    return [text for text in (_length_error(title), _character_error(title)) if text]


def _length_error(title: str) -> str | None:
    length = len(title.encode("utf-8", "surrogatepass"))
    if length <= MAX_AE_TITLE_BYTES:
        return None
    text = f"{length} bytes is too long. An AE title has at most {MAX_AE_TITLE_BYTES} bytes"
    trimmed = len(title.strip(" ").encode("utf-8", "surrogatepass"))
    if trimmed <= MAX_AE_TITLE_BYTES:
        return f"{text}. Without the spaces around it, this one has {trimmed}"
    return text


def _character_error(title: str) -> str | None:
    for index, ch in enumerate(title):
        reason = _character_reason(ch)
        if reason:
            raw = ch.encode("utf-8", "surrogatepass").hex(" ")
            byte = len(title[:index].encode("utf-8", "surrogatepass")) + 1
            noun = "byte" if len(raw) == 2 else "bytes"
            return f"{noun} {raw} at position {byte} {reason}"
    return None


def _character_reason(ch: str) -> str | None:
    if ch == "\\":
        return "is a backslash, which DICOM uses to separate values. Remove it"
    if unicodedata.category(ch) == "Cc":
        return "is a control character. Type the title again instead of pasting it"
    if not ch.isascii():
        name = unicodedata.name(ch, f"U+{ord(ch):04X}")
        return f"({own_text(ch)}, {name}) is not ASCII. Use A-Z, 0-9, _, - and similar"
    return None


def _ae_title_warnings(title: str) -> list[str]:
    warnings = []
    if title.startswith(" "):
        warnings.append(
            f"starts with a space: {title_bytes(title)}. DICOM ignores the space, "
            "but many peers do not and reject the title. Remove it"
        )
    if title.endswith(" "):
        warnings.append(
            f"ends with a space: {title_bytes(title)}. It is sent like the title without the "
            "space, but a peer that has it registered might match it exactly. Remove it"
        )
    origin = _DEFAULT_TITLES.get(title.strip(" ").upper())
    if origin:
        warnings.append(f"{title.strip(' ')} is {origin}. Check that it is really the title")
    return warnings
