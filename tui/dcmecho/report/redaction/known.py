"""What the structure of a report says about its values: which of them belong to the site."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from dcmecho.diagnosis.evidence import EvidenceKind
from dcmecho.diagnosis.target.target import Target
from dcmecho.report.redaction.pseudonyms import Kind
from dcmecho.standard.uids import is_private


class KnownValue(NamedTuple):
    """A value of the site, and what it is."""

    value: str
    kind: Kind


_KINDS: Mapping[str, Kind] = {
    "name": Kind.NAME,
    "host": Kind.NAME,
    "user": Kind.NAME,
    "called_ae": Kind.NAME,
    "calling_ae": Kind.NAME,
    "destination": Kind.NAME,
    "vantage": Kind.NAME,
    "callers": Kind.NAME,
    "server_name": Kind.NAME,
    "names": Kind.NAME,
    "interface": Kind.NAME,
    "implementation_version": Kind.SOFTWARE,
    "serial": Kind.NUMBER,
    "sha256": Kind.NUMBER,
    "subject": Kind.SUBJECT,
    "issuer": Kind.SUBJECT,
    "missing": Kind.SUBJECT,
    "file": Kind.FILE,
    "own_certificate": Kind.FILE,
    "ca_files": Kind.FILE,
    "cert_file": Kind.FILE,
    "key_file": Kind.FILE,
    "ca_sha256": Kind.NUMBER,
    "cert_sha256": Kind.NUMBER,
    "seen": Kind.SAID,
    "error": Kind.SAID,
    "comment": Kind.SAID,
    "fault": Kind.SAID,
    "said": Kind.SAID,
    "login": Kind.SAID,
}
"""By the key in the JSON, wherever it stands."""

_OWN = frozenset(
    {"version", "cipher", "key", "alert", "peer_alerts", "our_alerts", "profile", "minimum_version"}
)
"""Keys whose values are words of a standard, whoever sent them."""

_COMMENT = re.compile(r"\(comment from the peer: (.*)\)", re.DOTALL)
_REASON = re.compile(r"not checked: (.*?)(?: \(do_not_probe(?: of (.*?))?, which has .*\))?")
_TLS_FILE = re.compile(r"tls: [a-z_]+: (.*?): (.*)", re.DOTALL)
_FORBIDDEN = re.compile(r"(.*), which must not be probed \((.*)\): the address of (.*) is not .*")
_OWN_CERTIFICATE = re.compile(r"tls: your certificate (.*) (?:is valid only|expired|expires) .*")


def known_values(data: Any) -> Iterator[KnownValue]:
    """Yield the values of a site in a report, which is plain data as in the JSON."""
    if isinstance(data, dict):
        yield from _of_evidence(data)
        yield from _of_change(data)
        for key, value in data.items():
            kind = None if _is_standard(data) else _KINDS.get(key)
            if kind is not None:
                yield from (KnownValue(text, kind) for text in _texts(value))
            yield from known_values(value)
    elif isinstance(data, list):
        for each in data:
            yield from known_values(each)


def standard_words(data: Any) -> Iterator[str]:
    """Yield the texts in a report that are words of a standard: names of UIDs, ciphers, alerts."""
    if isinstance(data, dict):
        if _is_standard(data):
            yield from (text for value in data.values() for text in _texts(value))
        yield from (text for key in _OWN & data.keys() for text in _texts(data[key]))
        for value in data.values():
            yield from standard_words(value)
    elif isinstance(data, list):
        for each in data:
            yield from standard_words(each)


def values_of_target(target: Target) -> Iterator[KnownValue]:
    """Yield what a target has beyond what its report shows."""
    for text in (target.name, target.group, target.host, target.called_ae, target.calling_ae):
        yield KnownValue(text, Kind.NAME)
    for text in (target.notes, target.do_not_probe, target.no_experiments):
        yield KnownValue(text, Kind.SENTENCE)
    if (tls := target.tls) is not None:
        for path in (*tls.ca_files, tls.cert_file, tls.key_file, tls.passphrase_command):
            yield KnownValue(path, Kind.FILE)
        for text in (tls.server_name, tls.passphrase_env):
            yield KnownValue(text, Kind.NAME)


def _is_standard(data: Mapping[str, Any]) -> bool:
    return isinstance(uid := data.get("uid"), str) and not is_private(uid)


def _of_change(data: Mapping[str, Any]) -> Iterator[KnownValue]:
    """Yield the values of a change, such as ``certificate.subject``."""
    key = str(data.get("what", "")).rpartition(".")[2]
    if kind := _KINDS.get(key):
        for value in (data.get("before"), data.get("after")):
            yield from (KnownValue(text, kind) for text in _texts(value))


def _of_evidence(data: Mapping[str, Any]) -> Iterator[KnownValue]:
    """Yield what only the text of an evidence has."""
    text = data.get("text")
    if not isinstance(text, str):
        return
    match data.get("kind"):
        case EvidenceKind.DO_NOT_PROBE:
            yield from _groups(_REASON, text, Kind.SENTENCE, Kind.NAME)
        case EvidenceKind.ECHO_RESPONSE:
            yield from _groups(_COMMENT, text, Kind.SAID)
        case EvidenceKind.PROFILE_INVALID:
            yield from _groups(_TLS_FILE, text, Kind.FILE, Kind.SAID)
        case EvidenceKind.PROFILE_WARNING:
            yield from _groups(_OWN_CERTIFICATE, text, Kind.SUBJECT)
        case EvidenceKind.MAY_BE_FORBIDDEN:
            yield from _groups(_FORBIDDEN, text, Kind.NAME, Kind.SENTENCE, Kind.NAME)


def _groups(pattern: re.Pattern[str], text: str, *kinds: Kind) -> Iterator[KnownValue]:
    found = pattern.search(text) if pattern is _COMMENT else pattern.fullmatch(text)
    if found is not None:
        pairs = zip(found.groups(), kinds, strict=True)
        yield from (KnownValue(value, kind) for value, kind in pairs if value)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str) and value:
        yield value
    elif isinstance(value, list):
        yield from (each for each in value if isinstance(each, str) and each)
    elif isinstance(value, dict):
        # A title of a call, beside its bytes.
        yield from _texts(value.get("text"))
