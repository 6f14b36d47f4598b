"""Reads causes and findings of ``dcmecho.report/1`` back."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypeVar

from dcmecho.diagnosis.cause import Behind, Cause, Confidence, Who
from dcmecho.diagnosis.product import Hint, Product

_Id = TypeVar("_Id", bound=StrEnum)

_WHO = {each.value: each for each in Who}
_PRODUCTS = {each.value: each for each in Product}


def cause_of(data: Mapping[str, Any], cause_id: _Id) -> Cause[_Id]:
    """Return the cause with its words. Raises what foreign data raises (``read_whole``)."""
    return Cause(
        cause_id,
        Confidence(data["confidence"]),
        data["title"],
        data["explanation"],
        _WHO[data["who"]],
        tuple(data["actions"]),
        data["reference"],
        tuple(Hint(_PRODUCTS[product], text) for product, text in data["where"].items()),
        tuple(Behind(_WHO[each["who"]], each["text"]) for each in data.get("behind", ())),
    )
