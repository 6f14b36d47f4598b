"""Exported targets can be imported unchanged, in each format, for any names and titles."""

from __future__ import annotations

import ipaddress
import string
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dcmecho.diagnosis.target.target import DEFAULT_CALLING_AE, Target
from dcmecho.diagnosis.target.tls import TlsSettings
from dcmecho.profiles.book.load import load
from dcmecho.profiles.exchange.applying import apply_plan
from dcmecho.profiles.exchange.formats.known import detect, read_text, write_text
from dcmecho.profiles.exchange.planning import Action, plan
from dcmecho.profiles.exchange.rows import ExchangeFormat
from tests.unit.exchange.texts import EMPTY

NAMELESS = [ExchangeFormat.COMMAND, ExchangeFormat.CONQUEST]
CARRIES_NAMES = [form for form in ExchangeFormat if form not in NAMELESS]
CARRIES_TLS = [
    *(
        ExchangeFormat.ORTHANC,
        ExchangeFormat.COMPOSE,
        ExchangeFormat.MERCURE,
        ExchangeFormat.HOROS,
        ExchangeFormat.CSV,
        ExchangeFormat.LDIF,
        ExchangeFormat.COMMAND,
        ExchangeFormat.TOML,
    ),
]
CARRIES_CALLING = [
    ExchangeFormat.ORTHANC,
    ExchangeFormat.COMPOSE,
    ExchangeFormat.MERCURE,
    ExchangeFormat.CSV,
    ExchangeFormat.COMMAND,
    ExchangeFormat.TOML,
]

TITLE_CHARACTERS = string.ascii_letters + string.digits + "_-. @:;#'\"(),=/+"
NAME_CHARACTERS = string.ascii_letters + string.digits + "_-. äöéß東:;@'/\\&+=<>{}[]!%"

QUOTES = frozenset("'()#,\"")
"""Characters that symbolic names of a dcmqrscp.cfg cannot have."""

titles = st.text(TITLE_CHARACTERS, min_size=1, max_size=16).filter(
    lambda text: text == text.strip() and text != "ANY-SCP"
)
names = st.text(NAME_CHARACTERS, min_size=1, max_size=24).filter(lambda t: t == t.strip())
host_names = st.from_regex(r"[a-z][a-z0-9]{0,10}(\.[a-z][a-z0-9]{0,5}){0,2}", fullmatch=True)
addresses = st.integers(0x0A000001, 0x0AFFFFFE).map(lambda n: str(ipaddress.IPv4Address(n)))
addresses6 = st.integers(1, 2**64).map(lambda n: str(ipaddress.IPv6Address((0xFD << 120) + n)))
targets = st.builds(
    Target,
    name=names,
    host=st.one_of(host_names, addresses, addresses6),
    port=st.integers(1, 65535),
    called_ae=titles,
    calling_ae=titles,
    tls=st.sampled_from([None, TlsSettings()]),
)
lists = st.lists(targets, min_size=1, max_size=6, unique_by=lambda target: target.name)


def brought_back(listed: Sequence[Target], form: ExchangeFormat, path: Path) -> tuple[Target, ...]:
    """Export, import into a new file, and read that file."""
    path.unlink(missing_ok=True)
    text = write_text(listed, form).text
    apply_plan(path, plan(EMPTY, read_text(text, form).rows))
    return load(path).targets


def calling_ae(target: Target, form: ExchangeFormat) -> str:
    if (
        form in (ExchangeFormat.ORTHANC, ExchangeFormat.COMPOSE)
        and target.calling_ae == target.called_ae
    ):
        return DEFAULT_CALLING_AE
    return target.calling_ae if form in CARRIES_CALLING else ""


def wire_values(target: Target, form: ExchangeFormat) -> tuple[object, ...]:
    return (
        target.host,
        target.port,
        target.called_ae,
        target.name if form in CARRIES_NAMES else "",
        calling_ae(target, form),
        target.tls is not None if form in CARRIES_TLS else "",
    )


@pytest.mark.slow
@pytest.mark.parametrize("form", ExchangeFormat)
@settings(max_examples=40)
@given(listed=lists)
def test_targets_come_back(form: ExchangeFormat, listed: list[Target], tmp_path: Path) -> None:
    assume(
        form is not ExchangeFormat.DCMQRSCP or not any(QUOTES & set(each.name) for each in listed)
    )
    refused = write_text(listed, form).refused
    kept = [target for target in listed if target.name not in refused]
    back = brought_back(listed, form, tmp_path / "profiles.toml") if kept else ()
    if form in NAMELESS:
        assert {wire_values(each, form) for each in back} == {wire_values(t, form) for t in kept}
    else:
        assert [wire_values(each, form) for each in back] == [wire_values(t, form) for t in kept]


@pytest.mark.slow
@pytest.mark.parametrize("form", ExchangeFormat)
@settings(max_examples=20)
@given(listed=lists)
def test_an_export_changes_nothing_where_it_came_from(
    form: ExchangeFormat, listed: list[Target], tmp_path: Path
) -> None:
    path = tmp_path / "profiles.toml"
    brought_back(listed, ExchangeFormat.TOML, path)
    book = load(path)
    written = write_text(book.targets, form)
    if len(written.refused) == len(book.targets):
        return
    planned = plan(book, read_text(written.text, form).rows)
    assert {row.action for row in planned.rows} == {Action.EQUAL}, planned.counts


@pytest.mark.parametrize("form", ExchangeFormat)
def test_an_export_is_recognised(form: ExchangeFormat) -> None:
    target = Target(host="h.lan", port=104, called_ae="MAIN", calling_ae="WS", name="Main")
    assert detect(write_text([target], form).text) is form


def test_what_a_format_cannot_hold_is_left_out_by_name() -> None:
    odd = Target(host="h", port=104, called_ae="A B", calling_ae="WS", name="Odd")
    fine = Target(host="h", port=104, called_ae="AB", calling_ae="WS", name="Fine")
    written = write_text([odd, fine], ExchangeFormat.DCMQRSCP)
    assert written.text == "HostTable BEGIN\nFine = (AB, h, 104)\nHostTable END\n"
    assert list(written.refused) == ["Odd"]


def test_names_that_a_format_cannot_hold_are_written_without_what_is_odd() -> None:
    one = Target(host="h", port=104, called_ae="A", calling_ae="WS", name="Room (1)")
    two = Target(host="h", port=105, called_ae="B", calling_ae="WS", name="Room '1'")
    lines = write_text([one, two], ExchangeFormat.DCMQRSCP).text.splitlines()[1:-1]
    assert lines == ['"Room _1_" = (A, h, 104)', '"Room _1__2" = (B, h, 105)']
