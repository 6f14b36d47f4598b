"""``--repeat N +ma``: N associations in a row, each of them a check of its own."""

from __future__ import annotations

import sys

from dcmecho.cli.diagnose.after_check import AfterCheck
from dcmecho.cli.output.printing import bug_message
from dcmecho.diagnosis.conclusion.repeats import over_all
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.run_options import RunOptions
from dcmecho.diagnosis.verdict import VerdictStatus
from dcmecho.dicom.runs import workers

_ENDED = (VerdictStatus.CANCELLED, VerdictStatus.ERROR)


def repeat(first: Report, options: RunOptions, associations: int, shared: AfterCheck) -> Report:
    """Check again until there are ``associations``, and return the report on all of them."""
    reports = [first]
    while len(reports) < associations and not shared.interruption.requested:
        if reports[-1].verdict.status in _ENDED:
            break
        run = workers.start_again(first.target, shared.emit, options, shared.slots, shared.budget)
        shared.interruption.cancels(run.cancel)
        report = run.join()
        if report is None:
            sys.stderr.write(bug_message(run.fault) + "\n")
            break
        reports.append(report)
    told = [each for each in reports if each.verdict.status not in _ENDED]
    return over_all(told) if len(told) > 1 else reports[-1]
