"""Weasis' lists of nodes: dicomNodes.xml, and dicomPrinterNodes.xml."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING
from xml.sax.handler import ContentHandler

from dcmecho.diagnosis.sanitize import PeerText
from dcmecho.diagnosis.target.fields import Field
from dcmecho.diagnosis.target.target import Target
from dcmecho.profiles.book.wording import shown
from dcmecho.profiles.exchange.formats.syntax.xml_text import XmlError, parse_xml
from dcmecho.profiles.exchange.rows import (
    MOST_ROWS,
    ExchangeFormat,
    ExchangeRow,
    Reading,
    Remark,
    TooManyRowsError,
    row_of,
)
from dcmecho.profiles.exchange.writing import ExportedText

if TYPE_CHECKING:
    from xml.sax.xmlreader import AttributesImpl, Locator

_ROOT = re.compile(r"<nodes[\s/>]")
_DEFAULT_PORT = "104"
"""Weasis takes it for a node without one."""
_OTHERS: Mapping[str, str] = {
    "WEB": "is reached over HTTP (DICOMweb), not over DICOM",
    "DICOM_CALLING": "is a title of Weasis itself, not a peer",
}
_ATTRIBUTES: Mapping[str, Field] = {
    "description": Field.NAME,
    "hostname": Field.HOST,
    "port": Field.PORT,
    "aeTitle": Field.CALLED_AE,
}


class _Nodes(ContentHandler):
    """Collects the nodes while the file is read."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[ExchangeRow] = []
        self.remarks: list[Remark] = []
        self._position: Locator | None = None

    def setDocumentLocator(self, locator: Locator) -> None:  # noqa: N802 - the name of SAX
        """Keep what knows the line."""
        self._position = locator

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802 - the name of SAX
        """Take a node."""
        if name != "node":
            return
        if len(self.rows) == MOST_ROWS:
            raise TooManyRowsError
        line = (self._position and self._position.getLineNumber()) or 0
        if why := _OTHERS.get(attrs.get("type", "")):
            label = PeerText(attrs.get("description", ""))
            self.remarks.append(Remark(line, f"{shown(str(label))} {why}"))
        else:
            self.rows.append(_row(line, attrs))


def looks_like(text: str) -> bool:
    """Report whether a text is XML with a list of nodes."""
    return text.lstrip().startswith("<") and _ROOT.search(text) is not None


def read(text: str) -> Reading:
    """Read the nodes. In broken XML, those before the error are still read."""
    nodes = _Nodes()
    broken: list[ExchangeRow] = []
    try:
        parse_xml(text, nodes)
    except XmlError as error:
        broken = [ExchangeRow(error.line, problem=str(error))]
    return Reading(ExchangeFormat.WEASIS, (*nodes.rows, *broken), tuple(nodes.remarks))


def write(targets: Sequence[Target]) -> ExportedText:
    """Write a dicomNodes.xml. Weasis has no TLS for them."""
    nodes = "".join(map(_node, targets))
    return ExportedText(f'<?xml version="1.0" encoding="UTF-8"?>\n<nodes>\n{nodes}</nodes>\n')


def _node(target: Target) -> str:
    # It loads urllib, which takes longer than all else of an import.
    from xml.sax.saxutils import quoteattr

    values = {
        "description": target.name,
        "type": "DICOM",
        "usageType": "BOTH",
        "tsuid": "NONE",
        "aeTitle": target.called_ae.strip(" "),
        "hostname": target.host,
        "port": str(target.port),
    }
    attributes = " ".join(f"{name}={quoteattr(value)}" for name, value in values.items())
    return f"  <node {attributes}></node>\n"


def _row(line: int, attributes: AttributesImpl) -> ExchangeRow:
    texts = {field: attributes.get(name, "") for name, field in _ATTRIBUTES.items()}
    return row_of(line, {**texts, Field.PORT: texts[Field.PORT] or _DEFAULT_PORT})
