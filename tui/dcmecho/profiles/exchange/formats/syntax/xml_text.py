"""XML from elsewhere, read element by element; entities, DTDs and other files are refused."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xml.sax.handler import ContentHandler

_DECLARATION = re.compile(r"\s*<\?xml\s[^>]*\?>")


class XmlError(Exception):
    """The rest of the text cannot be read. ``line`` is where, or 0."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


def without_declaration(text: str) -> str:
    """Blank the declaration, whose encoding no longer holds; all lines stay."""
    said = _DECLARATION.match(text)
    return "\n" * said[0].count("\n") + text[said.end() :] if said else text


def parse_xml(text: str, handler: ContentHandler) -> None:
    """Call the handler for each element. Raises ``XmlError``, and what the handler raises."""
    from xml.sax import SAXParseException

    from defusedxml.common import DefusedXmlException
    from defusedxml.sax import parseString

    content = without_declaration(text).encode("utf-8", "replace")
    try:
        parseString(content, handler, forbid_dtd=True)
    except SAXParseException as error:
        line = error.getLineNumber() or 0
        raise XmlError(line, f"is not XML: {error.getMessage()}") from error
    except DefusedXmlException as error:
        raise XmlError(1, "defines entities or a document type, which are not read") from error
