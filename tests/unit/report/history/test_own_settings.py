"""What changed in our own settings is told: timeouts, and what TLS uses, without a secret."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from dcmecho.diagnosis.history.compared import Compared, compared_values
from dcmecho.diagnosis.history.history import changes
from dcmecho.diagnosis.history.words import change_words
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.target.tls import TlsSettings, TlsVersion
from dcmecho.report.history.own_settings import settings_data
from dcmecho.report.history.remembered import remembered
from dcmecho.report.redaction.redaction import Redaction
from tests.unit.report.reports import TARGET, green

SECRETS = TlsSettings(
    passphrase_command="pass show DCM_PW", passphrase_env="DCM_PW", passphrase="x y"
)


@pytest.fixture
def tls(tmp_path: Path) -> TlsSettings:
    for name in ("ca", "cert", "key"):
        (tmp_path / f"{name}.pem").write_text(f"the {name} of a site")
    ca, cert, key = (str(tmp_path / f"{name}.pem") for name in ("ca", "cert", "key"))
    return replace(SECRETS, ca_files=(ca,), cert_file=cert, key_file=key)


def changed(before: Target, after: Target) -> list[str]:
    """Return what changed between runs of two targets, in words."""
    values = [
        compared_values(remembered(replace(green(), target=each))) for each in (before, after)
    ]
    return [change_words(each) for each in changes(*values)]


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        ({"connect_timeout_s": 2.0}, "TCP timeout 5 s -> 2 s"),
        ({"acse_timeout_s": 2.5}, "ACSE timeout 10 s -> 2.5 s"),
        ({"dimse_timeout_s": 120.0}, "DIMSE timeout 30 s -> 120 s"),
        ({"max_pdu_bytes": 0}, "our max PDU 16384 -> no limit"),
    ],
)
def test_an_edited_value(edit: dict[str, float], told: str) -> None:
    before = replace(TARGET, connect_timeout_s=5.0, acse_timeout_s=10.0, dimse_timeout_s=30.0)
    before = replace(before, max_pdu_bytes=16384)
    assert changed(before, replace(before, **edit)) == [told]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        ({"verify": False}, "TLS verify on -> off"),
        ({"minimum_version": TlsVersion.TLS_1_3}, "TLS at least 1.2 -> 1.3"),
        ({"server_name": "pacs"}, "name for TLS none -> pacs"),
        ({"key_file": "/b/key.pem"}, "our key {key} -> /b/key.pem"),
    ],
)
def test_an_edited_value_of_tls(tls: TlsSettings, edit: dict[str, object], told: str) -> None:
    edited = replace(tls, **edit)  # type: ignore[arg-type]
    found = changed(replace(TARGET, tls=tls), replace(TARGET, tls=edited))
    assert found == [told.format(key=tls.key_file)]


def test_another_file_and_another_content(tls: TlsSettings, tmp_path: Path) -> None:
    other = str(tmp_path / "other.pem")
    Path(other).write_text("another one")
    target = replace(TARGET, tls=tls)
    moved = replace(TARGET, tls=replace(tls, cert_file=other))
    assert changed(target, moved)[0] == f"our certificate {tls.cert_file} -> {other}"
    before = compared_values(remembered(replace(green(), target=target)))
    Path(tls.ca_files[0]).write_text("the renewed one")
    after = compared_values(remembered(replace(green(), target=target)))
    assert [each.what for each in changes(before, after)] == [Compared.CA_CONTENT]


def test_a_file_that_cannot_be_read_is_no_content(tls: TlsSettings) -> None:
    for path in (*tls.ca_files, tls.cert_file):
        os.unlink(path)
    data = settings_data(replace(TARGET, tls=tls))
    assert (data["ca_sha256"], data["cert_sha256"]) == ("", "")


def test_no_secret_is_kept(tls: TlsSettings) -> None:
    text = json.dumps(remembered(replace(green(), target=replace(TARGET, tls=tls))))
    for secret in ("DCM_PW", "pass show", "x y", "the key of a site", "the cert of a site"):
        assert secret not in text


def test_they_are_redacted_and_comparable(tls: TlsSettings) -> None:
    tls = replace(tls, server_name="pacs.hospital.lan")
    redaction = Redaction(b"a key of thirty-two bytes, or so")
    bodies = [
        redaction.data(remembered(replace(green(), target=replace(TARGET, tls=each))))
        for each in (tls, replace(tls, verify=False, cert_file=tls.key_file))
    ]
    text = json.dumps(bodies)
    for value in (*tls.ca_files, tls.cert_file, Path(tls.key_file).parent.name, "hospital"):
        assert value not in text
    before, after = map(compared_values, bodies)
    what = [each.what for each in changes(before, after)]
    assert what == [Compared.VERIFY, Compared.CERT_FILE, Compared.CERT_CONTENT]
    assert before[Compared.MINIMUM_VERSION] == "1.2"


def test_what_an_older_journal_does_not_have_is_no_change(tls: TlsSettings) -> None:
    body = remembered(replace(green(), target=replace(TARGET, tls=tls)))
    old = {
        **body,
        "target": {key: body["target"][key] for key in body["target"] if key != "settings"},
    }
    assert list(changes(compared_values(old), compared_values(body))) == []
