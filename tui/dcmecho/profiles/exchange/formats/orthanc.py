"""Orthanc's configuration: ``DicomModalities`` in both forms, from file or REST API."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from dcmecho.diagnosis.sanitize import PeerText
from dcmecho.diagnosis.target.digits import DIGITS
from dcmecho.diagnosis.target.fields import Field
from dcmecho.diagnosis.target.target import Target
from dcmecho.profiles.book.wording import shown
from dcmecho.profiles.exchange.formats.syntax.json_text import Member, members, without_comments
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
    """Report whether a text is JSON with modalities, with or without comments, or lines of one."""
    bare = without_comments(text)
    if not bare.lstrip().startswith("{") and not _LINES_OF_ONE.match(bare):
        return False
    return _MODALITIES.search(bare) is not None or bool(_modalities(_opened(bare)))


def read(text: str) -> Reading:
    """Read the modalities. In broken JSON, the valid ones are still read."""
    bare = _opened(without_comments(text))
    rows = tuple(counted(map(_modality_row, _modalities(bare))))
    if rows or _MODALITIES.search(bare):
        return Reading(ExchangeFormat.ORTHANC, rows, tuple(_remarks(bare, rows)))
    problem = 'has no "DicomModalities"; this is not the file with the peers'
    return Reading(ExchangeFormat.ORTHANC, (ExchangeRow(1, problem=problem),))


def modality_rows(text: str) -> Iterator[ExchangeRow]:
    """Read the modalities of a configuration; none if it has no ``DicomModalities``."""
    return map(_modality_row, _modalities(without_comments(text)))


def table_rows(text: str) -> Iterator[ExchangeRow]:
    """Read each pair of a table of modalities."""
    bare = without_comments(text)
    start = bare.find("{")
    if start < 0:
        problem = f'{shown(text)} must be an object with "NAME": ["AE_TITLE", "host", port]'
        return iter((ExchangeRow(1, problem=problem),))
    return map(_modality_row, members(bare, start))


def write(targets: Sequence[Target]) -> ExportedText:
    """Write a ``DicomModalities`` table, to be merged into Orthanc's configuration."""
    table = {"DicomModalities": modality_table(targets)}
    return ExportedText(json.dumps(table, indent=2, ensure_ascii=False) + "\n")


def modality_table(targets: Sequence[Target]) -> Mapping[str, Mapping[str, str | int | bool]]:
    """Return the table of modalities for these targets."""
    return {target.name: _modality(target) for target in targets}


def _modality_row(member: Member) -> ExchangeRow:
    name = {Field.NAME: str(PeerText(member.key))} if member.key else {}
    value = member.value
    if member.problem:
        return ExchangeRow(member.line, name, problem=member.problem)
    if isinstance(value, list):
        return _of_array(member, value)
    if isinstance(value, dict):
        return _of_object(member, value)
    problem = f'{shown(value)} must be ["AE_TITLE", "host", port] or an object with these'
    return ExchangeRow(member.line, name, problem=problem)


def _opened(bare: str) -> str:
    """Make an object of lines that were copied out of one."""
    return f"{{{bare}" if _LINES_OF_ONE.match(bare) else bare


def _modalities(bare: str) -> list[Member]:
    """Return the pairs of ``DicomModalities``, else of the object if one of them is a modality.

    The object can itself be one, as the REST interface answers for a single modality.
    """
    table = _MODALITIES.search(bare)
    start = table.end() if table else bare.find("{")
    found = list(islice(members(bare, start), MOST_ROWS + 1)) if start >= 0 else []
    if table or any(map(_is_modality, found)):
        return found
    itself = Member(found[0].line if found else 1, "", {each.key: each.value for each in found})
    return [itself] if _is_modality(itself) else []


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
    if isinstance(value, dict):
        return "AET" in value and ("Host" in value or "Port" in value)
    return isinstance(value, list) and len(value) >= len(_ARRAY) and _are_a_peer(*value[:3])


def _are_a_peer(title: object, host: object, port: object) -> bool:
    return isinstance(title, str) and isinstance(host, str) and isinstance(port, int | str)


def _of_array(member: Member, value: Sequence[Any]) -> ExchangeRow:
    if len(value) < len(_ARRAY):
        problem = "must have an AE title, a host and a port"
        return ExchangeRow(member.line, {Field.NAME: str(PeerText(member.key))}, problem=problem)
    return row_of_values(member, dict(zip(_ARRAY, value, strict=False)))


def _of_object(member: Member, value: Mapping[str, Any]) -> ExchangeRow:
    match value.get("UseDicomTls"):
        case True:
            channel = Channel.TLS
        case False:
            channel = Channel.PLAIN
        case _:
            channel = Channel.NOT_GIVEN
    values = {field: value[key] for key, field in _KEYS.items() if value.get(key) is not None}
    return row_of_values(member, values, channel)


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
