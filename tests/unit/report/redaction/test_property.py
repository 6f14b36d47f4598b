"""No value of a site is in a redacted report: in no format and in no form."""

from __future__ import annotations

import base64
import json
import re
import string
from collections.abc import Iterable, Iterator
from itertools import chain

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.sanitize import own_text, title_bytes
from dcmecho.report import diagnose
from dcmecho.report.handover import markdown
from dcmecho.report.json import diagnose as as_json
from dcmecho.report.json.reading import report_of
from dcmecho.report.redaction.redaction import Redaction
from dcmecho.report.redaction.vocabulary import own_vocabulary
from tests.unit.report.redaction.sites import OURS, PEER, SITE_ROOT, sites, surveyed_sites

SECRET = b"a key of thirty-two bytes, or so"
REDACTION = Redaction(SECRET)
CHARACTERS = string.ascii_letters + string.digits + "_-. \\`|*/:@[]()äÖßé日本"


def occurs_nowhere(value: str) -> bool:
    """Whether our own texts have no such value: some of its words are no words of ours."""
    return not own_vocabulary().has(value) and any(map(str.isalpha, value))


VALUES = (
    st.text(CHARACTERS, min_size=5, max_size=64)
    .map(str.strip)
    .filter(lambda value: len(value) >= 5 and occurs_nowhere(value))
)


def forms(value: str) -> Iterator[str]:
    """Yield a value in the forms in which somebody could find it."""
    yield value
    yield own_text(value)
    yield title_bytes(value)
    yield json.dumps(value)[1:-1]
    yield json.dumps(value, ensure_ascii=False)[1:-1]
    for encoding in ("utf-8", "utf-16-le"):
        raw = value.encode(encoding)
        yield raw.hex()
        yield raw.hex(" ")
        yield raw.hex(":")
        for before in range(3):
            # The characters of base64 that depend on these bytes alone.
            encoded = base64.b64encode(b"\0" * before + raw).decode()
            yield encoded[(before * 4 + 2) // 3 : len(b"\0" * before + raw) * 4 // 3]


def unwrapped(page: str) -> str:
    """Return a page as if its lines were not wrapped, in lower case."""
    return re.sub(r"\s+", " ", page).casefold()


def pages(report: Report) -> Iterator[str]:
    """Yield a report as it leaves in each format, by both ways to redact it."""
    redacted = REDACTION.report(report)
    data = REDACTION.data(json.loads(as_json.render(report)))
    yield json.dumps(data)
    yield json.dumps(data, ensure_ascii=False)
    for each in (redacted, report_of(data)):
        yield as_json.render(each)
        yield diagnose.render(each)
        yield markdown.render(each)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(VALUES)
@example("SECRETPACS")
@example("secret pacs of the peer")
@example("RÖNTGEN_1")
@example("the-name-of-my-site.hospital.lan")
@example("x" * 64)
def test_no_value_of_a_site_is_in_a_redacted_report(value: str) -> None:
    assert_gone(value, sites(value))


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(VALUES)
@example("SECRETPACS")
@example("secret pacs of the peer")
@example("RÖNTGEN_1")
@example("x" * 64)
def test_nor_is_it_in_services_and_transfers(value: str) -> None:
    assert_gone(value, surveyed_sites(value))


@pytest.mark.nightly
@pytest.mark.timeout(1800)
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(VALUES)
def test_nor_is_any_of_many_values(value: str) -> None:
    assert_gone(value, chain(sites(value), surveyed_sites(value)))


def assert_gone(value: str, reports: Iterable[Report]) -> None:
    found = {unwrapped(form) for form in forms(value) if len(form.strip()) >= 5}
    for report in reports:
        for page in map(unwrapped, pages(report)):
            assert [form for form in found if form in page] == []


def test_addresses_and_uids_of_a_site_are_not_either() -> None:
    for report in chain(sites("SECRETPACS"), surveyed_sites("SECRETPACS")):
        for page in pages(report):
            for value in (PEER.ip, OURS.ip, "192.168.7.", SITE_ROOT):
                assert value not in page


SHORT = st.text(string.ascii_letters + string.digits, min_size=1, max_size=4)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(SHORT)
@example("CT")
@example("a")
@example("1")
def test_a_short_value_is_at_none_of_its_places(value: str) -> None:
    for report in chain(sites(value), surveyed_sites(value)):
        redacted = REDACTION.report(report)
        target = redacted.target
        named = (target.host, target.called_ae, target.calling_ae, target.name, target.group)
        for each in (*named, target.notes, target.no_experiments):
            assert value.casefold() not in (each.casefold(), each.strip().casefold())
        for page in (diagnose.render(redacted), markdown.render(redacted)):
            assert f"{value} -> {value}" not in page
            assert f"title {value} " not in page
            assert f"@ {value}:" not in page
