"""Earlier checks as a table: a line for each, newest first, the day above them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dcmecho.diagnosis.conclusion.clock import day_and_zone, time_of_day
from dcmecho.journal.listing import Kept


def history_table(runs: Iterable[Kept]) -> Iterator[str]:
    """Yield a line for each of the runs, newest first, the day above them; plain text."""
    day = ""
    for each in runs:
        if day != (day := day_and_zone(each.began)):
            yield day
        until = f"-{time_of_day(each.ended)}" if each.runs > 1 else ""
        times = f"{time_of_day(each.began)}{until}"
        echo = "" if each.echo_ms is None else f"{each.echo_ms:.1f} ms"
        counted = "" if each.runs <= 1 else f"{each.ok} of {each.runs} ok"
        name, state = each.name or "(no name)", each.kind.words or each.status.upper()
        line = f"  {times:17}  {name:24}  {state:8}  {each.cause or counted:28}  {echo:>9}"
        yield f"{line}  {each.way}"
