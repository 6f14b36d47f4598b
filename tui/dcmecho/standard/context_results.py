"""The answers to one proposed presentation context (PS3.8 9.3.3.2)."""

from __future__ import annotations

from dcmecho.standard.worded import WordedNumber


class ContextResult(WordedNumber):
    """The result of a presentation context."""

    ACCEPTANCE = 0, "accepted"
    USER_REJECTION = 1, "user rejection"
    NO_REASON = 2, "no reason", "no reason given"
    ABSTRACT_SYNTAX_NOT_SUPPORTED = 3, "abstract syntax not supported", "SOP class not supported"
    TRANSFER_SYNTAXES_NOT_SUPPORTED = (
        4,
        "transfer syntaxes not supported",
        "transfer syntax not supported",
    )


def refusal_words(result: int | None) -> str:
    """Return how a context was refused, as a participle; ``None``: the answer leaves it out."""
    return "left unanswered" if result is None else f"refused with result {result}"
