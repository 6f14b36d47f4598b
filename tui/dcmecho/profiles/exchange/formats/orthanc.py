"""Orthanc's configuration: ``DicomModalities`` in both forms, from file or REST API."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from dcmecho.diagnosis.sanitize import PeerText
from dcmecho.diagnosis.target.digits import DIGITS
from dcmecho.diagnosis.target.fields import Field
from dcmecho.diagnosis.target.target import Target
from dcmecho.profiles.book.wording import shown
from dcmecho.profiles.exchange.formats.json_text import Member, members, without_comments
from dcmecho.profiles.exchange.rows import (
    MOST_ROWS,
    Channel,
    ExchangeFormat,
    ExchangeRow,
    Reading,
    Remark,
    counted,
    row_of,
)
from dcmecho.profiles.exchange.writing import ExportedText

_MODALITIES = re.compile(r'"DicomModalities"\s*:\s*(?=\{)')
_OWN_TITLE = re.compile(r'"DicomAet"\s*:\s*"(?P<title>[^"\\]*)"')
_OWN_PORT = re.compile(rf'"DicomPort"\s*:\s*(?P<port>{DIGITS})')
_LINES_OF_ONE = re.compile(r'\s*"[^"\\\n]*"\s*:\s*[\[{]')
_ARRAY = (Field.CALLED_AE, Field.HOST, Field.PORT)
_KEYS: Mapping[str, Field] = {
    "AET": Field.CALLED_AE,
    "Host": Field.HOST,
    "Port": Field.PORT,
    "LocalAet": Field.CALLING_AE,
}


def looks_like(text: str) -> bool:
    """Report whether a text is a JSON object, with or without comments, or lines of one."""
    bare = without_comments(text)
    return bare.lstrip().startswith("{") or _LINES_OF_ONE.match(bare) is not None


def read(text: str) -> Reading:
    """Read the modalities. In broken JSON, the valid ones are still read."""
    bare = without_comments(text)
    if _LINES_OF_ONE.match(bare):
        bare = f"{{{bare}"
    table = _MODALITIES.search(bare)
    start = table.end() if table else bare.find("{")
    found = list(islice(members(bare, start), MOST_ROWS + 1)) if start >= 0 else []
    if table is None and not any(_is_modality(member) for member in found):
        remark = Remark(0, 'has no "DicomModalities"; this is not the file with the peers')
        return Reading(ExchangeFormat.ORTHANC, (), (remark,))
    rows = tuple(counted(map(_row, found)))
    return Reading(ExchangeFormat.ORTHANC, rows, tuple(_remarks(bare, rows)))


def write(targets: Sequence[Target]) -> ExportedText:
    """Write a ``DicomModalities`` table, to be merged into Orthanc's configuration."""
    modalities = {target.name: _modality(target) for target in targets}
    return ExportedText(
        json.dumps({"DicomModalities": modalities}, indent=2, ensure_ascii=False) + "\n"
    )


def _modality(target: Target) -> Mapping[str, str | int | bool]:
    values: dict[str, str | int | bool] = {
        "AET": target.called_ae,
        "Host": target.host,
        "Port": target.port,
    }
    # LocalAet is Orthanc's own title. An entry for this machine (export --our-host) has none.
    if target.calling_ae != target.called_ae:
        values["LocalAet"] = target.calling_ae
    if target.tls is not None:
        values["UseDicomTls"] = True
    return values


def _is_modality(member: Member) -> bool:
    value = member.value
    return (isinstance(value, dict) and "AET" in value) or (
        isinstance(value, list) and len(value) >= len(_ARRAY)
    )


def _row(member: Member) -> ExchangeRow:
    name = {Field.NAME: str(PeerText(member.key))}
    value = member.value
    if member.problem:
        return ExchangeRow(member.line, name, problem=member.problem)
    if isinstance(value, list):
        return _of_array(member, value)
    if isinstance(value, dict):
        return _of_object(member, value)
    problem = f'{shown(value)} must be ["AE_TITLE", "host", port] or an object with these'
    return ExchangeRow(member.line, name, problem=problem)


def _of_array(member: Member, value: Sequence[Any]) -> ExchangeRow:
    if len(value) < len(_ARRAY):
        problem = "must have an AE title, a host and a port"
        return ExchangeRow(member.line, {Field.NAME: str(PeerText(member.key))}, problem=problem)
    return _of_values(member, dict(zip(_ARRAY, value, strict=False)))


def _of_object(member: Member, value: Mapping[str, Any]) -> ExchangeRow:
    match value.get("UseDicomTls"):
        case True:
            channel = Channel.TLS
        case False:
            channel = Channel.PLAIN
        case _:
            channel = Channel.NOT_GIVEN
    values = {field: value[key] for key, field in _KEYS.items() if value.get(key) is not None}
    return _of_values(member, values, channel)


def _of_values(
    member: Member, values: Mapping[Field, Any], channel: Channel = Channel.NOT_GIVEN
) -> ExchangeRow:
    """Make a row of JSON values; Orthanc itself takes only text and numbers."""
    texts = {key: str(each) for key, each in values.items() if _is_text_or_number(each)}
    row = row_of(member.line, {Field.NAME: member.key, **texts}, channel)
    wrong = [
        f"{key}: {shown(each)} must be {key.row.expected}"
        for key, each in values.items()
        if key not in texts
    ]
    return replace(row, problem="; ".join(filter(None, (*wrong, row.problem)))) if wrong else row


def _is_text_or_number(value: object) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool)


def _remarks(bare: str, rows: Sequence[ExchangeRow]) -> Iterator[Remark]:
    title, port = _OWN_TITLE.search(bare), _OWN_PORT.search(bare)
    if not rows:
        yield Remark(0, '"DicomModalities" is empty; its examples are comments (//)')
    if title:
        where = f" at port {port['port']} of its host" if port else ""
        yield Remark(
            0,
            f"this Orthanc itself is called {PeerText(title['title'])}{where}; "
            "to check it, add it as AET@host:port",
        )
