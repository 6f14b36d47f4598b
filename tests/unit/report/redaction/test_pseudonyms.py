"""What of a value stays in its pseudonym: what diagnosis needs, and nothing else."""

from __future__ import annotations

import string
from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dcmecho.report.redaction.keyed import Cycle
from dcmecho.report.redaction.pseudonyms import Kind, Pseudonyms
from dcmecho.report.redaction.texts import TextRedaction
from dcmecho.report.redaction.vocabulary import own_vocabulary

PSEUDONYMS = Pseudonyms(b"k" * 32)
TEXTS = TextRedaction(PSEUDONYMS, own_vocabulary(), ())
ADDRESSES = st.one_of(
    st.ip_addresses(v=4), st.ip_addresses(v=6), st.ip_addresses(v=4, network="10.0.0.0/8")
)


@pytest.mark.parametrize("size", [1, 2, 3, 10, 26, 255, 676])
def test_each_number_has_another_next_one_and_none_is_shared(size: int) -> None:
    cycle = Cycle(b"k", "numbers", size)
    after = [cycle.after(number) for number in range(size)]
    assert sorted(after) == list(range(size))
    assert size == 1 or all(number != other for number, other in enumerate(after))


@given(st.text(string.ascii_letters + string.digits + " _-ÄöÿĀ日", max_size=64))
def test_length_capitals_and_odd_characters_of_a_title_stay(title: str) -> None:
    other = PSEUDONYMS.of(title)
    assert [each.isspace() or each in "_-" for each in title] == [
        each.isspace() or each in "_-" for each in other
    ]
    ascii_only = [(a, b) for a, b in zip(title, other, strict=True) if a.isascii()]
    assert all(a.isupper() == b.isupper() and a.isdigit() == b.isdigit() for a, b in ascii_only)
    if any(map(str.isalnum, title)):
        assert title.casefold() != other.casefold()


def test_titles_that_differ_only_in_case_or_in_spaces_stay_alike() -> None:
    assert PSEUDONYMS.of("Target_Pacs").upper() == PSEUDONYMS.of("TARGET_PACS")
    assert PSEUDONYMS.of(" PACS ").strip() == PSEUDONYMS.of("PACS")


def test_another_secret_gives_other_pseudonyms() -> None:
    assert Pseudonyms(b"x" * 32).of("TARGET_PACS") != PSEUDONYMS.of("TARGET_PACS")


def test_hosts_of_one_domain_stay_such() -> None:
    first, second = PSEUDONYMS.of("pacs.hospital.lan"), PSEUDONYMS.of("ct1.hospital.lan")
    assert first.partition(".")[2] == second.partition(".")[2] != "hospital.lan"


@settings(deadline=None)
@given(ADDRESSES)
def test_the_kind_of_an_address_stays(address: IPv4Address | IPv6Address) -> None:
    other = ip_address(PSEUDONYMS.of(str(address)))
    assert (other.version, other.is_private, other.is_global, other.is_loopback) == (
        address.version,
        address.is_private,
        address.is_global,
        address.is_loopback,
    )


@pytest.mark.parametrize(
    ("one", "same", "another"),
    [
        ("192.168.7.20", "192.168.7.37", "192.168.8.20"),
        ("8.8.8.8", "8.8.8.9", "8.8.4.8"),
        ("198.18.1.5", "198.18.1.6", "198.18.2.5"),
        ("2a02:8071:1:2::5", "2a02:8071:1:2::6", "2a02:8071:1:3::5"),
    ],
)
def test_addresses_of_one_subnet_stay_in_one(one: str, same: str, another: str) -> None:
    def subnet(address: str) -> int:
        found = ip_address(PSEUDONYMS.of(address))
        return int(found) >> (8 if found.version == 4 else 64)

    assert subnet(one) == subnet(same) != subnet(another)
    assert PSEUDONYMS.of(one) != one


@settings(deadline=None)
@given(st.ip_addresses().filter(lambda each: each.is_global))
def test_no_address_is_left_in_a_text(address: IPv4Address | IPv6Address) -> None:
    shown = f"[{address}]" if address.version == 6 else str(address)
    for text in (
        f"{shown}:104: Connection refused",
        f"connected to {shown}:104 from {address}.",
        f"the name is {address}, {address}",
        f"no route ({address}); on {address}/24",
        f"host={address}",
        f"::ffff:{address}" if address.version == 4 else f"{address}%eth7",
    ):
        assert str(address) not in TEXTS.of(text)


def test_software_that_is_the_same_everywhere_stays() -> None:
    for version in ("OFFIS_DCMTK_367", "PYNETDICOM_304", "DCMJS-DIMSE-V0.2"):
        assert PSEUDONYMS.of(version, Kind.SOFTWARE) == version
    for uid in ("1.2.276.0.7230010.3.0.3.6.7", "1.2.840.10008.1.1"):
        assert PSEUDONYMS.of(uid) == uid
    assert PSEUDONYMS.of("OFFIS_DCMTK_KLINIK", Kind.SOFTWARE) != "OFFIS_DCMTK_KLINIK"
    assert "7230010" not in PSEUDONYMS.of("1.2.276.0.7230010.3.1.4.1787205428.2345.1071048146.1")


def test_a_path_stays_only_if_our_own_texts_name_it() -> None:
    assert TEXTS.of("a name server in its /etc/resolv.conf.") == (
        "a name server in its /etc/resolv.conf."
    )
    for path in ("/etc/conf", "/etc/dicom/hosts", "../conf/hosts", "~/hosts"):
        assert path not in TEXTS.of(f"cannot read {path}: no such file")
