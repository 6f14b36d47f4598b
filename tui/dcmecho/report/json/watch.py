"""A watch as JSON lines: the schema ``dcmecho.watch/1``.

One line per sample, one per change, and a summary at the end. ``at`` is wall-clock time;
``elapsed_s`` counts from the start of the watch, and keeps the order if that clock is set.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from dcmecho.diagnosis.conclusion.clock import utc_time
from dcmecho.diagnosis.watch.sample import MEASURED_BEFORE_ECHO
from dcmecho.diagnosis.watch.times import Figures
from dcmecho.diagnosis.watch.watch import Changed, Sampled, WatchEvent, WatchState
from dcmecho.exit_codes import ExitCode, exit_code
from dcmecho.report.json.diagnose import target_data
from dcmecho.report.json.layout import one_line
from dcmecho.report.json.values import rounded, rounded_if_known

SCHEMA = "dcmecho.watch/1"


def render_event(event: WatchEvent) -> str:
    """Return a sample or a change as one line, without the newline."""
    return one_line(_sample(event) if isinstance(event, Sampled) else _change(event))


def render_summary(
    state: WatchState, period_s: float, exit_codes: Mapping[str, ExitCode], code: ExitCode
) -> str:
    """Return the summary as one line. ``exit_codes`` are those of the last samples, by key."""
    return one_line(
        {
            "schema": SCHEMA,
            "kind": "summary",
            "at": utc_time(datetime.now(UTC)),
            "elapsed_s": rounded(state.elapsed_s),
            "period_s": period_s,
            "exit_code": int(code),
            "targets": [
                {
                    "target": target_data(each.target),
                    "vantage": each.target.vantage,
                    "status": each.last.status.value if each.last else None,
                    "exit_code": int(exit_codes[each.key]) if each.key in exit_codes else None,
                    **_figures(each.figures),
                    **{
                        stage.row.measured_as: _figures(times.figures)
                        for stage, times in each.before_echo.items()
                    },
                    "changes": each.change_count,
                }
                for each in state.watched
            ],
        }
    )


def _sample(event: Sampled) -> dict[str, Any]:
    sample = event.sample
    return {
        "schema": SCHEMA,
        "kind": "sample",
        "at": utc_time(sample.at),
        "elapsed_s": rounded(sample.elapsed_s),
        "target": event.target.name,
        "vantage": event.target.vantage,
        "status": sample.status.value,
        "stage": sample.stage.value,
        "forbidden": sample.is_forbidden,
        "title": sample.title,
        "causes": [cause.value for cause in sample.causes],
        "echo_ms": rounded_if_known(sample.echo_ms),
        **{
            f"{stage.row.measured_as}_ms": rounded_if_known(sample.before_echo_ms.get(stage))
            for stage in MEASURED_BEFORE_ECHO
        },
        "run_id": event.report.run_id,
        "exit_code": int(exit_code(event.report)),
    }


def _change(event: Changed) -> dict[str, Any]:
    change = event.change
    return {
        "schema": SCHEMA,
        "kind": "change",
        "at": utc_time(change.at),
        "elapsed_s": rounded(change.elapsed_s),
        "target": event.target.name if event.target else None,
        "vantage": event.target.vantage if event.target else "",
        "what": change.kind.value,
        "before": change.before,
        "after": change.after,
        "text": change.text,
    }


def _figures(figures: Figures) -> dict[str, float | None]:
    return {name: rounded_if_known(value) for name, value in asdict(figures).items()}
