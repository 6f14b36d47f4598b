"""Files that once took all memory or time, or ended the program: refused or read, and soon."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest

from dcmecho.diagnosis.target.fields import Field
from dcmecho.diagnosis.target.target import Target
from dcmecho.profiles.exchange.formats.known import UnknownFormatError, read_bytes, read_text
from dcmecho.profiles.exchange.formats.known import write_text as written
from dcmecho.profiles.exchange.planning import Action, plan
from dcmecho.profiles.exchange.rows import MOST_ROWS, ExchangeFormat, Reading, TooManyRowsError
from tests.unit.exchange.texts import EMPTY, peers, problems

_FILES = Path(__file__).parent / "hostile"
_LONG = 150_000
"""With time that grows with the square of the length, each of these would take minutes."""


def _target(name: str, port: int = 104) -> Target:
    return Target(name=name, host="h", port=port, called_ae="PACS", calling_ae="WS")


def read(name: str) -> Reading:
    return read_bytes((_FILES / name).read_bytes())


class TestFiles:
    def test_a_line_left_by_a_merge_is_refused_and_the_rest_is_read(self) -> None:
        reading = read("sep.cfg")
        assert peers(reading) == ["pacs1: PACS1@10.0.0.1:104", "pacs2: PACS2@10.0.0.2:104"]
        assert problems(reading) == ['3: "=======" has no name before the =']

    def test_a_line_without_an_area_is_refused(self) -> None:
        assert problems(read("d6.cfg")) == ['2: "=" is not an entry of the AETable']

    def test_a_number_of_5000_digits_is_refused_and_the_rest_is_read(self) -> None:
        reading = read("huge-number.json")
        assert peers(reading) == ["a: A@10.0.0.1:104"]
        (problem,) = problems(reading)
        assert problem.startswith('1: port: "9999')
        assert problem.endswith("must be a number")

    def test_groups_that_double_40_times_name_one_peer(self) -> None:
        (row,) = read("groupbomb40.cfg").rows
        assert peers(Reading(ExchangeFormat.DCMQRSCP, (row,))) == ["a: A@h:104"]
        assert row.values[Field.GROUP] == "g0"


_LATE = {
    "a HostTable of commas": "a=(" + "," * _LONG,
    "brackets of addresses": "x" + "@[" * _LONG,
    "spaces in a command": "echoscu a 104" + " " * _LONG + "x",
    "empty lines after an error": '{"DicomModalities":{"a":x' + "\n" * _LONG,
    "errors on each line": '{"DicomModalities":{' + ',\n"a":[x' * 30_000,
    "many lines of JSON": '{"DicomModalities":{' + '"a":["A","h",104],\n' * 20_000,
    "spaces in a name of LDIF": "dn: a" + " " * _LONG + "x\ndicomAETitle: A\n",
    "commas in a name of LDIF": "dn:: LA" + "osLA" * _LONG + "\ndicomAETitle: A\n",
    "devices": "".join(
        f"dn: dicomDeviceName=d{i}\ndicomAETitle: A\n\n"
        f"dn: cn=c,dicomDeviceName=d{i}\ndicomHostname: h\n\n"
        for i in range(10_000)
    ),
    "groups of groups": "HostTable BEGIN\n"
    + "".join(f"a{i} = (A, h, 104)\n" for i in range(10_000))
    + "g0 = "
    + " ".join(f"a{i}" for i in range(10_000))
    + "\n"
    + "".join(f"g{i + 1} = g{i}\n" for i in range(10_000)),
    "commas in a header": "host,aet" + "," * _LONG,
    "brackets in a header": "(" * _LONG + "\n" + "()" * _LONG,
    "spaces beside a port": "aet,ip:port\nA,1" + " " * 100_000 + "x",
    "stars of comments": "/*" * _LONG + "\nA h 104 un",
    "nodes": "<nodes>" + "<node" + " a='1'" * 2 + "/>" * 1 + "<node>" * _LONG,
    "arrays of a list": "<plist>AETitle" + "<array>" * _LONG,
    "quotes of variables": 'ORTHANC_JSON="' * 3_000 + "\nA='\n" * 50_000,
    "sequences in a service": "services:\n ORTHANC_JSON: " + "[" * 20_000,
    "mappings in a service": "services:\n ORTHANC_JSON: " + "{a: " * 20_000,
    "dashes in a service": "services:\n ORTHANC_JSON:\n  " + "- " * 20_000,
    "merges of a service": "x0: &x0 {a: b}\n"
    + "".join(f"x{i + 1}: &x{i + 1} {{<<: [*x{i}, *x{i}]}}\n" for i in range(1000))
    + "services:\n  a:\n    environment: *x1000\n    ORTHANC_JSON: x\n",
    "aliases of services": "x: &x\n  environment:\n    ORTHANC__DICOM_MODALITIES: '{"
    + '"a": ["A", "h", 104],' * 2_000
    + "}'\nservices:\n"
    + "".join(f"  s{i}: *x\n" for i in range(10_000)),
    "parts of a key": "[[target]]\nname" + ".a" * _LONG + " = 1\n",
    "misspelled groups": "".join(
        f'[group.Radiology{i:05}a]\n[[target]]\ngroup = "Radiology{i:05}b"\n' for i in range(4000)
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("text", _LATE.values(), ids=_LATE)
def test_ends_soon(text: str) -> None:
    for form in (None, *ExchangeFormat):
        with suppress(UnknownFormatError, TooManyRowsError):
            read_text(text, form)


def _overlapping(count: int) -> bytes:
    """Return a binary property list of a few hundred kB, whose objects contain all the others."""
    refs = b"".join((index % 250).to_bytes(1, "big") for index in range(count))
    header = b"\xaf\x12" + count.to_bytes(4, "big")
    body = b"bplist00" + header + refs + b"AETitle"
    offsets = (8).to_bytes(4, "big") * 250
    trailer = bytes(6) + b"\x04\x01" + (250).to_bytes(8, "big") + bytes(8)
    return body + offsets + trailer + len(body).to_bytes(8, "big")


def test_a_binary_list_that_is_larger_inside_than_outside_is_refused() -> None:
    (problem,) = problems(read_bytes(_overlapping(200_000)))
    assert problem == "1: is not a property list that can be read (InvalidFileException)"


@pytest.mark.parametrize("declared", ["<!ENTITY a 'x'>", "<!ENTITY a SYSTEM 'file:///etc/passwd'>"])
@pytest.mark.parametrize(
    "text",
    [
        "<!DOCTYPE nodes [{}]><nodes><node description='&a;' aeTitle='A' hostname='h'/></nodes>",
        "<!DOCTYPE plist [{}]><plist><array><dict><key>AETitle</key><string>&a;</string>"
        "</dict></array></plist>",
    ],
)
def test_entities_of_xml_are_refused(text: str, declared: str) -> None:
    (row,) = read_text(text.format(declared)).rows
    assert row.problem
    assert not row.values


@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_json_nested_5000_deep_is_refused_and_the_rest_is_read(opening: str) -> None:
    reading = read_text(f'{{"deep": {opening * 5000},\n"b": ["B", "h", 104]}}')
    assert peers(reading) == ["b: B@h:104"]
    assert problems(reading) == ["1: is nested too deeply"]


def test_a_key_of_5000_parts_is_refused() -> None:
    (problem,) = problems(read_text("[[target]]\nname" + ".a" * 5000 + " = 1"))
    assert problem == "2: is nested too deeply to be a profiles file"


@pytest.mark.parametrize(
    ("text", "form"),
    [
        (f"A@h:{'9' * 5000}", ExchangeFormat.LINES),
        (f"echoscu A@h:{'9' * 5000}", ExchangeFormat.COMMAND),
        (f"echoscu h {'9' * 5000}", ExchangeFormat.COMMAND),
        (f"host,aet,port\nh,A,{'9' * 5000}", ExchangeFormat.CSV),
        (f"a = (A, h, {'9' * 5000})", ExchangeFormat.DCMQRSCP),
    ],
)
def test_a_port_of_5000_digits_is_refused(text: str, form: ExchangeFormat) -> None:
    assert len(problems(read_text(text, form))) == 1


@pytest.mark.parametrize("value", ["true", "{}", "[104]"])
def test_json_of_the_wrong_type_is_refused(value: str) -> None:
    for one in (f'{{"AET": {value}, "Host": "h", "Port": 104}}', f'[{value}, "h", 104]'):
        (problem,) = problems(read_text(f'{{"DicomModalities": {{"a": {one}}}}}'))
        assert problem.startswith("1: called_ae: ")
        assert problem.endswith("must be text in quotes")


@pytest.mark.parametrize("name", [r"a\u0007", r"\u202eSCAP", r"a\ud800", r"a\u200bb"])
def test_a_name_that_a_hand_written_profile_may_not_have_is_refused(name: str) -> None:
    (problem,) = problems(read_text(f'{{"DicomModalities": {{"{name}": ["A", "h", 104]}}}}'))
    assert problem.startswith("1: name: ")
    assert problem.endswith("must be text that can be shown on one line")


def test_a_row_of_a_table_that_is_too_long_is_refused_and_the_rest_is_read() -> None:
    reading = read_text(f"host,aet,port\na,A,104\n{'x' * 200_000},B,104\nc,C,104\n")
    assert [row.line for row in reading.rows if not row.problem] == [2, 4]
    assert problems(reading)[0].startswith("3: cannot be read as a row of a table")


@pytest.mark.parametrize("form", ExchangeFormat)
def test_too_many_peers_are_told(form: ExchangeFormat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dcmecho.profiles.exchange.rows.MOST_ROWS", 3)
    for module in ("orthanc", "table", "dcm4che", "dcmqrscp", "mercure", "weasis", "horos"):
        monkeypatch.setattr(f"dcmecho.profiles.exchange.formats.{module}.MOST_ROWS", 3)
    three, four = ([_target(f"t{i}", i) for i in range(1, n + 1)] for n in (3, 4))
    assert len(read_bytes(written(three, form).text.encode()).rows) == 3
    with pytest.raises(UnknownFormatError, match=f"more than {MOST_ROWS:,} peers; split it"):
        read_bytes(written(four, form).text.encode())


@pytest.mark.slow
@pytest.mark.parametrize(
    "row", ["10.0.0.1,{i},PACS", "10.0.{i},104,PACS", "n{i},104,{title}"], ids=str
)
def test_rows_that_are_alike_are_planned_soon(row: str) -> None:
    rows = [
        row.format(i=i, title="".join("O0"[i >> bit & 1] for bit in range(16)))
        for i in range(1, 10_000)
    ]
    reading = read_text("\n".join(["host,port,aet", *rows]))
    planned = plan(EMPTY, reading.rows)
    assert len({row.name for row in planned.of(Action.NEW)}) == len(planned.of(Action.NEW))


def test_targets_of_one_name_are_exported_soon() -> None:
    text = written([_target("a#b")] * 10_000, ExchangeFormat.DCMQRSCP).text
    assert text.splitlines()[-2].startswith("a_b_10000 = ")
