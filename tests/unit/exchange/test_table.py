"""A spreadsheet's CSV, with the mistakes that people and spreadsheets make."""

from __future__ import annotations

import csv
import io

import pytest

from dcmecho.diagnosis.target.fields import Field
from dcmecho.diagnosis.target.target import Target
from dcmecho.profiles.exchange.formats.known import read_text, write_text
from dcmecho.profiles.exchange.planning import Action, plan
from dcmecho.profiles.exchange.rows import Channel, ExchangeFormat
from tests.unit.exchange.texts import EMPTY, peers, problems

DEPARTMENT = """\
sep=;
Imaging network, as of March;;;;;;
Station;IP-Adresse;Port;AE Title;Department;TLS;Serial no.
Main PACS;10.0.0.1 ;104,0;MAIN_PACS\u00a0;Radiology;no;A-1
CT 1;10.0.0.2;11112;CT_1;Radiology;yes;A-2
CT 1;10.0.0.3;11112;CT_2;Radiology;;A-3
;10.0.0.4;104;MR_1;Radiology;;
;;;;;;
Angio;10.0.0.5;1O4;ANGIO;Cardiology;no;
Echo;10.0.0.6;104;ECHO–1;Cardiology;no;
Dose;10.0.0.7;104;DOSE_MANAGEMENT_SYSTEM;Physics;no;
Archive;;104;ARCHIVE;IT;maybe;
"Film
printer";10.0.0.8;11.112;FILM;Radiology;no;
Main PACS;10.0.0.1;104;MAIN_PACS;Radiology;no;A-1
Short row;10.0.0.9
"""


def test_the_good_rows_are_new_and_the_bad_ones_say_why() -> None:
    planned = plan(EMPTY, read_text(DEPARTMENT).rows)
    assert [(row.line, row.action, row.name) for row in planned.rows] == [
        (4, Action.NEW, "Main PACS"),
        (5, Action.NEW, "CT 1"),
        (6, Action.NEW, "CT 1 (10.0.0.3)"),
        (7, Action.NEW, "MR_1"),
        (9, Action.REFUSED, "Angio"),
        (10, Action.REFUSED, "Echo"),
        (11, Action.REFUSED, "Dose"),
        (12, Action.REFUSED, "Archive"),
        (13, Action.REFUSED, "Film printer"),
        (15, Action.EQUAL, "Main PACS"),
        (16, Action.REFUSED, "Short row"),
    ]
    reasons = {row.name: row.reason for row in planned.rows if row.reason}
    assert reasons == {
        "Angio": 'port: "1O4" must be a number',
        "Echo": "called_ae: bytes e2 80 93 at position 5 (–, EN DASH) is not ASCII. "
        "Use A-Z, 0-9, _, - and similar",
        "Dose": "called_ae: 22 bytes is too long. An AE title has at most 16 bytes",
        "Archive": 'tls: "maybe" must be yes or no',
        "Film printer": 'port: "11.112" must be a number',
        "Main PACS": "the same as line 4",
        "Short row": "port and called_ae missing",
    }


def test_what_was_passed_over_is_told() -> None:
    assert [str(remark) for remark in read_text(DEPARTMENT).remarks] == [
        "line 2: is above the header, and was ignored",
        "line 3: unknown columns, ignored: Serial no.",
    ]


def test_values_are_what_the_cells_mean() -> None:
    first, second, third, *_ = read_text(DEPARTMENT).rows
    assert dict(first.values) == {
        Field.NAME: "Main PACS",
        Field.HOST: "10.0.0.1",
        Field.PORT: 104,
        Field.CALLED_AE: "MAIN_PACS",
        Field.GROUP: "Radiology",
    }
    assert [row.channel for row in (first, second, third)] == [
        *(Channel.PLAIN, Channel.TLS, Channel.NOT_GIVEN)
    ]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    "header",
    [
        ("name", "host", "port", "called_ae"),
        ("Description", "IP address", "Port", "AE Title"),
        ("AET", "Hostname", "TCP-Port", "Device name"),
        ("Remote AET", "Server", "DICOM Port", "Label"),
        ("AE-Titel", "IP-Adresse", "Portnummer", "Gerät"),
    ],
)
def test_a_header_in_any_order_with_any_usual_names(separator: str, header: list[str]) -> None:
    cells = {"A": "MAIN", "h": "host", "p": "104", "n": "Main"}
    kinds = {
        **dict.fromkeys(("name", "Description", "Device name", "Label", "Gerät"), "n"),
        **dict.fromkeys(("host", "IP address", "Hostname", "Server", "IP-Adresse"), "h"),
        **dict.fromkeys(("port", "Port", "TCP-Port", "DICOM Port", "Portnummer"), "p"),
    }
    row = [cells[kinds.get(name, "A")] for name in header]
    text = f"{separator.join(header)}\n{separator.join(row)}\n"
    assert peers(read_text(text)) == ["Main: MAIN@host:104"]


def test_a_description_beside_a_name_is_a_note() -> None:
    reading = read_text('Name,Description,Host,AET,Port\nCT,"first floor,\nroom 2",h,CT,104\n')
    assert peers(reading) == ["CT: CT@h:104"]
    assert reading.rows[0].values[Field.NOTES] == "first floor,\nroom 2"


def test_what_keeps_a_target_from_being_probed_comes_along() -> None:
    (row,) = read_text("host,aet,port,do_not_probe\nh,CT,104,vendor forbids it\n").rows
    assert row.values[Field.DO_NOT_PROBE] == "vendor forbids it"


FORMULAS = ["=1+1", "+49 30 1", "-1", "@SUM(A1)", "'=1", "''=1", "'quoted'", "a=b"]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_of_an_export_is_a_formula_and_each_comes_back_as_it_was(text: str) -> None:
    target = Target(
        host="h.lan", port=104, called_ae=text, calling_ae=text, name=text, notes=text, group=text
    )
    written = write_text([target], ExchangeFormat.CSV).text
    _, cells = csv.reader(io.StringIO(written, newline=""))
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    (row,) = read_text(written, ExchangeFormat.CSV).rows
    for field in (Field.NAME, Field.CALLED_AE, Field.CALLING_AE, Field.NOTES, Field.GROUP):
        assert row.values[field] == text


def test_only_what_would_be_a_formula_is_guarded() -> None:
    target = Target(host="h.lan", port=104, called_ae="A-B", calling_ae="'WS", name="CT = 2")
    assert "CT = 2,h.lan,104,A-B,'WS," in write_text([target], ExchangeFormat.CSV).text


@pytest.mark.parametrize("text", ["h,A,104\n", 'name,"host\n'])
def test_without_a_header_nothing_is_guessed(text: str) -> None:
    (problem,) = problems(read_text(text, ExchangeFormat.CSV))
    assert problem.startswith("1: no header; the first row must name the columns")
