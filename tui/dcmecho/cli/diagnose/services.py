"""``--services``, ``--like``, ``--query``, ``--pdu-probe``: requests after a check."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator

from dcmecho.cli.diagnose.after_check import AfterCheck
from dcmecho.cli.options.parser import Parser
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.services.model import ObjectKind
from dcmecho.diagnosis.stage import StageId, Status
from dcmecho.diagnosis.survey.proofs import with_services
from dcmecho.diagnosis.survey.survey import SurveyRequest, refusal
from dcmecho.diagnosis.verdict import VerdictStatus


def asked_of(parser: Parser, given: argparse.Namespace) -> SurveyRequest:
    """Read the command line, or exit with a usage error if a file cannot be read."""
    return SurveyRequest(
        matrix=given.services,
        like=_kind(parser, given) if given.like else None,
        query=given.query,
        probe=given.pdu_probe,
    )


def ask(report: Report, asked: SurveyRequest, shared: AfterCheck) -> Report:
    """Ask if the check reached an association, and return the report with the answers."""
    from dcmecho.dicom.services.worker import start_survey

    lines = list(_announcement(report, asked))
    if not shared.quiet:
        name = f"{report.target.name}: " if report.target.name else ""
        for line in lines:
            sys.stderr.write(f"dcmecho: {name}{line}\n")
    if not _is_associated(report):
        return report
    used = max(len(report.repeats), 1) + len(report.experiments)
    run = start_survey(report.target, shared.emit, asked, used, shared.slots, shared.budget)
    shared.interruption.cancels(run.cancel)
    result = run.join()
    if result is None:
        raise RuntimeError("the survey gave no result") from run.fault
    return with_services(report, result)


def _announcement(report: Report, asked: SurveyRequest) -> Iterator[str]:
    if not _is_associated(report):
        yield f"services were not checked: {report.verdict.title}"
    elif why := refusal(report.target):
        yield why
    else:
        most = asked.most_associations
        associations = "1 association" if most == 1 else f"{most} associations, 1 s apart"
        what = "one test image" if asked.store is not None else "no object"
        yield f"services: at most {associations}; sends {what}"
        if asked.query:
            yield (
                "--query sends one C-FIND for a random Study Instance UID, which matches nothing;"
                " the peer might log it as a query"
            )


def _is_associated(report: Report) -> bool:
    ended_well = report.verdict.status not in (VerdictStatus.CANCELLED, VerdictStatus.ERROR)
    return ended_well and report.stage(StageId.AE_TITLE).status is Status.PASSED


def _kind(parser: Parser, given: argparse.Namespace) -> ObjectKind:
    from dcmecho.dicom.services.object_kind import NoObjectError, read_kind

    try:
        return read_kind(given.like)
    except NoObjectError as error:
        parser.error(f"--like {error}")
