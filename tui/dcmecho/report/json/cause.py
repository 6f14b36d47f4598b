"""A cause as JSON, of a diagnosis or of a further service."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from dcmecho.diagnosis.cause import Cause


def cause_data(cause: Cause[StrEnum]) -> dict[str, Any]:
    """Return every field of a cause."""
    return {
        "id": cause.id.value,
        "confidence": cause.confidence.value,
        "title": cause.title,
        "explanation": cause.explanation,
        "who": cause.who.value,
        "actions": list(cause.actions),
        "behind": [{"who": each.who.value, "text": each.text} for each in cause.behind],
        "where": {hint.product.value: hint.text for hint in cause.where},
        "reference": cause.reference,
    }
