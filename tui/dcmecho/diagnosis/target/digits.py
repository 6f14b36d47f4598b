"""Whole numbers in text that others wrote."""

MOST_DIGITS = 19
"""More than any value here has. ``int`` raises for more than 4,300."""

DIGITS = f"[0-9]{{1,{MOST_DIGITS}}}"
"""A pattern of such a number: ``\\d`` matches the digits of every script."""


def is_whole(text: str) -> bool:
    """Return whether a text is one to ``MOST_DIGITS`` ASCII digits."""
    return text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS
