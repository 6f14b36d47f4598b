"""A spreadsheet's CSV, with the mistakes that people and spreadsheets make."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from dcmecho.diagnosis.target.fields import Field
from dcmecho.diagnosis.target.target import Target
from dcmecho.profiles.exchange.formats.known import read_bytes, read_text, write_text
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


_FILES = Path(__file__).parent / "files"


def test_beside_an_address_a_host_name_is_a_label() -> None:
    reading = read_bytes((_FILES / "nodes-host-and-ip.csv").read_bytes())
    assert peers(reading) == ["CT ROOM 1: CT1@127.0.0.1:104"]
    assert reading.remarks == ()


@pytest.mark.parametrize(
    ("cells", "peer"),
    [
        ("label,10.0.0.1", "label: CT1@10.0.0.1:104"),
        ("10.0.0.1,label", "label: CT1@10.0.0.1:104"),
        ("ct1.lan,", ": CT1@ct1.lan:104"),
        (",ct1.lan", ": CT1@ct1.lan:104"),
        ("ct1.lan,DHCP", "DHCP: CT1@ct1.lan:104"),
        ("label,fd00::1", "label: CT1@fd00::1:104"),
        ("10.0.0.1,10.0.0.2", "10.0.0.2: CT1@10.0.0.1:104"),
    ],
)
def test_of_two_columns_the_address_counts(cells: str, peer: str) -> None:
    assert peers(read_text(f"AET,Port,Host Name,IP Address\nCT1,104,{cells}\n")) == [peer]


def test_an_address_with_a_slip_is_not_replaced_by_the_label() -> None:
    reading = read_text("AET,Port,Host Name,IP Address\nCT1,104,label,10.0.0.300\n")
    (row,) = plan(EMPTY, reading.rows).rows
    assert row.action is Action.REFUSED
    assert reading.rows[0].values[Field.HOST] == "10.0.0.300"


def test_a_column_that_tells_of_tls_counts() -> None:
    reading = read_bytes((_FILES / "nodes-tls-enabled.csv").read_bytes())
    assert [row.channel for row in reading.rows] == [Channel.PLAIN, Channel.TLS]
    assert reading.remarks == ()


@pytest.mark.parametrize(
    "header",
    [
        *("TLS", "tls_enabled", "TLS?", "Use TLS", "TLS enabled", "TLS (yes/no)", "SSL", "SSL/TLS"),
        *("DICOM TLS", "Secure", "Encrypted", "is_tls", "Requires TLS", "Verschlüsselt"),
        *("Verschlüsselung", "Cifrado", "Criptografia", "Chiffrement", "TLS aktiv", "TLS activo"),
    ],
)
def test_a_column_of_tls_has_many_names(header: str) -> None:
    (row,) = read_text(f"Host,AET,Port,{header}\nh,A,104,yes\n").rows
    assert row.channel is Channel.TLS


@pytest.mark.parametrize("header", ["TLS port", "TLS version", "TLS certificate", "Security zone"])
def test_another_column_about_tls_is_told(header: str) -> None:
    reading = read_text(f"Host,AET,Port,{header}\nh,A,104,1\n")
    assert reading.rows[0].channel is Channel.NOT_GIVEN
    assert str(reading.remarks[0]) == f"line 1: unknown columns, ignored: {header}"


@pytest.mark.parametrize(
    ("said", "channel"),
    [
        *((yes, Channel.TLS) for yes in ("Sí", "sim", "oui", "ENABLED", "TLS 1.2", "tlsv1.3", "✓")),
        *((no, Channel.PLAIN) for no in ("não", "non", "Falso", "disabled", "nein", "plain")),
        *((unsaid, Channel.NOT_GIVEN) for unsaid in ("", "n/a", "?")),
    ],
)
def test_tls_is_said_in_many_ways(said: str, channel: Channel) -> None:
    (row,) = read_text(f"Host,AET,Port,TLS\nh,A,104,{said}\n").rows
    assert (row.channel, row.problem) == (channel, "")


@pytest.mark.parametrize(
    "header",
    [
        "Name;AE Title (AET);IP address (IPv4);Port (TCP)",
        "Device;AET (SCP);Host / IP;DICOM Port [TCP]",
        "Station name;Remote AE Title;Remote IP;Remote Port",
        "Equipment;Title (AE);Server IP;Port No.",
        "Gerät;AE-Titel;IP-Adresse;Port-Nr.",
        "Gerätename;AE-Titel (Ziel);Rechnername;Portnummer",
        "Bezeichnung;Gerufener AE-Titel;Adresse;DICOM-Port",
        "Nombre;Título AE;Dirección IP;Puerto",
        "Equipo;Título de AE;Nombre de host;Puerto DICOM",
        "Estación;AE Título;Servidor;N.º de puerto",
        "Nome;Título AE;Endereço IP;Porta",
        "Equipamento;Título da AE;Servidor;Porta TCP",
        "Nom;Titre AE;Adresse IP;Port",
        "Appareil;Titre d'AE;Nom d'hôte;N° de port",
        "Équipement;Titre de l’AE;Hôte;Port DICOM",
    ],
)
def test_a_header_in_another_language_or_with_brackets(header: str) -> None:
    reading = read_text(f"{header}\nMain;MAIN;host;104\n")
    assert (peers(reading), reading.remarks) == (["Main: MAIN@host:104"], ())


def test_our_own_title_is_told_apart_in_brackets_too() -> None:
    (row,) = read_text("Host,Port,AE Title (calling),AE Title (called)\nh,104,WS,PACS\n").rows
    assert row.values[Field.CALLING_AE] == "WS"
    assert row.values[Field.CALLED_AE] == "PACS"


@pytest.mark.parametrize(
    ("header", "cell"),
    [
        *(
            ("IP:Port", "10.0.0.1:104"),
            ("IP/Port", "10.0.0.1 / 104"),
            ("Host:Port", "[fd00::1]:104"),
        ),
        *(("IP and port", "10.0.0.1 104"), ("IP-Adresse und Port", "pacs.lan:104")),
        *(("Dirección IP y puerto", "10.0.0.1:104"), ("Adresse IP et port", "10.0.0.1:104")),
        *(("Host", "10.0.0.1:104"), ("IP address", "[fd00::1]:104")),
    ],
)
def test_host_and_port_in_one_column(header: str, cell: str) -> None:
    (row,) = read_text(f"AET;{header}\nA;{cell}\n").rows
    assert row.values[Field.PORT] == 104
    assert row.values[Field.HOST] in ("10.0.0.1", "fd00::1", "pacs.lan")


def test_a_port_of_its_own_column_counts_before_one_beside_the_host() -> None:
    (row,) = read_text("AET,Host,Port\nA,10.0.0.1:104,11112\n").rows
    assert row.values[Field.PORT] == 11112
    assert row.values[Field.HOST] == "10.0.0.1:104"
