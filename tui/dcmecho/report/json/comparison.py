"""One peer asked from several machines as JSON: ``dcmecho.comparison/1``."""

from __future__ import annotations

from typing import Any

from dcmecho.diagnosis.comparison.comparison import Comparison, vantage_of
from dcmecho.report.json.cause import cause_data
from dcmecho.report.json.diagnose import report_data, target_data

SCHEMA = "dcmecho.comparison/1"


def comparison_data(found: Comparison) -> dict[str, Any]:
    """Return the comparison as plain data; ``differs_at`` is null if nothing differs."""
    return {
        "schema": SCHEMA,
        "target": target_data(found.target),
        "vantages": [vantage_of(report) for report in found.reports],
        "differs_at": None if found.differs_at is None else found.differs_at.value,
        "causes": [cause_data(cause) for cause in found.causes],
        "reports": [report_data(report) for report in found.reports],
    }
