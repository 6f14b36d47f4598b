"""Whatever a foreign file holds: refused, or read into what a hand-written profile may have."""

from __future__ import annotations

import json
import plistlib
import string
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.target.tls import TlsSettings
from dcmecho.dicom.services.object_kind import NoObjectError, read_kind
from dcmecho.profiles.book.load import load
from dcmecho.profiles.exchange.applying import apply_plan
from dcmecho.profiles.exchange.formats.known import UnknownFormatError, read_text, write_text
from dcmecho.profiles.exchange.formats.syntax.decoding import BINARY_PLIST, decoded
from dcmecho.profiles.exchange.planning import Action, plan
from dcmecho.profiles.exchange.preview import as_json, summary
from dcmecho.profiles.exchange.rows import ExchangeFormat
from tests.unit.exchange.texts import EMPTY
from tests.unit.services.test_object_kind import CT, JPEG, element, meta

_TARGETS = (
    Target(name="Main PACS", host="pacs.lan", port=104, called_ae="PACS", calling_ae="WS"),
    Target(
        name="Röntgen 2",
        host="fd00::1",
        port=2762,
        called_ae="CT 2",
        calling_ae="WS",
        group="Radiology",
        tls=TlsSettings(),
    ),
)
_SOURCES = (
    *(write_text(_TARGETS, form).text for form in ExchangeFormat),
    '{"DicomModalities": {"a": {"AET": true, "Host": ["h"], "Port": 104.0, "LocalAet": null}}}',
    "HostTable BEGIN\na = (A, h, 104)\nb = a, a\nHostTable END\nAETable BEGIN\nX /x RW (9, 1) b\n",
    'sep=;\nName;Host;Port;AE-Titel;TLS\n"a;b";h;104;A;ja\n',
    "dn: dicomDeviceName=d,dc=x\ndicomDeviceName: d\n\ndn: cn=c,dicomDeviceName=d,dc=x\n"
    "dicomHostname:: aA==\ndicomPort: 104\n\ndn: dicomAETitle=A,dicomDeviceName=d,dc=x\n"
    "dicomAETitle: A\n b\ndicomNetworkConnectionReference: cn=c,dicomDeviceName=d,dc=x\n",
    '[defaults]\nport = 104\n[group.g]\nport = 1\n[[target]]\nname = "a"\nhost = "h"\n'
    'called_ae = "A"\ngroup = "g"\ntls.verify = false\n',
    'services:\n  a: &a\n    environment:\n      - \'ORTHANC_JSON={"DicomModalities": {"a": ["A", '
    '"h", 104]}}\'\n    ports: ["104:4242"]\n  b:\n    <<: *a\n',
    '# ours\nORTHANC__DICOM_MODALITIES=\'{"a": ["${A}", "h", 104]}\'\n',
    '<nodes>\n<node type="WEB" description="w"/><node aeTitle="A" hostname="h" port="1"/></nodes>',
    "/* c */\nA  10.0.0.1  104  un\nB* *  1234 j2\n# d\n",
    plistlib.dumps([{"AETitle": "A", "Address": "h", "Port": 1}], fmt=plistlib.FMT_BINARY).decode(
        "latin-1"
    ),
)
_ODD = st.one_of(
    st.text(string.punctuation + " \t\n0", min_size=1, max_size=8),
    st.sampled_from(
        [
            "=======\n",
            "9" * 5000,
            "[" * 5000,
            '{"a":' * 5000,
            ".a" * 5000,
            "\ufeff",
            "\0",
            "\x1b[2J",
        ]
    ),
    st.text(min_size=1, max_size=4),
    st.sampled_from(["true", "null", "1e999", "NaN", "-1", "[]", "{}", '""', "''", "1979-05-27"]),
)


@st.composite
def mangled(draw: st.DrawFn) -> str:
    """Draw a real file with some of it replaced, inserted, cut off or doubled."""
    text = draw(st.sampled_from(_SOURCES))
    for _ in range(draw(st.integers(1, 4))):
        at, to = sorted(draw(st.tuples(*[st.integers(0, len(text))] * 2)))
        match draw(st.sampled_from(("replace", "insert", "cut", "double"))):
            case "replace":
                text = text[:at] + draw(_ODD) + text[min(to, at + 10) :]
            case "insert":
                text = text[:at] + draw(_ODD) + text[at:]
            case "cut":
                text = text[:at]
            case _:
                text = text[:to] + text[at:]
    return text


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    text=mangled(), form=st.sampled_from((None, *ExchangeFormat)), group=st.sampled_from(("", "g"))
)
def test_a_mangled_file_is_refused_or_read(
    text: str, form: ExchangeFormat | None, group: str
) -> None:
    binary = text.startswith(BINARY_PLIST)
    content = text.encode(*(("latin-1", "replace") if binary else ("utf-8", "surrogatepass")))
    try:
        reading = read_text(decoded(content).text, form)
    except UnknownFormatError:
        return
    planned = plan(EMPTY, reading.rows, group)
    shown = [*map(summary, planned.rows), *(row.name for row in planned.rows)]
    assert all(line.isprintable() for line in shown)
    assert json.loads(as_json(reading, planned, "p", written=False))["rows"] is not None
    with TemporaryDirectory() as folder:
        path = Path(folder) / "profiles.toml"
        if planned.writes:
            apply_plan(path, planned)
        book = load(path)
    assert [profile.name for profile in book.profiles] == [
        row.name for row in planned.of(Action.NEW)
    ]
    assert not book.broken, [*map(str, book.problems)]


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_a_mangled_object_is_refused_or_has_uids(data: st.DataObject) -> None:
    content = bytearray(
        meta(element(2, b"UI", CT), element(3, b"UI", b"1.2"), element(16, b"UI", JPEG))
    )
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(120, len(content)))
        content[at : at + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=6))
    with TemporaryDirectory() as folder:
        (path := Path(folder) / "object.dcm").write_bytes(content)
        try:
            kind = read_kind(path)
        except NoObjectError:
            return
    for uid in (kind.sop_class_uid, kind.transfer_syntax_uid):
        assert set(uid) <= {*string.digits, "."}
    assert kind.sop_class_name.isprintable()
