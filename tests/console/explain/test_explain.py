"""Explaining what other software wrote, in the console: pasted, or from a file."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from pathlib import Path

import pytest
from textual.events import Paste

from dcmecho.console.explain.screen import ExplainScreen
from dcmecho.diagnosis.texts.explaining import Explained, explain
from tests.console.driving import PATIENCE_S, SMALL, Console, opened
from tests.console.playback import PlayedEngine

CAPTURES = Path(__file__).parents[2] / "corpora/captures"
REJECTED = """\
I: Requesting Association
F: Association Rejected:
F: Result: Rejected Permanent, Source: Service User
F: Reason: Called AE Title Not Recognized
"""
REFUSED = """\
$ echoscu -aet CT_WARD3 -aec TARGET_PACS 192.168.1.50 104
F: Association Request Failed: 0006:031c TCP Initialization Error: Connection refused
"""


async def pasted(console: Console, text: str) -> None:
    """Open the screen, and paste there."""
    await console.press("exclamation_mark")
    await console.shows("What another program wrote")
    console.app.post_message(Paste(text))


async def test_pasted_lines_are_explained(profiles: Path, engine: PlayedEngine) -> None:
    async with opened(profiles, engine) as console:
        await pasted(console, REJECTED)
        await console.shows("rejected 1/1/7", "The peer does not know called AE", "Next")
        await console.press("escape", "escape")
        await console.shows("Targets")


async def test_of_several_failures_each_can_be_chosen(profiles: Path, engine: PlayedEngine) -> None:
    Path("archive.log").write_text(REJECTED + "\n" + REFUSED, encoding="utf-8")
    async with opened(profiles, engine, SMALL) as console:
        await console.press("exclamation_mark")
        await console.type("archive.log")
        await console.press("enter")
        await console.shows("2 failures", "CT_WARD3 -> TARGET_PACS", "rejected 1/1/7")
        await console.press("end")
        await console.shows("Port 104 refuses connections", "192.168.1.50")


async def test_of_a_capture_the_failed_associations_are_told(
    profiles: Path, engine: PlayedEngine
) -> None:
    capture = next(CAPTURES.glob("209-merged.pcap*"))
    async with opened(profiles, engine) as console:
        await console.press("exclamation_mark")
        await console.type(str(capture))
        await console.press("enter")
        await console.shows("MYWS -> WRONG", "rejected 1/1/7", "ended by: server")
        await console.shows("3 failures, 2 associations without one", "A-ASSOCIATE-RJ  1/1/7")


async def test_of_an_association_in_a_capture_the_bytes_of_each_pdu_can_be_seen(
    profiles: Path, engine: PlayedEngine
) -> None:
    async with opened(profiles, engine) as console:
        await console.press("exclamation_mark")
        await console.type(str(CAPTURES / "014-rj-orthanc-wrong-called.pcap"))
        await console.press("enter")
        await console.shows("A-ASSOCIATE-RJ  1/1/7", "SYN-ACK from 10.20.2.10:4242")
        await console.press("tab", "down", "down", "down", "enter")
        await console.shows("0000  03 00 00 00 00 04 00 01  01 07", "Expand")
        await console.press("f", "f")
        await console.shows("layer tcp")


async def test_a_target_is_made_of_what_the_text_tells(
    profiles: Path, engine: PlayedEngine
) -> None:
    async with opened(profiles, engine) as console:
        await pasted(console, REFUSED)
        await console.shows("Port 104 refuses connections")
        await console.press("n")
        await console.shows("New target", "192.168.1.50", "104", "TARGET_PACS", "CT_WARD3")


async def test_a_text_that_is_not_known_says_what_to_paste(
    profiles: Path, engine: PlayedEngine
) -> None:
    async with opened(profiles, engine) as console:
        await pasted(console, "the printer is on fire\nlp0\n")
        await console.shows("▲ This text is not known", "Paste the lines")


@pytest.mark.parametrize(
    ("typed", "said"),
    [("", "Paste lines of a log, or type the path of one."), (".", "Is a directory")],
)
async def test_what_cannot_be_read_is_told(
    profiles: Path, engine: PlayedEngine, typed: str, said: str
) -> None:
    async with opened(profiles, engine) as console:
        await console.press("exclamation_mark")
        await console.type(typed)
        await console.press("enter")
        await console.shows(said)


async def test_a_long_log_leaves_the_screen_free_and_can_be_cancelled(
    profiles: Path, engine: PlayedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    goes_on = threading.Event()

    def slow(texts: Iterable[Iterable[bytes]]) -> Explained:
        assert goes_on.wait(PATIENCE_S)
        return explain(texts)

    monkeypatch.setattr("dcmecho.console.explain.source.explain", slow)
    async with opened(profiles, engine) as console:
        try:
            await pasted(console, REJECTED)
            await console.shows("Reading. Press esc to cancel.")
            await console.press("escape")
            await console.shows("Reading was cancelled.")
        finally:
            goes_on.set()
        screen = console.app.screen
        assert isinstance(screen, ExplainScreen)
        await console.idle()
        assert "rejected 1/1/7" not in console.text


async def test_the_log_of_a_capture_has_the_keys_of_a_run(
    profiles: Path, engine: PlayedEngine
) -> None:
    async with opened(profiles, engine) as console:
        await console.press("exclamation_mark")
        await console.type(str(CAPTURES / "014-rj-orthanc-wrong-called.pcap"))
        await console.press("enter")
        await console.shows("A-ASSOCIATE-RJ  1/1/7")
        await console.press("tab", "slash")
        await console.type("FIN:")
        await console.press("enter")
        await console.shows("/FIN:  2 of 6 lines")
        await console.press("escape")
        await console.shows("SYN-ACK from 10.20.2.10:4242")
        await console.press("S")
        await console.shows("Saved")
    (saved,) = Path.cwd().glob("*log*.txt")
    assert "A-ASSOCIATE-RJ  1/1/7" in saved.read_text(encoding="utf-8")
