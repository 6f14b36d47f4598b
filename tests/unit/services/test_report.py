"""A survey in text and JSON, its summary and its exit code."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from dcmecho.diagnosis.services.catalogue import SopClass, Syntax
from dcmecho.diagnosis.services.model import (
    ContextReply,
    ProbeResult,
    QueryOutcome,
    QueryResult,
    ServicesResult,
)
from dcmecho.diagnosis.services.summary import explain, summary
from dcmecho.exit_codes import ExitCode, exit_code
from dcmecho.report import diagnose as diagnose_text
from dcmecho.report.json import diagnose as diagnose_json
from dcmecho.report.services import SIGNS, render_services
from dcmecho.report.wrapping import WIDTH
from tests.unit.report.reports import green
from tests.unit.services.surveyed import matrix, surveyed

ALLOWED = QueryResult(QueryOutcome.NO_MATCH, "answered with success", status=0)
FORBIDDEN = QueryResult(QueryOutcome.ABORTED, "aborted")


def lines(result: ServicesResult) -> dict[str, str]:
    assert result.matrix is not None
    return {line.lead: line.text for line in summary(result.matrix)}


def mixed(sop_class: SopClass, syntax: Syntax) -> ContextReply:
    """Give every answer that there is, one after the other."""
    return tuple(ContextReply)[(len(sop_class.short) + int(syntax.uid[-1])) % len(ContextReply)]


def test_the_summary_names_what_is_not_there() -> None:
    said = lines(surveyed())
    assert said["Not offered"] == (
        "Modality Worklist, MPPS, Grayscale print, Color print, Presentation LUT, Print Job"
    )
    assert said["Stores"] == "all 29 that were asked"
    assert said["Compressed"] == "nothing: send uncompressed"


def printing_only(sop_class: SopClass, _: Syntax) -> ContextReply:
    if sop_class.short in ("Grayscale print", "Presentation LUT"):
        return ContextReply.ACCEPTED
    return ContextReply.ABSTRACT_SYNTAX


def test_a_printer_is_found_without_a_list_of_what_it_does_not_store() -> None:
    result = surveyed(printing_only)
    said = lines(result)
    assert said["Offers"] == "Grayscale print, Presentation LUT"
    assert said["Stores"] == "none of the 29 that were asked"
    assert "Refuses" not in said
    assert result.succeeded


def test_what_was_not_asked_is_not_called_refused() -> None:
    said = lines(surveyed(lambda *_: ContextReply.NOT_ASKED))
    assert said == {}


def test_who_accepts_what_does_not_exist_is_not_believed() -> None:
    everything = replace(
        matrix(lambda *_: ContextReply.ACCEPTED),
        indiscriminate=("a SOP class that does not exist",),
    )
    said = {line.lead: line.text for line in summary(everything)}
    assert "acceptance proves little" in said["Beware"]


def test_a_refused_syntax_is_not_called_a_refused_class() -> None:
    rows = matrix(
        lambda _, syntax: (
            ContextReply.ACCEPTED if syntax.code == "im" else ContextReply.ABSTRACT_SYNTAX
        )
    ).rows
    assert any("The peer accepts the SOP class" in sentence for sentence in explain(rows[14]))


def explicit_of_both(_: SopClass, syntax: Syntax) -> ContextReply:
    if syntax.code == "ex":
        return ContextReply.ACCEPTED
    return ContextReply.NO_REASON if syntax.code == "im" else ContextReply.TRANSFER_SYNTAX


def test_a_syntax_refused_beside_another_is_not_called_unknown() -> None:
    """PixelMed takes one transfer syntax of each SOP class, and each of them alone."""
    result = surveyed(explicit_of_both)
    assert "offered alone, the one with 2 can be accepted" in lines(result)["Beware"]
    assert result.matrix is not None
    assert "at a time, as PixelMed does" in explain(result.matrix.rows[0])[-1]
    assert "Beware" not in lines(surveyed(lambda *_: ContextReply.NO_REASON))


def test_sentences_name_transfer_syntaxes_as_the_columns_do() -> None:
    result = surveyed(
        lambda _, syntax: (
            ContextReply.ACCEPTED
            if syntax.code in ("im", "JB", "2K")
            else ContextReply.TRANSFER_SYNTAX
        )
    )
    assert lines(result)["Compressed"] == "JPEG (JB), JPEG 2000 (2K)"
    assert result.matrix is not None
    (ct,) = (row for row in result.matrix.rows if row.sop_class.short == "CT")
    assert explain(ct)[1] == (
        "Refused 4: transfer syntax not supported: explicit (ex), deflated (df), RLE (RL),"
        " JPEG (JX, JL), JPEG-LS (LS, LN), JPEG 2000 (2L), HTJ2K (HL, HR, HT)."
    )
    page = render_services(result)
    assert "\n  JB  JPEG Baseline (Process 1)\n" in page


@pytest.mark.parametrize("result", [surveyed(), surveyed(mixed)])
def test_the_text_fits_and_is_ascii(result: ServicesResult) -> None:
    rendered = render_services(result)
    assert rendered.isascii()
    assert max(map(len, rendered.splitlines())) <= WIDTH


def test_every_answer_has_a_sign_of_its_own() -> None:
    assert set(SIGNS) == set(ContextReply)
    assert len(set(SIGNS.values())) == len(ContextReply)
    assert all(len(sign) == 1 for sign in SIGNS.values())


def test_a_report_without_services_stays_as_it_was() -> None:
    assert "services" not in diagnose_json.report_data(green())
    assert "What the peer accepts" not in diagnose_text.render(green())


def test_the_json_says_every_answer() -> None:
    report = replace(green(), services=surveyed())
    data = json.loads(diagnose_json.render(report))["services"]
    (ct,) = (each for each in data["matrix"]["sop_classes"] if each["short"] == "CT")
    assert ct["answers"]["1.2.840.10008.1.2"] == "accepted"
    assert ct["answers"]["1.2.840.10008.1.2.4.50"] == "refused-4"
    assert data["query"] is None


@pytest.mark.parametrize(
    ("services", "code"),
    [
        (surveyed(), ExitCode.OK),
        (replace(surveyed(), query=ALLOWED), ExitCode.OK),
        (replace(surveyed(), query=FORBIDDEN), ExitCode.SERVICES),
        (replace(surveyed(), probe=ProbeResult((), "stalls", passed=False)), ExitCode.SERVICES),
        (replace(surveyed(), cancelled=True), ExitCode.INTERRUPTED),
        (replace(surveyed(), refusal="clinical hours"), ExitCode.PROFILE),
        (replace(surveyed(), matrix=replace(matrix(mixed), broken_off="silent")), 20),
    ],
)
def test_the_exit_code_tells_of_what_was_asked(services: ServicesResult, code: int) -> None:
    assert exit_code(replace(green(), services=services)) == code


def test_an_earlier_answer_stays_until_it_is_asked_again() -> None:
    former = replace(surveyed(), query=FORBIDDEN)
    later = replace(surveyed(), matrix=None, query=ALLOWED).with_former(former)
    assert later.matrix == former.matrix
    assert later.query == ALLOWED
