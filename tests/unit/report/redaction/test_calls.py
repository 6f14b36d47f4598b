"""A call that the listener heard, redacted: nothing of who called is left."""

from __future__ import annotations

import json

from dcmecho.diagnosis.listen.book import JudgedCall
from dcmecho.diagnosis.listen.verdict import Expectation, judge
from dcmecho.report.json.listen import call_data
from dcmecho.report.redaction.redaction import Redaction
from tests.unit.listen.calling import call, request


def test_neither_address_nor_title_of_a_caller_is_left() -> None:
    heard = call(request(calling="WARD7CT"), source="192.168.77.61")
    told = call_data(JudgedCall(heard, judge(heard, Expectation())))
    redacted = Redaction(b"x" * 32).data({"schema": "dcmecho.listen/1", "call": told})
    text = json.dumps(redacted, default=str)
    assert "192.168.77.61" not in text
    assert "WARD7CT" not in text
    assert redacted["call"]["source"]["port"] == heard.source.port


def test_a_title_that_is_a_word_of_ours_is_not_either_nor_its_bytes() -> None:
    for title in ("ECHO", "MY_WORKSTATION"):
        heard = call(request(calling=title), source="192.168.77.61")
        told = call_data(JudgedCall(heard, judge(heard, Expectation())))
        text = json.dumps(Redaction(b"x" * 32).data({"call": told}), default=str)
        assert f'"{title}"' not in text
        assert title.encode().hex(" ") not in text
