"""Typing errors that only show in comparison with the other targets of the file."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dcmecho.diagnosis.target.fields import Field
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.target.validation import check_target
from dcmecho.diagnosis.target.value_checks import Severity
from dcmecho.profiles.lint import Neighbours, lint

PACS = Target(
    host="pacs.hospital.lan",
    port=104,
    called_ae="MAIN_PACS",
    calling_ae="WORKSTATION_1",
    name="Main PACS",
)
NEW = replace(PACS, name="New", host="10.0.0.9", called_ae="CT_SCANNER")


def messages(target: Target, *others: Target, field: Field | None = None) -> list[str]:
    found = lint(target, Neighbours.of(others), itself="")
    return [each.message for each in found if field in (None, each.field)]


def test_an_ordinary_target_has_no_complaint() -> None:
    assert messages(NEW, PACS) == []


@pytest.mark.parametrize(
    ("title", "difference"),
    [
        ("MAIN-PACS", "character 5 is a hyphen here and an underscore there"),
        ("MA1N_PACS", "character 3 is the digit 1 here and the letter I there"),
        ("MAlN_PACS", "character 3 is the letter L here and the letter I there"),
        ("MAIN PACS", "character 5 is a space here and an underscore there"),
        ("Main_Pacs", "check upper and lower case"),
    ],
)
def test_a_title_that_reads_like_that_of_another_target_is_named(
    title: str, difference: str
) -> None:
    found = messages(replace(NEW, called_ae=title), PACS, field=Field.CALLED_AE)
    assert f"looks like MAIN_PACS of Main PACS: {difference}" in found


def test_zero_and_the_letter_o_are_told_apart() -> None:
    other = replace(PACS, called_ae="ROOM_O")
    found = messages(replace(NEW, called_ae="ROOM_0"), other)
    assert found == [
        "looks like ROOM_O of Main PACS: character 6 is the digit 0 here and the letter O there"
    ]


def test_a_capital_l_is_not_taken_for_a_one() -> None:
    assert messages(replace(NEW, called_ae="CT_1"), replace(PACS, called_ae="CT_L")) == []


def test_the_title_that_most_targets_use_is_not_the_suspect() -> None:
    right = [replace(PACS, name=f"CT {n}", host=f"ct{n}", called_ae=f"CT_{n}") for n in range(5)]
    wrong = replace(NEW, calling_ae="W0RKSTATION_1")
    others = Neighbours.of([*right, wrong])
    assert [each.field for each in lint(wrong, others)] == [Field.CALLING_AE]
    assert lint(right[0], others) == ()


def test_a_target_is_not_compared_with_itself() -> None:
    assert lint(PACS, Neighbours.of([PACS])) == ()


def test_a_renamed_target_is_not_compared_with_what_it_was() -> None:
    edited = replace(PACS, name="Archive", called_ae="MAIN-PACS")
    assert lint(edited, Neighbours.of([PACS]), itself="Main PACS") == ()


def test_the_same_peer_twice_names_the_other_target() -> None:
    twice = replace(PACS, name="New", host="PACS.hospital.lan.", calling_ae="WORKSTATION_2")
    assert messages(twice, PACS, field=Field.HOST) == [
        "MAIN_PACS@PACS.hospital.lan.:104 is already listed as Main PACS"
    ]


def test_another_port_is_another_peer() -> None:
    assert messages(replace(PACS, name="New", port=11112), PACS) == []


@pytest.mark.parametrize(
    ("called", "expected"),
    [
        (
            "WORKSTATION_1",
            "is also your calling AE title; check that the peer really has this title. Some"
            " servers reject a caller that has their own",
        ),
        (
            "WORKSTATION-1",
            "looks like your title WORKSTATION_1: "
            "character 12 is a hyphen here and an underscore there",
        ),
    ],
)
def test_our_own_title_in_place_of_theirs(called: str, expected: str) -> None:
    assert messages(replace(NEW, called_ae=called)) == [expected]


@pytest.mark.parametrize("port", [22, 80, 443, 2575, 3389, 8042])
def test_the_port_of_another_protocol(port: int) -> None:
    (found,) = lint(replace(NEW, port=port), Neighbours.of([]))
    assert (found.field, found.severity) == (Field.PORT, Severity.WARNING)


@pytest.mark.parametrize("port", [104, 4242, 11112])
def test_the_ports_of_dicom_are_fine(port: int) -> None:
    assert messages(replace(NEW, port=port)) == []


def test_lower_case_is_worth_a_look() -> None:
    assert messages(replace(NEW, called_ae="pacs")) == [
        "has lower-case letters; check it, because case counts for many peers"
    ]


def test_what_cannot_work_comes_first_and_is_said_once() -> None:
    broken = replace(NEW, port=70000, called_ae="A" * 17, host="")
    assert lint(broken, Neighbours.of([PACS])) == check_target(broken)


def test_titles_that_are_no_ascii_resemble_nothing() -> None:
    odd = replace(NEW, called_ae="STRAßE")
    assert lint(odd, Neighbours.of([replace(PACS, called_ae="STRASSE")])) == check_target(odd)


def test_what_another_file_says_is_printable() -> None:
    other = replace(PACS, name="Main\x1b[31m")
    found = messages(replace(NEW, called_ae="MAIN-PACS"), other)
    assert found
    assert all(text.isprintable() for text in found)
