"""Rows out of the values of a JSON object."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dcmecho.diagnosis.target.fields import Field
from dcmecho.profiles.book.wording import shown
from dcmecho.profiles.exchange.formats.syntax.json_text import Member
from dcmecho.profiles.exchange.rows import Channel, ExchangeRow, row_of


def row_of_values(
    member: Member, values: Mapping[Field, Any], channel: Channel = Channel.NOT_GIVEN
) -> ExchangeRow:
    """Make a row, named by the key, of values; only text and numbers are taken."""
    texts = {key: str(each) for key, each in values.items() if _is_text_or_number(each)}
    row = row_of(member.line, {Field.NAME: member.key, **texts}, channel)
    wrong = [
        f"{key}: {shown(each)} must be {key.row.expected}"
        for key, each in values.items()
        if key not in texts
    ]
    return replace(row, problem="; ".join(filter(None, (*wrong, row.problem)))) if wrong else row


def _is_text_or_number(value: object) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool)
