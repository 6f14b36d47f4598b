"""Stock files of other programs, written by hand: each peer read, written, and read again."""

from __future__ import annotations

from pathlib import Path

from dcmecho.diagnosis.target.fields import Field
from dcmecho.diagnosis.target.target import DEFAULT_CALLING_AE
from dcmecho.profiles.book.load import load
from dcmecho.profiles.exchange.applying import apply_plan
from dcmecho.profiles.exchange.formats.known import read_bytes, write_text
from dcmecho.profiles.exchange.planning import plan
from dcmecho.profiles.exchange.rows import Channel, Reading
from tests.unit.exchange.texts import EMPTY, peers, problems

_STOCK = Path(__file__).parent / "stock"
_FILES = Path(__file__).parent / "files"

_ARCHIVE = (
    *("DCM4CHEE", "AS_RECEIVED", "IOCM_EXPIRED", "IOCM_PAT_SAFETY", "IOCM_QUALITY"),
    *("IOCM_REGULAR_USE", "IOCM_WRONG_MWL"),
)


def read(name: str) -> Reading:
    return read_bytes((_STOCK / name).read_bytes())


def out_and_in_again(reading: Reading, path: Path) -> Reading:
    """Import, export all in the format they came in, and read that."""
    apply_plan(path, plan(EMPTY, reading.rows))
    written = write_text(load(path).targets, reading.format)
    assert not written.refused
    return read_bytes(written.text.encode())


def wire(reading: Reading) -> list[tuple[object, ...]]:
    keys = (Field.NAME, Field.CALLED_AE, Field.HOST, Field.PORT)
    return [(*(row.values[key] for key in keys), row.channel) for row in reading.rows]


class TestDcm4chee:
    def test_each_network_ae_is_a_target_and_nothing_else_is(self) -> None:
        reading = read("dcm4chee-arc.ldif")
        archive = [
            f"dcm4chee-arc {title}{tls}: {title}@localhost:{port}"
            for title in _ARCHIVE
            for tls, port in (("", 11112), (" TLS", 2762))
        ]
        assert peers(reading) == [
            "storescp: STORESCP@localhost:11117",
            *archive,
            "scheduledstation: SCHEDULEDSTATION@localhost:104",
        ]
        assert problems(reading) == []

    def test_it_comes_out_again(self, tmp_path: Path) -> None:
        reading = read("dcm4chee-arc.ldif")
        assert wire(out_and_in_again(reading, tmp_path / "profiles.toml")) == wire(reading)

    def test_registry_hl7_and_web_application_are_no_targets(self) -> None:
        reading = read_bytes((_FILES / "dcm4chee-min.ldif").read_bytes())
        assert peers(reading) == ["arc: ARC@127.0.0.1:11112"]
        assert problems(reading) == []


class TestOrthanc:
    def test_each_modality_is_a_target(self) -> None:
        reading = read("orthanc.json")
        assert peers(reading) == [
            "sample: STORESCP@127.0.0.1:2000",
            "vitrea: VITREA@192.168.1.1:104",
            "untrusted: ORTHANC@127.0.0.1:104",
        ]
        assert problems(reading) == []
        ours = [row.values.get(Field.CALLING_AE) for row in reading.rows]
        assert ours == [None, None, "HELLO"]
        channels = [row.channel for row in reading.rows]
        assert channels == [Channel.NOT_GIVEN, Channel.NOT_GIVEN, Channel.PLAIN]

    def test_it_comes_out_again(self, tmp_path: Path) -> None:
        reading = read("orthanc.json")
        again = out_and_in_again(reading, tmp_path / "profiles.toml")
        assert [row[:-1] for row in wire(again)] == [row[:-1] for row in wire(reading)]
        assert Channel.TLS not in {row.channel for row in again.rows}
        ours = [row.values.get(Field.CALLING_AE) for row in again.rows]
        assert ours == [DEFAULT_CALLING_AE, DEFAULT_CALLING_AE, "HELLO"]


class TestDcmtk:
    def test_each_host_is_a_target_in_its_group(self) -> None:
        reading = read("dcmqrscp.cfg")
        assert peers(reading) == [
            "acme1: ACME1@acmehost1:5678",
            "acme2: ACME2@acmehost2:5678",
            "united1: UNITED1@unitedhost1:104",
            "united2: UNITED2@unitedhost2:104",
        ]
        assert problems(reading) == []
        groups = [row.values[Field.GROUP] for row in reading.rows]
        assert groups == [*["acmeCTcompany"] * 2, *["unitedMRcompany"] * 2]

    def test_it_comes_out_again(self, tmp_path: Path) -> None:
        reading = read("dcmqrscp.cfg")
        assert wire(out_and_in_again(reading, tmp_path / "profiles.toml")) == wire(reading)
