"""The files about other software are whole, and a mistake in one is named."""

from __future__ import annotations

import pytest

from dcmecho.diagnosis.texts.knowledge import KnowledgeError, Message, known_software, parse
from dcmecho.diagnosis.texts.template import TemplateError, compiled

MESSAGES = [each for software in known_software() for each in software.messages]


def test_every_software_is_read() -> None:
    assert "DCMTK" in {each.name for each in known_software()}


@pytest.mark.parametrize("message", MESSAGES, ids=lambda each: each.texts[0][:60])
def test_a_message_says_something_and_where_it_was_seen(message: Message) -> None:
    assert message.is_failure or message.tells
    assert message.seen
    assert all(compiled(text).pattern for text in message.texts)
    assert not message.is_proof or message.is_failure


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ('text = "Peer gone"', "needs a text, and tells"),
        ('text = "{nonsense} gone"\ntells = "ended"', "{nonsense} is no field"),
        ('text = "{called}"\ntells = "ended"', "needs a word"),
        ('text = "a { b"\ntells = "ended"', "brace"),
        ('text = "Peer gone"\ncauses = ["tcp.gone"]', "no such cause: tcp.gone"),
        ('text = "Peer gone"\ntells = "gone"', "'gone' is not a valid Tells"),
        ('text = "Peer gone"\ntells = "ended"\nrank = 9', "rank 9"),
        ('text = "Peer gone"\ntells = "ended"\nmeans = 1', "no such key: means"),
    ],
)
def test_a_mistake_is_named(given: str, fault: str) -> None:
    with pytest.raises(KnowledgeError) as raised:
        parse("peer.toml", f'name = "Peer"\n[[message]]\n{given}\n')
    assert fault in str(raised.value)
    assert "peer.toml" in str(raised.value)


@pytest.mark.parametrize(
    ("template", "line", "values"),
    [
        (
            "Unrecognized PDU type: {pdu_hex}",
            "E: 0006:0321 unrecognized  PDU type: 48",
            {"pdu_hex": "48"},
        ),
        ("{calling}->{called}({association})", "[x] MY CT->PACS(12) << A", {"association": "12"}),
        ("({*}:{calling} -> {called})", "(localhost:CT 1 -> PACS)", {"calling": "CT 1"}),
        ("Called: {called}", "Called: MAIN_PACS, and more", {"called": "MAIN_PACS"}),
    ],
)
def test_a_template_finds_its_values(template: str, line: str, values: dict[str, str]) -> None:
    found = compiled(template).search(line)
    assert found is not None
    assert found.groupdict().items() >= values.items()


def test_an_empty_template_is_refused() -> None:
    with pytest.raises(TemplateError):
        compiled("  ")
