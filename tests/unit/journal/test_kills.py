"""``kill -9`` at any moment: the journal opens, and has all that it said it keeps."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from dcmecho.exit_codes import ExitCode
from tests.unit.journal.journals import data_of, fails, works

_WRITERS = 10
_AN_HOUR_S = 3600

WRITER = """
import json, os, random, select, signal, sys, time, traceback
from datetime import UTC, datetime, timedelta
from pathlib import Path
from dcmecho.diagnosis.target.target import Target
from dcmecho.journal.entry import Entry, Span, one_run
from dcmecho.journal.journal import Journal
from dcmecho.journal.kinds import NO_BOOK, Kind, Way
from dcmecho.journal.place import Place

path, number, began, kills, by, *bodies = sys.argv[1:]
began = datetime.fromtimestamp(int(began), UTC)
bodies = [json.loads(each) for each in bodies]
target = Target("127.0.0.1", 1000 + int(number), "PACS", "ME", name=number)
chance = random.Random(number)

def entry(n):
    body = bodies[n % 3 > 0]
    span = one_run(body)
    span = span._replace(began=began + timedelta(milliseconds=n))
    return Entry(target, NO_BOOK, Kind.DIAGNOSIS, Way.CHECK, body, span)

def write(n, say):
    journal = Journal(Place(Path(path)), Way.CHECK, lambda text: None)
    while True:
        if journal.history(target, bodies[0]) and n % 7 == 0:
            journal.close()
        if journal.keep([entry(n)]):
            os.write(say, b"%d\\n" % n)
        n += 1

def killed(n):
    hear, say = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            write(n, say)
        except KeyboardInterrupt:
            os._exit(0)
        except BaseException:
            os.write(say, traceback.format_exc().encode())
            os._exit(1)
    os.close(say)
    said = b""
    for _ in range(chance.randrange(5)):
        if select.select([hear], [], [], 5)[0]:
            said += os.read(hear, 65536)
    until = time.perf_counter() + chance.random() * 0.004
    while time.perf_counter() < until:
        pass
    # SQLite's callbacks swallow an interrupt: whoever presses Ctrl-C presses it again.
    while os.waitpid(child, os.WNOHANG)[0] == 0:
        os.kill(child, int(by))
        select.select([], [], [], 0.01)
    while more := os.read(hear, 65536):
        said += more
    os.close(hear)
    return said.decode()

for kill in range(int(kills)):
    sys.stdout.write(killed(kill * 10_000))
"""


def kept_after(
    path: Path, kills: int, by: signal.Signals
) -> tuple[set[tuple[str, int]], set[tuple[str, int]]]:
    """Kill each of ten writers so often; return what they were told is kept, and what is kept."""
    first = int(time.time()) - _AN_HOUR_S
    bodies = [json.dumps(data_of(each)) for each in (fails(), works())]
    writers = [
        subprocess.Popen(
            [
                *(sys.executable, "-c", WRITER, str(path), str(number), str(first), str(kills)),
                *(str(by.value), *bodies),
            ],
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(_WRITERS)
    ]
    told: set[tuple[str, int]] = set()
    for number, writer in enumerate(writers):
        out, _ = writer.communicate()
        assert writer.returncode == 0
        told |= {(str(number), int(line)) for line in out.splitlines()}
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        began = connection.execute(
            "SELECT name, began FROM span JOIN target ON target.id = span.target"
        )
        kept = {(name, at_ms - first * 1000) for name, at_ms in began}
    return told, kept


def check_kills(path: Path, kills: int, by: signal.Signals = signal.SIGKILL) -> None:
    """Kill, compare, and check that a run on this journal is as it ever is."""
    told, kept = kept_after(path, kills, by)
    assert told <= kept
    assert len({number for number, _ in told}) == _WRITERS
    assert not [each.name for each in path.parent.iterdir() if "damaged" in each.name]
    command = [sys.executable, "-m", "dcmecho", "127.0.0.1", "1", "--history", str(path)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (ExitCode.TCP, "")


def test_a_few_kills(tmp_path: Path) -> None:
    check_kills(tmp_path / "history.db", 4)


@pytest.mark.nightly
@pytest.mark.timeout(900)
def test_a_thousand_kills(tmp_path: Path) -> None:
    check_kills(tmp_path / "history.db", 100)


@pytest.mark.nightly
@pytest.mark.timeout(900)
def test_commands_that_are_killed(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    command = [sys.executable, "-m", "dcmecho", "127.0.0.1", "1", "--history", str(path)]
    for _ in range(10):
        running = [
            subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            for _ in range(_WRITERS)
        ]
        for each in running:
            assert each.stdout is not None
            each.stdout.readline()
            each.kill()
            each.communicate()
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (ExitCode.TCP, "")


def test_an_interrupt_in_the_middle_of_a_write_loses_nothing_either(tmp_path: Path) -> None:
    check_kills(tmp_path / "history.db", 1, signal.SIGINT)
