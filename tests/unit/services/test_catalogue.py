"""The catalogue names existing UIDs, asks each pair once, and fits into associations."""

from __future__ import annotations

from collections import Counter

import pytest
from pydicom.uid import UID

from dcmecho.diagnosis.services.catalogue import (
    MADE_UP_SOP_CLASS,
    MADE_UP_SYNTAX,
    SopClass,
    Syntax,
    catalogue,
)
from dcmecho.diagnosis.survey.associations import MAX_ASKED
from dcmecho.diagnosis.survey.matrix import plan


@pytest.mark.parametrize("syntax", catalogue().syntaxes, ids=lambda syntax: syntax.code)
def test_a_transfer_syntax_is_one_of_the_dictionary(syntax: Syntax) -> None:
    known = UID(syntax.uid)
    assert (known.type, known.is_retired) == ("Transfer Syntax", False), known.name
    assert len(syntax.code) == 2
    assert len(syntax.short) <= 5


@pytest.mark.parametrize("sop_class", catalogue().sop_classes, ids=lambda each: each.short)
def test_a_sop_class_is_one_of_the_dictionary(sop_class: SopClass) -> None:
    known = UID(sop_class.uid)
    assert known.type in ("SOP Class", "Meta SOP Class"), known.name
    assert not known.is_retired
    assert len(sop_class.short) <= 22


def test_nothing_stands_there_twice() -> None:
    for values in (
        [each.uid for each in catalogue().sop_classes],
        [each.short for each in catalogue().sop_classes],
        [each.uid for each in catalogue().syntaxes],
        [each.code for each in catalogue().syntaxes],
    ):
        assert len(set(values)) == len(values)


@pytest.mark.parametrize("uid", [MADE_UP_SOP_CLASS, MADE_UP_SYNTAX])
def test_what_does_not_exist_is_a_valid_uid_of_nobody(uid: str) -> None:
    assert UID(uid).is_valid
    assert int(uid.removeprefix("2.25.")) < 2**128
    assert UID(uid).type == "", "the dictionary knows it"


def test_each_pair_is_asked_once() -> None:
    asked = Counter(question for batch in plan(catalogue()) for question in batch)
    wanted = {
        (each.uid, syntax.uid) for each in catalogue().sop_classes for syntax in each.syntaxes
    }
    pairs = {(question.sop_class_uid, question.syntax_uid) for question in asked}
    assert set(asked.values()) == {1}
    assert wanted <= pairs
    assert len(pairs - wanted) == 2  # what does not exist


def test_an_association_holds_as_many_contexts_as_there_are_identifiers() -> None:
    first, *others = plan(catalogue())
    assert len(first) <= 30
    assert all(len(batch) <= MAX_ASKED for batch in others)
    assert all(len(batch) == MAX_ASKED for batch in others[:-1])
