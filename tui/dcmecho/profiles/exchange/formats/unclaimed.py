"""What a file is that holds no peers, and what to do about it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from dcmecho.diagnosis.sanitize import PeerText
from dcmecho.profiles.exchange.formats import table
from dcmecho.profiles.exchange.formats.syntax.json_text import members, without_comments
from dcmecho.profiles.exchange.rows import ExchangeFormat

_LOOKED_AT = 4096
"""Characters from the beginning in which a text says what it is."""
_MOST_KEYS = 6


class _Kind(NamedTuple):
    """A kind of file: how it begins, what it is, and what to do."""

    sign: re.Pattern[str]
    what: str
    to_do: str


class _BinaryKind(NamedTuple):
    """The same for a file that is no text. ``at`` is where the sign stands."""

    sign: bytes
    what: str
    to_do: str
    at: int = 0


_AS_TEXT = "copy the peers from it as lines AET@host:port, or save the table as CSV"
_SETTINGS = "import the configuration of a DICOM program, or a table of its peers"
_UNPACK = "unpack it, and import the file inside"
_AS_CSV = "save it as CSV, and import that"

_BINARY = (
    _BinaryKind(b"PK\x03\x04", "a spreadsheet file", _AS_CSV),
    _BinaryKind(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a spreadsheet file", _AS_CSV),
    _BinaryKind(b"DICM", "a DICOM object, which holds no peers", _SETTINGS, at=128),
    _BinaryKind(b"%PDF", "a PDF", _AS_TEXT),
    _BinaryKind(b"\x89PNG", "a picture", _AS_TEXT),
    _BinaryKind(b"\xff\xd8\xff", "a picture", _AS_TEXT),
    _BinaryKind(b"GIF8", "a picture", _AS_TEXT),
    _BinaryKind(b"\x1f\x8b", "a compressed file (gzip)", _UNPACK),
    _BinaryKind(b"BZh", "a compressed file (bzip2)", _UNPACK),
    _BinaryKind(b"\xfd7zXZ", "a compressed file (xz)", _UNPACK),
    _BinaryKind(b"7z\xbc\xaf", "a compressed file (7-Zip)", _UNPACK),
    _BinaryKind(b"ustar", "an archive (tar)", _UNPACK, at=257),
    _BinaryKind(
        b"SQLite format 3",
        "an SQLite database",
        "export the peers from the program that it belongs to; Orthanc: GET /modalities?expand",
    ),
    _BinaryKind(b"\x7fELF", "a program", _SETTINGS),
    _BinaryKind(b"MZ", "a program", _SETTINGS),
    _BinaryKind(b"\xd4\xc3\xb2\xa1", "a network capture", _AS_TEXT),
    _BinaryKind(b"\x0a\x0d\x0d\x0a", "a network capture", _AS_TEXT),
)

_TEXTS = (
    _Kind(
        re.compile(r"-----BEGIN [A-Z ]*(?:CERTIFICATE|KEY)"),
        "a certificate or a key",
        "name it in [target.tls] of profiles.toml",
    ),
    _Kind(
        re.compile(r"\s*<(?:!doctype )?html\b", re.IGNORECASE),
        "a web page, perhaps a page to log in that was saved in place of the file",
        "save the file itself, or copy the table as text",
    ),
    _Kind(re.compile(r"\{\\rtf"), "an RTF document", "save it as plain text"),
    _Kind(
        re.compile(r"(?:MSH|FHS|BHS)\|"),
        "an HL7 message, which holds no DICOM peers",
        _SETTINGS,
    ),
    _Kind(
        re.compile(r"(?:[^\n]*\n){0,50}\s*\[sscscp\]", re.IGNORECASE),
        "Conquest's dicom.ini",
        "import acrnema.map, which has the peers",
    ),
    _Kind(
        re.compile(
            r"(?:[^\n]*\n){0,50}\s*\[\[(?:TransferSyntaxes|PresentationContexts|Profiles)\]\]"
        ),
        "a file of DCMTK with presentation contexts (-xf)",
        "import dcmqrscp.cfg, which has the peers",
    ),
    _Kind(
        re.compile(r"(?:[^\n]*\n){0,50}(?:services|configs)\s*:"),
        "a docker-compose file without peers of an Orthanc"
        " (ORTHANC_JSON, ORTHANC__DICOM_MODALITIES)",
        "import the file that it mounts, or docker compose config if variables are elsewhere",
    ),
    _Kind(
        re.compile(r"(?:[^\n]*\n){0,50}dn::? "),
        "an LDIF without AE titles",
        "export the entries below cn=Devices,cn=DICOM Configuration",
    ),
    _Kind(
        re.compile(r"[DIWEF]: "),
        "the output of a DCMTK program",
        "import the command line that was typed",
    ),
    _Kind(
        re.compile(r"\s*<(?:\?xml|plist)"),
        "XML without DICOM nodes",
        "import Weasis' dicomNodes.xml, or a list of nodes from Horos or OsiriX",
    ),
)


def binary_kind(content: bytes) -> str:
    """Return what bytes are that are no text, and what to do; empty if they can be one."""
    for kind in _BINARY:
        if content.startswith(kind.sign, kind.at):
            return f"this is {kind.what}; {kind.to_do}"
    if b"\0" in content[:_LOOKED_AT] and not content.startswith(
        (b"\xff\xfe", b"\xfe\xff", b"bplist")
    ):
        return f"this is no text; {_AS_TEXT}"
    return ""


def text_kind(text: str) -> str:
    """Return what a text is in which no format found peers, and what to do."""
    if not text.strip():
        return "it is empty (a table needs a header with host and AE title)"
    for kind in _TEXTS:
        if kind.sign.match(text[:_LOOKED_AT]):
            return f"it is {kind.what}; {kind.to_do}"
    return next(_by_content(text))


def _by_content(text: str) -> Iterator[str]:
    bare = without_comments(text).lstrip()
    if bare.startswith(("{", "[")):
        yield _json_kind(bare)
    if missing := table.missing_column(text):
        yield f"it is a table without a column for the {missing}; name it in the header"
    known = ", ".join(ExchangeFormat)
    yield f"it looks like none of {known} (a table needs a header with host and AE title)"


def _json_kind(bare: str) -> str:
    if re.search(r'"dicom(?:DeviceName|AETitle)"', bare[:_LOOKED_AT]):
        return "it is dcm4che's configuration as JSON; export it as LDIF, and import that"
    if bare.startswith("["):
        return (
            "it is a JSON list, not an object with peers; of Orthanc, import the answer to"
            " /modalities?expand, or its orthanc.json"
        )
    keys = [member.key for member, _ in zip(members(bare, 0), range(_MOST_KEYS), strict=False)]
    found = f"it has {PeerText(', '.join(filter(None, keys)))}" if any(keys) else "it is empty"
    return (
        f'it is JSON without DICOM peers ({found}); Orthanc has them in "DicomModalities",'
        ' mercure in "targets"'
    )
