"""The history of 5,000 targets and 1,000,000 rows: bytes, and how long it takes to read.

Run: ``python benchmarks/history_scale.py [TARGETS] [ROWS]``. Fills a history with checks every five
minutes, and prints bytes a row, and medians of the first history of a process and of the commands,
without the start of these. Then projects ``check --all`` of 300 targets every 5 minutes to 90 days,
and a watch of 300 targets every 5 s to 30 days. No pass or fail.
"""

from __future__ import annotations

import copy
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from support.peers import storescp

from dcmecho.diagnosis.conclusion.clock import utc_time
from dcmecho.diagnosis.target.target import Target
from dcmecho.journal.connection import connected, ready, writing
from dcmecho.journal.entry import Entry, one_run
from dcmecho.journal.journal import Journal
from dcmecho.journal.kinds import NO_BOOK, Kind, Way
from dcmecho.journal.place import Place
from dcmecho.journal.summaries import Summaries
from dcmecho.journal.times import milliseconds

_TARGETS, _ROWS = 5000, 1_000_000
_SITE = 300
_EVERY_MS = 300_000
_TIMES = 15

_ROWS_OF_ONE = """
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
INSERT INTO span (target, report, began, ended, runs, ok, is_change, way, tcp, tls, association,
    echo, tcp_95, tls_95, association_95, echo_95)
SELECT target, report, began - n.i * ?, ended - n.i * ?, runs, ok, 0, way, tcp, tls, association,
    echo, tcp_95, tls_95, association_95, echo_95
FROM span, n WHERE span.target = ? AND n.i % 50 > 0
"""

Body = Mapping[str, Any]


def main() -> None:
    """Measure and print."""
    targets = int(sys.argv[1]) if len(sys.argv) > 1 else _TARGETS
    rows = int(sys.argv[2]) if len(sys.argv) > 2 else _ROWS
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory() as name, storescp(Path(name)) as port:
        green, failing = _report(port), _report(1)
        place = Place(Path(name, "history.db"))
        _fill(place, green, targets, rows)
        size = place.path.stat().st_size
        sys.stdout.write(f"{targets} targets, {rows} rows: {size / rows:.0f} bytes a row\n")
        _print_times(place, failing, targets)
        _project(size / rows, Path(name), green)


def _report(port: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "dcmecho", "--json", "--no-history", "127.0.0.1", str(port)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _target(number: int) -> Target:
    host = f"10.{number // 62500}.{number // 250 % 250}.{number % 250 + 1}"
    return Target(host, 104, f"PACS{number}", "DCMECHO", name=f"Target {number}")


def _entry(target: Target, report: Body, at: datetime) -> Entry:
    body = copy.deepcopy({**report, "started": utc_time(at)})
    body["target"] |= {"host": target.host, "called_ae": target.called_ae, "name": target.name}
    return Entry(target, NO_BOOK, Kind.DIAGNOSIS, Way.CHECK, body, one_run(body))


def _fill(place: Place, green: Body, targets: int, rows: int) -> None:
    now = datetime.now(UTC) - timedelta(seconds=1)
    journal = Journal(place, Way.CHECK, sys.exit)
    journal.keep(_entry(_target(number), green, now) for number in range(targets))
    journal.close()
    with closing(connected(ready(place, make=False))) as connection:
        with writing(connection):
            for (id,) in connection.execute("SELECT id FROM target").fetchall():
                of_one = (rows * 50 // 49 // targets, _EVERY_MS, _EVERY_MS, id)
                connection.execute(_ROWS_OF_ONE, of_one)
            # A round is done: what is measured is reading.
            connection.execute("UPDATE tidied SET at = ?", (milliseconds(now),))
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _print_times(place: Place, failing: Body, targets: int) -> None:
    entry = _entry(_target(targets // 2), failing, datetime.now(UTC))

    def first() -> None:
        journal = Journal(place, Way.CHECK, sys.exit)
        journal.history(entry.target, entry.body)
        journal.close()

    _line("a failed run reads its history", _median_ms(first))
    command = [sys.executable, "-m", "dcmecho"]
    name, file = entry.target.name, ("--history", str(place.path))
    hour_ago = f"{datetime.now(UTC) - timedelta(hours=1):%Y-%m-%dT%H:%MZ}"
    nothing = _command_ms([*command, "history", "--help"])
    _line("dcmecho history NAME", _command_ms([*command, "history", name, *file]) - nothing)
    one, other = f"{name}@last-ok", f"{name}@{hour_ago}"
    compared = [*command, "compare", one, other, *file]
    _line("dcmecho compare A B", _command_ms(compared) - nothing)


def _line(words: str, took_ms: float) -> None:
    sys.stdout.write(f"{words:34}{took_ms:7.1f} ms\n")


def _median_ms(action: Callable[[], object]) -> float:
    return statistics.median(_ms(action) for _ in range(_TIMES))


def _ms(action: Callable[[], object]) -> float:
    began = time.perf_counter()
    action()
    return (time.perf_counter() - began) * 1000


def _command_ms(command: Sequence[str]) -> float:
    subprocess.run(command, capture_output=True, check=True)
    return _median_ms(lambda: subprocess.run(command, capture_output=True, check=True))


def _project(bytes_a_row: float, folder: Path, green: Body) -> None:
    """A week has a row every five minutes, what is older one every hour."""
    week, hours_a_day = 7 * 24 * 12, 24
    site = [_target(number) for number in range(_SITE)]
    for words, days in (("check --all every 5 min, 90 days", 90), ("a watch, 30 days", 30)):
        rows = _SITE * (week + (days - 7) * hours_a_day)
        sys.stdout.write(f"{words}: {rows} rows, {rows * bytes_a_row / 1e6:.0f} MB\n")
    now, place = datetime.now(UTC), Place(folder / "site.db")
    journal = Journal(place, Way.CHECK, sys.exit)
    entries = [_entry(each, green, now) for each in site]
    journal.keep(entries)
    _line(f"check --all keeps {_SITE} reports in", _median_ms(lambda: journal.keep(entries)))
    began = time.process_time()
    _watch(journal, entries, timedelta(minutes=10), now)
    cpu = (time.process_time() - began) / 600
    journal.close()
    sys.stdout.write(f"a watch of {_SITE} every 5 s keeps them with {100 * cpu:.2f} % of a core\n")


def _watch(journal: Journal, entries: Sequence[Entry], lasts: timedelta, now: datetime) -> None:
    summaries, every = Summaries(), timedelta(seconds=5)
    for sample in range(lasts // every):
        for number, entry in enumerate(entries):
            started = utc_time(now + sample * every)
            body = {**entry.body, "started": started}
            for each in [*summaries.add(str(number), entry.target, body)]:
                journal.keep([entry._replace(way=Way.WATCH, body=each.body, span=each.span)])


if __name__ == "__main__":
    main()
