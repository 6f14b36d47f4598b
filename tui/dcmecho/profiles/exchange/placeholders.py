"""Variables that a file from elsewhere has in place of values, such as ``${PACS_AET}``."""

from __future__ import annotations

import re

from dcmecho.diagnosis.target.fields import Field, ValueKind
from dcmecho.profiles.book.wording import shown

_VARIABLE = re.compile(
    r"\$\{|\$\(|\{\{"  # Docker, Orthanc and shells; Make and Kubernetes; Ansible and Helm
    r"|(?:^|[.\s])\$[A-Za-z_]\w*"  # shells
    r"|%[A-Za-z_]\w*%"  # Windows
    r"|^<[^<>]+>$"  # manuals
)
_SENT = frozenset((ValueKind.AE_TITLE, ValueKind.HOST, ValueKind.WHOLE, ValueKind.SECONDS))


def placeholder_problem(key: Field, text: str) -> str:
    """Return why a text is no value but the name of one; empty if it is a value."""
    if key.row.kind in _SENT and _VARIABLE.search(text):
        return f"{shown(text)} is a placeholder; write its value instead"
    return ""
