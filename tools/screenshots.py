"""Makes the pictures of the console: ``python -m tools.screenshots``.

A Pilot drives the real console over canned peers (see ``tests.console.playback``), so that a second
run writes the same bytes. The reports and the decoded PDUs are the real ones.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, tzinfo
from functools import partial
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

from dcmecho.console.history import screen as history_screen
from dcmecho.diagnosis import ladder
from dcmecho.diagnosis.events import Event, RunFinished
from dcmecho.diagnosis.listen.calls import Call
from dcmecho.diagnosis.move.verdict import judge
from dcmecho.diagnosis.network.association import Rejection
from dcmecho.diagnosis.network.connection import Address
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.services.model import ServicesResult
from dcmecho.diagnosis.target.target import Target
from dcmecho.journal import journal as journal_module
from dcmecho.journal.entry import Entry
from dcmecho.journal.journal import Journal
from dcmecho.journal.kinds import Book, Way
from dcmecho.journal.place import own_place
from dcmecho.journal.secret import FILE_NAME as SECRET
from dcmecho.profiles.book.load import load as read_book
from dcmecho.report.history.entries import diagnosis_entry
from dcmecho.standard.statuses import MOVE_STATUSES, status_words

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.console.driving import SMALL, WIDE, opened  # noqa: E402
from tests.console.listen.played_callers import CALLERS  # noqa: E402
from tests.console.playback import STARTED, PlayedEngine  # noqa: E402
from tests.console.played_peers import (  # noqa: E402
    CALLED_UNKNOWN,
    CONGESTED,
    ISSUER_UNKNOWN,
    REFUSED,
    TRUSTED,
    PlayedPeer,
)
from tests.console.watch.played_watch import PlayedWatcher  # noqa: E402
from tests.unit.services.moved import NOTHING, answered  # noqa: E402
from tests.unit.services.surveyed import surveyed  # noqa: E402

PICTURES = ROOT / "screenshots"

PROFILES = """\
[defaults]
calling_ae = "MY_WORKSTATION"

[[target]]
name = "Main PACS"
group = "Radiology"
host = "pacs.hospital.lan"
port = 104
called_ae = "TARGET_PACS"
notes = "vendor hotline: ticket number needed"

[[target]]
name = "CT 2"
group = "Radiology"
host = "192.168.1.61"
port = 104
called_ae = "CT2"
calling_ae = "PACS_ADMIN"

[[target]]
name = "MR 1"
group = "Radiology"
host = "192.168.1.64"
port = 104
called_ae = "MR1"

[[target]]
name = "Workstation Weber"
group = "Radiology"
host = "192.168.1.90"
port = 11112
called_ae = "WEBER"

[[target]]
name = "Echo cart"
group = "Cardiology"
host = "192.168.1.77"
port = 11112
called_ae = "ECHOCART"

[[target]]
name = "Cath lab archive"
group = "Cardiology"
host = "192.168.1.50"
port = 4242
called_ae = "CATHLAB"

[[target]]
name = "Teaching archive"
group = "Research"
host = "192.168.1.99"
port = 4242
called_ae = "TEACHING"

[[target]]
name = "Cloud archive"
group = "Research"
host = "pacs.hospital.lan"
port = 2762
called_ae = "CLOUD"
[target.tls]
ca_file = "hospital-ca.pem"
"""

PEERS = {
    "Main PACS": CALLED_UNKNOWN,
    "Echo cart": REFUSED,
    "Teaching archive": PlayedPeer(implementation="ORTHANC"),
    "Cloud archive": ISSUER_UNKNOWN,
}

DEVICES = """\
Device;AE title;IP address;Port;Department
Main PACS;TARGET_PACS;pacs.hospital.lan;11112;Radiology
CT 2;CT2;192.168.1.61;104;Radiology
CT 3;CT3_STORE;192.168.1.62;104;Radiology
MR 2;MR2;192.168.1.65;104;Radiology
Angio;ANGIO_1;192.168.1.63;1O4;Cardiology
Echo cart 2;ECH0CART;192.168.1.78;11112;Cardiology
"""
"""A typical device list: one device has moved, two are new, one port has a letter O."""

_TIMES_MS = (0.9, 1.1, 0.8, 1.0, 1.4, 0.9, 0.7, 1.2, 0.9, 1.0, 1.9)


def morning(name: str, elapsed_s: float) -> PlayedPeer:
    """One archive was updated and is slower since; a cart was off; a scanner was busy."""
    echo_ms = _TIMES_MS[(int(elapsed_s / 30) + len(name)) % len(_TIMES_MS)]
    match name:
        case "Main PACS" if elapsed_s > 3200:
            return PlayedPeer(implementation="OFFIS_DCMTK_369", echo_ms=echo_ms + 9)
        case "Echo cart" if 900 < elapsed_s < 2400:
            return REFUSED
        case "MR 1" if elapsed_s > 3300:
            return replace(CONGESTED, echo_ms=echo_ms)
        case _:
            return replace(TRUSTED, echo_ms=echo_ms)


MARK_ALL = ("down", "r", "down", "r", "down", "down", "r", "down", "r", "home")
"""Targets that are checked before the picture is taken."""


class Past(NamedTuple):
    """Equal checks before the picture: how the peer answered, from which of our addresses."""

    began: timedelta
    """Before the picture."""
    ended: timedelta
    checks: int
    peer: PlayedPeer
    ours: str = "192.168.1.37"


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: its name, the keys that lead to it, and the texts that it must show.

    ``peers`` behave differently for this picture only.
    """

    name: str
    keys: Sequence[str]
    shows: Sequence[str]
    size: tuple[int, int] = WIDE
    peers: Mapping[str, PlayedPeer] = field(default_factory=dict)
    callers: Sequence[Call] = ()
    services: ServicesResult = field(default_factory=surveyed)
    files: Mapping[str, str] = field(default_factory=dict)
    past: Sequence[Past] = ()
    """Checks of the first target before the picture; its first check now waits for them."""


OURS_REFUSED = replace(CALLED_UNKNOWN, callers=("PACS_ADMIN",))
"""Like dcmqrscp: the reason says called title, but the calling title is wrong."""

THEIRS_WRONG = replace(
    CALLED_UNKNOWN,
    called=("MAIN_PACS",),
    callers=("MY_WORKSTATION", "PACS_ADMIN"),
    stranger_rejection=Rejection(1, 1, 3, "calling AE title not recognised"),
)
"""Like Orthanc: the reason names the wrong title correctly."""

STUDY = "1.2.826.0.1.3680043.8.498.1"
NOT_REACHED = replace(
    NOTHING,
    order=replace(NOTHING.order, study_uid=STUDY),
    answer=replace(
        answered(0xA702, completed=0, failed=2),
        status_words=status_words(0xA702, MOVE_STATUSES),
    ),
)
"""The archive has registered this machine, but its two connection attempts failed."""

SKIP = ("s",) * 3

ADDRESS_REFUSED = replace(
    CALLED_UNKNOWN,
    called=("TARGET_PACS",),
    callers=("PACS_ADMIN",),
    stranger_rejection=Rejection(1, 1, 3, "calling AE title not recognized"),
)
"""Like Orthanc for a machine that has another address since last night."""

WORKED = PlayedPeer(implementation="OFFIS_DCMTK_367")
PAST = (
    Past(timedelta(days=26), timedelta(days=11, hours=2), 148, WORKED),
    Past(timedelta(days=11), timedelta(days=10, hours=22), 6, REFUSED),
    Past(timedelta(days=10, hours=21), timedelta(hours=15, minutes=50), 66, WORKED),
)

PICTURED = (
    Picture("console-called-title", [*MARK_ALL, "r"], ["What to do next", "A-ASSOCIATE-RJ"]),
    Picture(
        "console-tcp-failure",
        [*MARK_ALL, "r", "down", "down", "down", "down", "2"],
        ["ECONNREFUSED", "What to do next"],
    ),
    Picture("console-healthy", [*MARK_ALL, "r", "down", "2"], ["Not proven", "A-RELEASE-RP"]),
    Picture(
        "console-edit",
        [*MARK_ALL, "r", "E", "right", "space"],
        ["ends with a space"],
    ),
    Picture("console-help", [*MARK_ALL, "r", "3", "question_mark"], ["Keys in Log", "Signs"]),
    Picture(
        "console-tls",
        [*MARK_ALL, "end", "r", "2", "home", "down", "down", "down"],
        ["Seen at stage TLS", "certificate 2: CN=Hospital Issuing CA 2"],
    ),
    Picture(
        "guide-experiment",
        [*MARK_ALL, "r", "g", "enter", "enter"],
        ["Is the called AE title correct?", "Ruled out", "Tried"],
        peers={"Main PACS": THEIRS_WRONG},
    ),
    Picture(
        "guide-handover",
        [*MARK_ALL, "r", "g", "enter", *SKIP, "down", "enter"],
        ["Next: the peer's administrator", "Please check"],
        peers={"Main PACS": OURS_REFUSED},
    ),
    Picture(
        "listener",
        ["down", "down", "L", "enter"],
        ["3 calls", "they look alike", "MR 1 as MR1 from 192.168.1.64"],
        callers=CALLERS,
    ),
    Picture("all-targets", ["a", "down", "up"], ["8 targets checked: 3 failing, shown first"]),
    Picture(
        "edit-in-row",
        [*MARK_ALL, "r", "e", *"MAIN_PACS", "ctrl+t"],
        ["Called  MAIN_PACS", "C-ECHO-RSP 0x0000"],
        peers={"Main PACS": THEIRS_WRONG},
    ),
    Picture(
        "import",
        ["I", *"devices.csv", "enter"],
        ["Preview", "Press enter to write this"],
        files={"devices.csv": DEVICES},
    ),
    Picture("services", ["s", "enter", *["down"] * 14], ["all 29", "CT Image Storage"]),
    Picture(
        "retrieval",
        ["s", "m", *STUDY, "enter", "y"],
        ["C-MOVE to this machine", "Return connection: no call to"],
        services=replace(surveyed(), move=judge(NOT_REACHED)),
    ),
    Picture("watch", ["asterisk", "w"], ["What changed", "C-ECHO-RSP 0x0000"]),
    Picture(
        "history-since",
        ["r"],
        ["yesterday 18:42", "our address      192.168.1.37 -> 192.168.1.20"],
        peers={"Main PACS": ADDRESS_REFUSED},
        past=PAST,
    ),
    Picture(
        "history-states",
        ["r", "h"],
        ["221 checks, 4 states", "6 checks"],
        SMALL,
        peers={"Main PACS": ADDRESS_REFUSED},
        past=PAST,
    ),
    Picture(
        "history-handover",
        ["r", "R", "x", "m"],
        ["(redacted)", "The last states before", "148"],
        peers={"Main PACS": ADDRESS_REFUSED},
        past=PAST,
    ),
    Picture("console-80x24", [*MARK_ALL, "r", "2"], ["What to do next"], SMALL),
)


async def take(picture: Picture) -> str:
    """Drive the console to one picture, and return its SVG."""
    path = Path("profiles.toml")
    path.write_text(PROFILES, encoding="utf-8")
    for name, text in picture.files.items():
        Path(name).write_text(text, encoding="utf-8")
    engine = PlayedEngine(
        {**PEERS, **picture.peers},
        local_addresses=("192.168.1.20",),
        callers=tuple(picture.callers),
        survey_result=picture.services,
    )
    watcher = partial(PlayedWatcher, engine, morning)
    with patch("dcmecho.dicom.watch.Watcher", watcher):
        return await _taken(picture, path, engine)


def _journal(picture: Picture, path: Path) -> Journal | None:
    """Return a journal with the past of a picture, and make our key for pseudonyms a fixed one."""
    if not picture.past:
        return None
    state = own_place()
    assert state is not None, "there is a state folder"
    state.path.parent.mkdir(parents=True, exist_ok=True)
    key = state.path.with_name(SECRET)
    key.write_text("6b" * 32)
    key.chmod(0o600)
    state.path.unlink(missing_ok=True)
    book = read_book(path)
    names = frozenset(each.name for each in book.profiles)
    journal = Journal(state, Way.WATCH, sys.exit, Book(os.path.realpath(path), names))
    journal.keep(_entry(each, book.targets[0], journal) for each in picture.past)
    journal.close()
    return Journal(state, Way.CONSOLE, sys.exit)


def _entry(past: Past, target: Target, journal: Journal) -> Entry:
    reports: list[Report] = []

    def emit(event: Event) -> None:
        if isinstance(event, RunFinished):
            reports.append(event.report)

    with patch("tests.console.canned_link.OURS", Address(past.ours, 53412)):
        PlayedEngine({target.name: past.peer}).diagnose(target, emit).thread.join()
    (report,) = reports
    entry = diagnosis_entry(replace(report, started=STARTED - past.began), journal)
    ok = past.checks if entry.span.ok else 0
    return entry._replace(
        span=entry.span._replace(ended=STARTED - past.ended, runs=past.checks, ok=ok)
    )


async def _taken(picture: Picture, path: Path, engine: PlayedEngine) -> str:
    async with opened(path, engine, picture.size, journal=_journal(picture, path)) as console:
        for key in picture.keys:
            await console.press(key)
            await console.until(lambda: not console.main.session.bridge.busy)
            if picture.past and key == "r":
                await console.shows("last ok")
            if console.main.query("#editor Input"):
                await console.until(lambda: console.app.focused is not None)
        await console.shows(*picture.shows)
        return stable_svg(console.app.export_screenshot(), picture.name)


class StandingClock(datetime):
    """A fixed clock, so certificates expire in the same number of days in every picture."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        """Return the time of the first run."""
        return STARTED.astimezone(tz)


_UNIQUE_ID = re.compile(r"terminal-\d+-")
_RUN_OF_TEXT = re.compile(
    r'(?P<open><text class="[^"]*") x="(?P<x>[\d.]+)" y="(?P<y>[\d.]+)" '
    r'textLength="(?P<length>[\d.]+)"(?P<rest>[^>]*)>(?P<text>[^<]*)</text>'
)
_FONT_FACE = re.compile(r"\s*@font-face \{[^}]*\}")
_CHARACTER = re.compile(r"&[^;]+;|.", re.DOTALL)
_SPACE = "&#160;"


def stable_svg(svg: str, name: str) -> str:
    """Name the parts after the picture instead of a checksum, and do not pad text.

    Some viewers drop leading no-break spaces, and would draw such a run too far to the left. A
    picture of ours fetches no font from anywhere: what the reader has will do.
    """
    svg = _FONT_FACE.sub("", _UNIQUE_ID.sub(f"{name}-", svg))
    return _RUN_OF_TEXT.sub(_without_padding, svg)


def _without_padding(match: re.Match[str]) -> str:
    characters = _CHARACTER.findall(match["text"])
    width = float(match["length"]) / max(1, len(characters))
    first = next((i for i, each in enumerate(characters) if each != _SPACE), None)
    if first is None:
        return ""
    last = max(i for i, each in enumerate(characters) if each != _SPACE)
    kept = characters[first : last + 1]
    x, length = float(match["x"]) + first * width, len(kept) * width
    return (
        f'{match["open"]} x="{x:.1f}" y="{match["y"]}" '
        f'textLength="{length:.1f}"{match["rest"]}>{"".join(kept)}</text>'
    )


def main() -> None:
    """Write all pictures."""
    os.environ |= {"TZ": "UTC", "TERM": "xterm-256color", "COLUMNS": "120"}
    os.environ.pop("NO_COLOR", None)
    time.tzset()
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        os.environ["XDG_STATE_HOME"] = folder
        for picture in PICTURED:
            with ExitStack() as clocks:
                for module in (ladder, journal_module, history_screen):
                    clocks.enter_context(patch.object(module, "datetime", StandingClock))
                svg = asyncio.run(take(picture))
            path = PICTURES / f"{picture.name}.svg"
            path.write_text(svg, encoding="utf-8")
            print(path.relative_to(ROOT))  # noqa: T201


if __name__ == "__main__":
    main()
