"""Which messages of other programs dcmecho does not know yet: each belongs into a TOML file."""

from __future__ import annotations

import re

from dcmecho.diagnosis.texts.decoding import lines_of
from dcmecho.diagnosis.texts.matching import known_messages

_ERROR = re.compile(r"(?:[EF]: |[EF][0-9]{4} [0-9:.]+ )(?!#|\([0-9a-f]{4},)\S")
"""How DCMTK, pynetdicom and Orthanc begin an error; not the elements of a dataset in it."""


def unknown_errors(text: bytes) -> list[str]:
    """Return the lines with an error of which no message is known."""
    lines = [line for line in lines_of([text]) if _ERROR.match(line)]
    return [line for line in lines if not known_messages().hits(line)]
