"""mercure's configuration (mercure.json): its DICOM targets, with and without TLS."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from dcmecho.diagnosis.sanitize import PeerText
from dcmecho.diagnosis.target.fields import Field
from dcmecho.diagnosis.target.target import Target
from dcmecho.profiles.book.wording import shown
from dcmecho.profiles.exchange.formats.syntax.json_text import Member, members
from dcmecho.profiles.exchange.formats.syntax.json_values import row_of_values
from dcmecho.profiles.exchange.rows import (
    MOST_ROWS,
    Channel,
    ExchangeFormat,
    ExchangeRow,
    Reading,
    Remark,
    counted,
)
from dcmecho.profiles.exchange.writing import ExportedText

_TARGETS = re.compile(r'"targets"\s*:\s*(?=\{)')
_OWN_KEYS = re.compile(r'"(?:target_type|aet_target|modules|rules)"\s*:')
_PLAIN, _SECURE = "dicom", "dicomtls"
_CHANNELS: Mapping[str, Channel] = {_PLAIN: Channel.PLAIN, _SECURE: Channel.TLS}
_KEYS: Mapping[str, Field] = {
    "aet_target": Field.CALLED_AE,
    "ip": Field.HOST,
    "port": Field.PORT,
    "aet_source": Field.CALLING_AE,
    "comment": Field.NOTES,
}


def looks_like(text: str) -> bool:
    """Report whether a text is JSON with ``targets`` beside other keys of mercure."""
    is_object = text.lstrip().startswith("{")
    return is_object and bool(_TARGETS.search(text)) and bool(_OWN_KEYS.search(text))


def read(text: str) -> Reading:
    """Read the DICOM targets; a folder, an SFTP server and the like are told."""
    table = _TARGETS.search(text)
    if table is None:
        problem = 'has no "targets"; this is not the file with the peers'
        return Reading(ExchangeFormat.MERCURE, (ExchangeRow(1, problem=problem),))
    found = list(islice(members(text, table.end()), MOST_ROWS + 1))
    rows = tuple(counted(_row(member) for member in found if not _other_type(member)))
    return Reading(ExchangeFormat.MERCURE, rows, tuple(_remarks(found, rows)))


def write(targets: Sequence[Target]) -> ExportedText:
    """Write ``targets``, to be merged into mercure.json."""
    table = {"targets": {target.name: _target(target) for target in targets}}
    return ExportedText(json.dumps(table, indent=4, ensure_ascii=False) + "\n")


def _target(target: Target) -> Mapping[str, str]:
    values = {
        "target_type": _PLAIN if target.tls is None else _SECURE,
        "ip": target.host,
        "port": str(target.port),
        "aet_target": target.called_ae,
        "aet_source": target.calling_ae,
    }
    if target.tls is not None:
        authority = target.tls.ca_files[0] if target.tls.ca_files else ""
        files = {"tls_key": target.tls.key_file, "tls_cert": target.tls.cert_file}
        values |= {**files, "ca_cert": authority}
    return values


def _type(member: Member) -> str:
    said = member.value.get("target_type", _PLAIN) if isinstance(member.value, dict) else _PLAIN
    return str(said)


def _other_type(member: Member) -> str:
    """Return the type of a target that is none of DICOM; empty for one that is."""
    return "" if member.problem or _type(member) in _CHANNELS else _type(member)


def _row(member: Member) -> ExchangeRow:
    name = {Field.NAME: str(PeerText(member.key))}
    value: Any = member.value
    if member.problem:
        return ExchangeRow(member.line, name, problem=member.problem)
    if not isinstance(value, dict):
        problem = f"{shown(value)} must be an object with ip, port and aet_target"
        return ExchangeRow(member.line, name, problem=problem)
    values = {field: value[key] for key, field in _KEYS.items() if value.get(key) is not None}
    return row_of_values(member, values, _CHANNELS[_type(member)])


def _remarks(found: Sequence[Member], rows: Sequence[ExchangeRow]) -> Iterator[Remark]:
    if not found:
        yield Remark(0, '"targets" is empty')
    for member in found:
        if other := _other_type(member):
            yield Remark(member.line, f"{shown(member.key)} is no DICOM target ({PeerText(other)})")
    if any(row.channel is Channel.TLS for row in rows):
        yield Remark(0, "TLS is imported without its files; name them in [target.tls]")
