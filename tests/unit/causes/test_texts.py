"""The words about the causes, of a diagnosis and of what is asked beyond it.

Complete, short enough, safe to fill with anything.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cache
from importlib.resources import files
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

import dcmecho.diagnosis
from dcmecho.diagnosis.cause import Cause, CauseId, Confidence, Who
from dcmecho.diagnosis.causes.findings import FINDINGS, FindingId
from dcmecho.diagnosis.causes.texts import CAUSES
from dcmecho.diagnosis.causes.words import CauseTableError, CauseText, CauseWords
from dcmecho.diagnosis.product import Product

MAX_BRIEF_CHARACTERS = 12
MAX_TITLE_CHARACTERS = 48
MAX_FILLED_TITLE_CHARACTERS = 50
MAX_SENTENCE_WORDS = 25
TITLE_PLACEHOLDERS = {"called_ae", "calling_ae", "port", "triple"}
LONGEST_TITLE_VALUES = {
    "called_ae": "C" * 16,
    "calling_ae": "W" * 16,
    "port": "65535",
    "triple": "255/255/255",
}

HOSTILE_VALUES = (
    "{",
    "}{",
    "{}",
    "{0}",
    "{called_ae}",
    "{called_ae.__class__}",
    "{nobody_knows}",
    "[/]",
    "[bold red]PACS[/bold red]",
    "[@click=app.quit]PACS[/]",
    "%s%n",
    "\\x1b[2J",
    "x" * 5000,
)

SOURCE = files(CAUSES.package).joinpath(CAUSES.file).read_text("utf-8")

CATALOGUE: Mapping[StrEnum, CauseWords[Any]] = {
    **dict.fromkeys(CauseId, CAUSES),
    **dict.fromkeys(FindingId, FINDINGS),
}
"""Every cause, with its text and the catalog that it is in."""


def text_of(cause_id: StrEnum) -> Cause[Any]:
    """Everything that is written about a cause, its placeholders not filled."""
    catalogue = CATALOGUE[cause_id]
    values = {name: f"{{{name}}}" for name in catalogue.neutral}
    described: Cause[Any] = catalogue.describe(cause_id, Confidence.POSSIBLE, values)
    return described


def table_of(cause_id: StrEnum) -> CauseText[Any]:
    """The parts of a text, and what each is about."""
    table: CauseText[Any] = CATALOGUE[cause_id].texts[cause_id]
    return table


def described(values: dict[str, str]) -> Iterator[Cause[Any]]:
    for cause_id, catalogue in CATALOGUE.items():
        yield catalogue.describe(cause_id, Confidence.POSSIBLE, values)


def texts_of(cause: Cause[Any]) -> tuple[str, ...]:
    hints = (hint.text for hint in cause.where)
    behind = (each.text for each in cause.behind)
    return (cause.title, cause.explanation, *cause.actions, *hints, *behind, cause.reference)


def sentences_of(text: str) -> list[str]:
    """The sentences of a text; an openssl command or a quotation counts as one word."""
    plain = re.sub(r"openssl [a-z].*?(?= \(| and | both | here| must | prints )", "COMMAND", text)
    return re.split(r"(?<=[.?!])\s+", re.sub(r'"[^"]*"', "QUOTE", plain))


def placeholders_in(text: str) -> list[str]:
    return re.findall(r"{(\w+)}", text)


def test_every_cause_has_a_text_and_no_text_is_left_over() -> None:
    assert set(CAUSES.texts) == set(CauseId)
    assert set(FINDINGS.texts) == set(FindingId)
    assert len(CATALOGUE) == len(CauseId) + len(FindingId), "an id is given twice"


@pytest.mark.parametrize("cause_id", CATALOGUE)
class TestEachText:
    def test_title_fits_a_list_column(self, cause_id: StrEnum) -> None:
        text = text_of(cause_id)
        assert len(text.title) <= MAX_TITLE_CHARACTERS
        assert set(placeholders_in(text.title)) <= TITLE_PLACEHOLDERS
        filled = CATALOGUE[cause_id].describe(cause_id, Confidence.PROVEN, LONGEST_TITLE_VALUES)
        assert len(filled.title) <= MAX_FILLED_TITLE_CHARACTERS
        assert not text.title.endswith(".")

    def test_brief_fits_beside_a_name(self, cause_id: StrEnum) -> None:
        brief = table_of(cause_id).brief
        assert len(brief) <= MAX_BRIEF_CHARACTERS
        assert brief.isascii()
        assert not placeholders_in(brief)

    def test_explanation_is_one_paragraph_of_sentences(self, cause_id: StrEnum) -> None:
        explanation = text_of(cause_id).explanation
        assert "\n" not in explanation
        assert explanation.endswith(".")
        assert 20 <= len(explanation.split()) <= 85

    def test_has_a_few_next_steps(self, cause_id: StrEnum) -> None:
        actions = text_of(cause_id).actions
        assert 2 <= len(actions) <= 4
        assert len(set(actions)) == len(actions)

    def test_the_first_step_leads_to_whoever_acts(self, cause_id: StrEnum) -> None:
        """After "peer admin", no step sends the reader away to look at their own values."""
        text = text_of(cause_id)
        if text.who is not Who.YOU:
            before = r"Before you call, |.*(administrator|network team|vendor)"
            assert re.match(before, text.actions[0]), text.actions[0]

    def test_each_step_is_a_sentence(self, cause_id: StrEnum) -> None:
        for action in text_of(cause_id).actions:
            assert action[0].isupper()
            assert action.endswith((".", '."', "?", '?"'))

    def test_a_sentence_is_short_and_has_one_colon(self, cause_id: StrEnum) -> None:
        words = text_of(cause_id)
        for text in (words.explanation, *words.actions):
            for sentence in sentences_of(text):
                assert len(sentence.split()) <= MAX_SENTENCE_WORDS, sentence
                assert len(re.findall(r":(?: |$)", sentence)) <= 1, sentence

    def test_what_can_be_behind_a_symptom_fits_a_line_beside_who_acts(
        self, cause_id: StrEnum
    ) -> None:
        text = text_of(cause_id)
        if not text.is_symptom:
            return
        lines = [each.text for each in text.behind]
        assert 2 <= len(lines) == len(set(lines))
        assert max(map(len, lines)) <= MAX_TITLE_CHARACTERS
        assert all(line[0].isupper() and line[-1] not in ".,;:" for line in lines)
        assert text.behind[0].who is text.who, "the most likely comes first"

    def test_something_is_left_whatever_experiments_show(self, cause_id: StrEnum) -> None:
        table = table_of(cause_id)
        assert any(not passage.about and not passage.needs for passage in table.explanation)
        assert any(not passage.about and not passage.needs for passage in table.actions)

    def test_hints_are_fragments(self, cause_id: StrEnum) -> None:
        for hint in text_of(cause_id).where:
            assert not hint.text.endswith((".", ";"))

    def test_has_a_reference(self, cause_id: StrEnum) -> None:
        assert re.match(r"PS3\.\d|RFC \d|[a-z]+\(\d\)", text_of(cause_id).reference)

    def test_every_terminal_can_show_it(self, cause_id: StrEnum) -> None:
        for text in texts_of(text_of(cause_id)):
            assert text.isascii()
            assert text.isprintable()

    def test_names_no_real_machine(self, cause_id: StrEnum) -> None:
        words = text_of(cause_id)
        hints = (hint.text for hint in words.where)
        for text in (words.title, words.explanation, *words.actions, *hints):
            assert not re.search(r"/(home|root|work|tmp|opt|usr|Users)/|[A-Z]:\\", text)
            for address in re.findall(r"\d+(?:\.\d+){3}", text):
                assert is_example_address(address), address


def is_example_address(text: str) -> bool:
    """Loopback, or reserved for documentation (RFC 5737), or not an address at all."""
    try:
        address = ipaddress.IPv4Address(text)
    except ValueError:
        return True
    return address.is_loopback or address in ipaddress.IPv4Network("192.0.2.0/24")


@pytest.mark.parametrize("hostile", HOSTILE_VALUES, ids=range(len(HOSTILE_VALUES)))
def test_values_are_only_data(hostile: str) -> None:
    values = dict.fromkeys((*CAUSES.neutral, *FINDINGS.neutral), hostile)
    for cause in described(values):
        templates = texts_of(text_of(cause.id))
        for template, filled in zip(templates, texts_of(cause), strict=True):
            expected = hostile.join(re.split(r"{\w+}", template))
            assert filled == expected


@pytest.mark.parametrize("empty", [True, False])
def test_missing_and_empty_values_become_words(empty: bool) -> None:
    values = dict.fromkeys((*CAUSES.neutral, *FINDINGS.neutral), "") if empty else {}
    for cause in described(values):
        for filled in texts_of(cause):
            assert "{" not in filled
            assert "  " not in filled
            assert '""' not in filled


def test_an_unknown_product_gets_every_hint_and_a_recognized_one_its_own() -> None:
    def hints(*products: Product) -> list[str]:
        found = CAUSES.describe(
            CauseId.AE_CALLED_UNKNOWN, Confidence.LIKELY, {"port": "104"}, frozenset(products)
        )
        return list(map(str, found.where))

    orthanc, dcmtk, dcm4chee = hints()
    assert orthanc == 'Orthanc: "DicomAet"'
    assert dcmtk.startswith("DCMTK: AETable")
    assert dcm4chee.startswith("dcm4chee-arc: Network AE")
    assert dcm4chee.endswith("use port 104")
    assert hints(Product.DCM4CHEE_ARC) == [dcm4chee]
    assert hints(Product.ORTHANC, Product.DCMTK) == [orthanc, dcmtk]


def test_hints_of_other_products_only_are_left_out() -> None:
    """A cause with a hint for Orthanc alone has none at a dcm4chee-arc."""
    only = frozenset({Product.DCM4CHEE_ARC})
    assert CAUSES.describe(CauseId.AUTH_PER_COMMAND, Confidence.LIKELY, {}, only).where == ()


def test_a_log_is_asked_for_by_its_time() -> None:
    def asked(values: dict[str, str]) -> str:
        return CAUSES.describe(CauseId.TCP_RESET, Confidence.LIKELY, values).actions[1]

    at = {"time": "2026-11-23 10:32:05 UTC"}
    assert "a reset at 2026-11-23 10:32:05 UTC." in asked(at)
    assert "a reset at the time of this check." in asked({})


def test_unknown_values_are_ignored() -> None:
    assert CAUSES.describe(
        CauseId.TCP_REFUSED, Confidence.LIKELY, {"moon": "full", "port": "104"}
    ).title


def test_description_carries_the_exact_values_to_give() -> None:
    cause = CAUSES.describe(
        CauseId.AE_CALLING_UNKNOWN,
        Confidence.LIKELY,
        {"calling_ae": "MY_WORKSTATION", "local_address": "192.0.2.20"},
    )
    assert cause.id is CauseId.AE_CALLING_UNKNOWN
    assert cause.confidence is Confidence.LIKELY
    assert cause.who is Who.PEER
    assert cause.title == "The peer does not know calling AE MY_WORKSTATION"
    assert "AE title MY_WORKSTATION with address 192.0.2.20" in cause.actions[0]


def test_ids_that_name_a_symptom_are_known_and_the_others_are_causes() -> None:
    """Proven is only what was seen; the lines below it are never called proven."""
    symptoms = {cause_id for cause_id in CauseId if text_of(cause_id).is_symptom}
    assert symptoms == {
        CauseId.DNS_NOT_FOUND,
        CauseId.DNS_NO_ANSWER,
        CauseId.TCP_REFUSED,
        CauseId.TCP_NO_ANSWER,
        CauseId.TCP_UNREACHABLE,
        CauseId.TCP_RESET,
        CauseId.TLS_CLOSED,
        CauseId.TLS_ALERT,
        CauseId.PEER_SILENT,
        CauseId.PEER_CLOSED_ON_CONNECT,
        CauseId.PEER_CLOSED_ON_REQUEST,
        CauseId.PEER_RESET_ON_REQUEST,
        CauseId.PEER_MALFORMED,
        CauseId.ASSOC_REJECTED,
        CauseId.ASSOC_ABORTED,
        CauseId.CONTEXT_REFUSED,
        CauseId.ECHO_STATUS,
        CauseId.ECHO_NO_ANSWER,
        CauseId.ECHO_CLOSED,
    }


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('["tcp.reset"]', '["tcp.rest"]', "no such cause: tcp.rest"),
        ("from {local_address}", "from {my_address}", "{my_address} is not a placeholder"),
        ("to port {port}", "to port {port!r}", "{port} is not a placeholder"),
        ("to port {port}", "to port {}", "{} is not a placeholder"),
        ("to port {port}", "to port {port", "expected '}'"),
        ('who = "network"', 'who = "vendor"', "who must be one of you, network, peer"),
        ('who = "network"', 'whom = "network"', "no such key: whom"),
        ("orthanc = ", "orthank = ", "where: no such product: orthank; there are orthanc, dcmtk"),
        ('use port {port}"', 'use port {prot}"', "where.dcm4chee-arc: {prot} is not a placeholder"),
        ("dcmtk = ", "dcmtk = 1 #", "where.dcmtk must be a text"),
        ("who = ", 'where = "here"\nwho = ', "where must be a table of hints by product"),
        ("title =", "#", "title must be a text"),
        ("reference =", "#", "reference must be a text"),
        ('about = ["tcp.unreachable"]', 'about = ["tcp.moon"]', "no such cause: tcp.moon"),
        ('{seen}.", needs = "seen"', '.", needs = "moon"', "moon is not a placeholder"),
        ('{seen}.", needs = "seen"', '.", need = "seen"', "no such key: need"),
        ("behind = [", "behind = 1 #", "causes.toml: "),
        ('title = "', 'title = " " #', "title must be a text"),
        ("actions = [", "actions = [] #", "causes.toml: "),
    ],
)
def test_an_error_in_the_table_is_named(old: str, new: str, complaint: str) -> None:
    assert old in SOURCE
    with pytest.raises(CauseTableError) as caught:
        CAUSES.parse(SOURCE.replace(old, new, 1))
    assert complaint in str(caught.value)
    assert str(caught.value).startswith("causes.toml: ")


def test_a_cause_without_a_text_is_named() -> None:
    table = re.compile(r'^\["release\.no-answer"\].*?(?=^\["|\Z)', re.DOTALL | re.MULTILINE)
    with pytest.raises(CauseTableError, match=r"causes without a text: release\.no-answer$"):
        CAUSES.parse(table.sub("", SOURCE))


def test_a_cause_that_is_not_a_table_is_named() -> None:
    head, _, _ = SOURCE.partition('["profile.host-invalid"]')
    rest = SOURCE.partition('["profile.port-invalid"]')[2]
    source = f'"profile.host-invalid" = 1\n{head}["profile.port-invalid"]{rest}'
    with pytest.raises(CauseTableError, match=r"profile\.host-invalid must be a table"):
        CAUSES.parse(source)


def test_an_empty_list_of_steps_is_named() -> None:
    steps = re.compile(r"actions = \[.*?\n\]", re.DOTALL)
    with pytest.raises(CauseTableError, match="actions must be a list of next steps"):
        CAUSES.parse(steps.sub("actions = []", SOURCE, count=1))


DIAGNOSIS = Path(dcmecho.diagnosis.__path__[0])
ONLY_SPEAK_OF_CAUSES = frozenset(
    DIAGNOSIS / name
    for name in (
        "guide/walk.py",
        "guide/words.py",
        "experiments/connection_rules.py",
        "experiments/title_rules.py",
    )
)


@cache
def judged() -> frozenset[str]:
    """The names of all causes that the sources of some judge name."""
    judges = set(DIAGNOSIS.rglob("*.py")) - ONLY_SPEAK_OF_CAUSES
    named = (
        re.findall(r"\b(?:Cause|Finding)Id\.(\w+)", path.read_text("utf-8")) for path in judges
    )
    return frozenset(chain.from_iterable(named))


def test_modules_that_only_mention_causes_exist() -> None:
    assert [path for path in ONLY_SPEAK_OF_CAUSES if not path.exists()] == []


@pytest.mark.parametrize("cause_id", CATALOGUE)
def test_a_judge_can_give_it(cause_id: StrEnum) -> None:
    assert cause_id.name in judged(), (
        f"no rule gives {cause_id}: add one to the reasoning, or to the judge of its service"
    )
