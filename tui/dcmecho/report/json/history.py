"""The history of a target as JSON: the key ``history`` of ``dcmecho.report/1``."""

from __future__ import annotations

from typing import Any

from dcmecho.diagnosis.conclusion.clock import utc_time
from dcmecho.diagnosis.history.history import Change, History, State


def history_data(history: History) -> dict[str, Any]:
    """Return every field of a history."""
    return {
        "days": history.days,
        "last_ok": None if history.last_ok is None else utc_time(history.last_ok),
        "runs": history.runs,
        "ok": history.ok,
        "last_failure": None if history.last_failure is None else utc_time(history.last_failure),
        "failing_since": None if history.failing_since is None else utc_time(history.failing_since),
        "since": [change_data(change) for change in history.since],
        "together": [
            {"shared": each.shared, "failing": each.failing, "asked": each.asked}
            for each in history.together
        ],
        "latest": [_state_data(state) for state in history.latest],
    }


def _state_data(state: State) -> dict[str, Any]:
    return {
        "began": utc_time(state.began),
        "ended": utc_time(state.ended),
        "runs": state.runs,
        "ok": state.ok,
        "status": state.status,
        "stage": state.stage,
        "cause": state.cause,
    }


def change_data(change: Change) -> dict[str, Any]:
    """Return what changed, as it was and as it is."""
    return {"what": change.what.value, "before": change.before, "after": change.after}
