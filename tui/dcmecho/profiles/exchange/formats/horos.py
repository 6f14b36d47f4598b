"""The lists of nodes that Horos and OsiriX export, and their preferences: property lists."""

from __future__ import annotations

import io
import plistlib
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

from dcmecho.diagnosis.target.fields import Field
from dcmecho.diagnosis.target.target import Target
from dcmecho.profiles.book.wording import shown
from dcmecho.profiles.exchange.formats.syntax.decoding import BINARY_PLIST, undecoded
from dcmecho.profiles.exchange.formats.syntax.json_text import Member
from dcmecho.profiles.exchange.formats.syntax.json_values import row_of_values
from dcmecho.profiles.exchange.formats.syntax.xml_text import without_declaration
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

_START, _TITLE, _SERVERS = 2000, "AETitle", "SERVERS"
_KEYS: Mapping[str, Field] = {
    "Description": Field.NAME,
    "Address": Field.HOST,
    "Port": Field.PORT,
    _TITLE: Field.CALLED_AE,
}
_OF_EACH_NODE: Mapping[str, object] = {
    "Activated": True,
    "QR": True,
    "Send": True,
    "TransferSyntax": 0,
    "retrieveMode": 0,
}


class _Once(io.BytesIO):
    """Bytes that can be read little more than once.

    In a binary list, a few bytes can stand for many objects that all contain each other.
    """

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        self._left = 3 * len(content) + 1000

    def read(self, size: int | None = -1, /) -> bytes:
        """Read as usual. Raises ``ValueError`` when far more was read than there is."""
        found = super().read(size)
        self._left -= len(found)
        if self._left < 0:
            raise ValueError("the same bytes are read again and again")
        return found


def looks_like(text: str) -> bool:
    """Report whether a text is a property list, as XML or binary, with AE titles."""
    is_list = text.startswith(BINARY_PLIST) or "<plist" in text[:_START]
    return is_list and _TITLE in text


def read(text: str) -> Reading:
    """Read the nodes. A list that is broken or has entities is refused as a whole."""
    try:
        nodes = _nodes(text)
    except Exception as error:
        # What plistlib raises depends on what the bytes provoke.
        problem = f"is not a property list that can be read ({type(error).__name__})"
        return Reading(ExchangeFormat.HOROS, (ExchangeRow(1, problem=problem),))
    rows = tuple(counted(map(_row, islice(nodes, MOST_ROWS + 1))))
    secure = any(row.channel is Channel.TLS for row in rows)
    about_tls = "TLS is imported without its files; name them in [target.tls]"
    return Reading(ExchangeFormat.HOROS, rows, (Remark(0, about_tls),) if secure else ())


def write(targets: Sequence[Target]) -> ExportedText:
    """Write a list of nodes as XML, which Horos and OsiriX load in their Locations preferences."""
    nodes = [_node(target) for target in targets]
    return ExportedText(plistlib.dumps(nodes, sort_keys=True).decode("utf-8"))


def _nodes(text: str) -> Sequence[Any]:
    if text.startswith(BINARY_PLIST):
        content = plistlib.load(_Once(undecoded(text)), fmt=plistlib.FMT_BINARY)
    else:
        plain = without_declaration(text).encode("utf-8", "replace")
        content = plistlib.loads(plain, fmt=plistlib.FMT_XML)
    found = content.get(_SERVERS) if isinstance(content, dict) else content
    return found if isinstance(found, list) else []


def _row(node: object) -> ExchangeRow:
    if not isinstance(node, dict):
        return ExchangeRow(
            0, problem=f"{shown(node)} must be a dict with Address, Port and AETitle"
        )
    values = {field: node[key] for key, field in _KEYS.items() if node.get(key) is not None}
    return row_of_values(Member(0, str(values.pop(Field.NAME, ""))), values, _channel(node))


def _channel(node: Mapping[str, Any]) -> Channel:
    match node.get("TLSEnabled"):
        case True | 1:
            return Channel.TLS
        case False | 0:
            return Channel.PLAIN
        case _:
            return Channel.NOT_GIVEN


def _node(target: Target) -> Mapping[str, object]:
    return {
        **_OF_EACH_NODE,
        "Description": target.name,
        "Address": target.host,
        "Port": str(target.port),
        _TITLE: target.called_ae.strip(" "),
        "TLSEnabled": target.tls is not None,
    }
