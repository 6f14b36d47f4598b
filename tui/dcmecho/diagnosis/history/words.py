"""Changes in words. No I/O."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dcmecho.diagnosis.evidence import JsonValue
from dcmecho.diagnosis.history.compared import Compared
from dcmecho.diagnosis.history.history import Change

_CERTIFICATE = (
    Compared.CERTIFICATE_ISSUER,
    Compared.CERTIFICATE_SUBJECT,
    Compared.CERTIFICATE_END,
    Compared.CERTIFICATE_START,
    Compared.CERTIFICATE_SERIAL,
)
_MACHINE = (Compared.HOST, Compared.ADDRESSES, Compared.PEER_ADDRESS)
_SOFTWARE = (Compared.SOFTWARE, Compared.CLASS_UID)
_CA = (Compared.CA_FILES, Compared.CA_CONTENT)
_OURS = (Compared.CERT_FILE, Compared.CERT_CONTENT, Compared.KEY_FILE)
_ONE_CHANGE = (_CERTIFICATE, _MACHINE, _SOFTWARE, _CA, _OURS)
"""Facts that change together; the first of them that did says most."""

_TIMES = frozenset({Compared.CONNECT_MS, Compared.TLS_MS, Compared.ASSOCIATE_MS, Compared.ECHO_MS})
_SECONDS = frozenset({Compared.CONNECT_TIMEOUT, Compared.ACSE_TIMEOUT, Compared.DIMSE_TIMEOUT})
_DIGITS = frozenset({Compared.CERTIFICATE_SERIAL, Compared.CA_CONTENT, Compared.CERT_CONTENT})
_LONGEST_SERIAL, _SERIAL_ENDS = 16, 6
_MOST_LISTED = 4


def in_short(changes: Sequence[Change]) -> Iterator[Change]:
    """Yield each change once, though it shows in several facts: for a sentence."""
    changed = {change.what for change in changes}
    for change in changes:
        group = next((group for group in _ONE_CHANGE if change.what in group), (change.what,))
        if change.what is next(what for what in group if what in changed):
            yield change


def change_words(change: Change) -> str:
    """Return ``our address 192.168.1.20 -> 192.168.1.37``."""
    return f"{change.what.row.label} {values_words(change)}"


def values_words(change: Change) -> str:
    """Return ``192.168.1.20 -> 192.168.1.37``."""
    return f"{shown(change.what, change.before)} -> {shown(change.what, change.after)}"


def shown(what: Compared, value: JsonValue) -> str:
    """Return a value of a fact as text."""
    match value:
        case None | "" | []:
            return "none"
        case True:
            return "on"
        case False:
            return "off"
        case list():
            more = [f"and {len(value) - _MOST_LISTED} more"] if value[_MOST_LISTED:] else []
            return "; ".join([*map(str, value[:_MOST_LISTED]), *more])
        case int() if what is Compared.ECHO:
            return f"0x{value:04X}"
        case 0 if what in (Compared.MAX_PDU, Compared.OUR_MAX_PDU):
            return "no limit"
        case int() | float() if what in _TIMES:
            return f"{value:.1f} ms"
        case int() | float() if what in _SECONDS:
            return f"{value:g} s"
        case str() if what in _DIGITS and len(value) > _LONGEST_SERIAL:
            return f"{value[:_SERIAL_ENDS]}..{value[-_SERIAL_ENDS:]}"
    return str(value)
