"""The preview of an import, as text and JSON, for both console and command line."""

from __future__ import annotations

import json

from dcmecho.diagnosis.evidence import JsonValue
from dcmecho.diagnosis.sanitize import PARAGRAPH, printable
from dcmecho.diagnosis.target.fields import Field
from dcmecho.profiles.address import PeerAddress
from dcmecho.profiles.book.wording import shown
from dcmecho.profiles.exchange.planning import Action, FieldChange, ImportPlan, PlannedRow
from dcmecho.profiles.exchange.rows import Channel, Reading

_SCHEMA = "dcmecho.import/1"


def summary(row: PlannedRow) -> str:
    """Return one line about a row, without its action and name."""
    match row.action:
        case Action.NEW:
            parts = [_address(row), *_further(row)]
        case Action.CHANGED:
            parts = [*map(_change, row.changes), row.reason]
        case Action.EQUAL | Action.REFUSED:
            parts = [row.reason]
    return printable("; ".join(filter(None, parts)), PARAGRAPH)


def warnings(row: PlannedRow) -> tuple[str, ...]:
    """Return the warnings about a row."""
    return tuple(str(each) for each in row.warnings)


def as_json(reading: Reading, planned: ImportPlan, profiles: str, *, written: bool) -> str:
    """Return the whole import as JSON, ending with a newline."""
    counts = {str(action): len(planned.of(action)) for action in Action}
    document = {
        "schema": _SCHEMA,
        "format": str(reading.format),
        "profiles": profiles,
        "written": written,
        "counts": counts,
        "remarks": [{"line": each.line, "message": each.message} for each in reading.remarks],
        "rows": [_row_as_json(row) for row in planned.rows],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _address(row: PlannedRow) -> str:
    title, host, port = (row.values[key] for key in (Field.CALLED_AE, Field.HOST, Field.PORT))
    return str(PeerAddress(str(title), str(host), int(port)))


def _further(row: PlannedRow) -> list[str]:
    shown_already = (Field.NAME, Field.CALLED_AE, Field.HOST, Field.PORT)
    further = [f"{key} {shown(v)}" for key, v in row.values.items() if key not in shown_already]
    return [*further, "over TLS"] if row.channel is Channel.TLS else further


def _change(change: FieldChange) -> str:
    before = "nothing" if change.before in (None, "") else shown(change.before)
    return f"{change.field} {before} -> {shown(change.after)}"


def _row_as_json(row: PlannedRow) -> dict[str, object]:
    tls: JsonValue = None if row.channel is Channel.NOT_GIVEN else row.channel is Channel.TLS
    return {
        "line": row.line,
        "action": str(row.action),
        "name": row.name,
        "values": {str(key): value for key, value in row.values.items()},
        "tls": tls,
        "changes": [
            {"field": str(each.field), "from": each.before, "to": each.after}
            for each in row.changes
        ],
        "reason": row.reason,
        "warnings": list(warnings(row)),
    }
