"""A report as it is remembered, with what only a later comparison needs."""

from __future__ import annotations

from typing import Any

from dcmecho.diagnosis.evidence import EvidenceKind
from dcmecho.diagnosis.report import Report
from dcmecho.dicom.wire.interfaces import interface_of
from dcmecho.report.history.own_settings import settings_data
from dcmecho.report.json.diagnose import report_data


def remembered(report: Report) -> dict[str, Any]:
    """Return a report as plain data, with our settings and the interface that we called from."""
    body = report_data(report)
    body["target"]["settings"] = settings_data(report.target)
    for stage in body["stages"]:
        for each in stage["evidence"]:
            if each["kind"] == EvidenceKind.TCP_CONNECTED:
                address = str(each["data"]["local"]).rpartition(":")[0].strip("[]")
                if interface := interface_of(address):
                    each["data"]["interface"] = interface
    return body
