"""``L``: who calls us, seen on the screen, with real calls."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from dcmecho.console.listen.form import ListenForm
from dcmecho.journal.journal import Journal
from dcmecho.journal.kinds import Way
from dcmecho.journal.place import Place
from tests.console.driving import SMALL, WIDE, Console, opened
from tests.console.playback import PlayedEngine
from tests.network.listen.raw_client import (
    PATIENCE_S,
    RELEASE_RQ,
    associate,
    associate_rq,
    echo,
    receive_pdu,
)
from tests.network.peers.real_peers import unused_port

TITLE = "MY_WORKSTATION"


def verify(port: int, called: bytes = TITLE.encode(), calling: bytes = b"CT2") -> None:
    """Call as a scanner's Verify does, with any title."""
    request = associate_rq()
    titles = called.ljust(16) + calling.ljust(16)
    with socket.create_connection(("127.0.0.1", port), PATIENCE_S) as connection:
        associate(connection, request[:10] + titles + request[42:])
        assert echo(connection)[0x0900] == 0
        connection.sendall(RELEASE_RQ)
        receive_pdu(connection)


@asynccontextmanager
async def form(
    profiles: Path, engine: PlayedEngine, port: str, size: tuple[int, int] = WIDE
) -> AsyncIterator[Console]:
    """Open the form, type a port, and expect anybody."""
    async with opened(profiles, engine, size) as console:
        await console.press("L")
        await console.shows("Who calls you?", "Caller        Main PACS")
        await console.press("shift+tab", "ctrl+u")
        await console.press("tab", "tab", *["backspace"] * 5)
        await console.type(port)
        yield console


@asynccontextmanager
async def listening(
    profiles: Path, engine: PlayedEngine, size: tuple[int, int] = WIDE
) -> AsyncIterator[tuple[Console, int]]:
    """Listen on a port that nobody uses."""
    port = unused_port()
    async with form(profiles, engine, str(port), size) as console:
        await console.press("enter")
        await console.shows(f"Listening on 127.0.0.1:{port} as {TITLE}, 10 min left")
        yield console, port


async def call(port: int, called: bytes = TITLE.encode(), calling: bytes = b"CT2") -> None:
    await asyncio.to_thread(verify, port, called, calling)


@pytest.mark.parametrize("size", [WIDE, SMALL], ids=str)
async def test_a_call_is_shown_with_its_verdict_and_in_full(
    profiles: Path, engine: PlayedEngine, size: tuple[int, int]
) -> None:
    async with listening(profiles, engine, size) as (console, port):
        await console.shows("No call has arrived yet", "which only this machine can call")
        await console.shows("Expected (e changes):  any caller")
        line = console.line("The peer needs")
        assert f"AE title {TITLE}  address 127.0.0.1  port {port}" in line
        await call(port)
        await console.shows("1 call, a caller reached you", "✔", f"CT2 -> {TITLE}")
        await console.shows("127.0.0.1 reached you: C-ECHO answered with success")
        await console.shows("Calling title    CT2", "Maximum PDU      16384 bytes")


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("b", "b does nothing here. Press ? for the keys."),
        ("enter", "Something is running."),
        ("S", "There is no result yet."),
    ],
)
async def test_a_key_that_does_nothing_says_why(
    profiles: Path, engine: PlayedEngine, key: str, said: str
) -> None:
    async with listening(profiles, engine) as (console, _):
        await console.press(key)
        await console.shows(said)


async def test_a_wrong_title_is_told_to_the_byte(profiles: Path, engine: PlayedEngine) -> None:
    async with listening(profiles, engine) as (console, port):
        await call(port, b"MY_W0RKSTATION")
        await console.shows("1 call, none as expected", "✘", "wrong title")
        await console.shows("they look alike", "0 (30)", "O (4f)")
        await console.shows(f"change your title to {TITLE} in the peer's table")


async def test_the_newest_call_comes_first_and_an_older_one_can_be_read(
    profiles: Path, engine: PlayedEngine
) -> None:
    async with listening(profiles, engine) as (console, port):
        await call(port, calling=b"FIRST")
        await console.shows("1 call,")
        await call(port, calling=b"SECOND")
        await console.shows("2 calls,", "Calling title    SECOND")
        await console.press("down")
        await console.shows("Calling title    FIRST")
        await call(port, calling=b"THIRD")
        await console.shows("3 calls,", "Calling title    FIRST")


async def test_hostile_titles_are_shown_and_not_interpreted(
    profiles: Path, engine: PlayedEngine
) -> None:
    async with listening(profiles, engine) as (console, port):
        await call(port, b"[/][bold]\x1b[2J", b"[@click=q]x[/]")
        await console.shows(r"[/][bold]\x1b[2J", "1 call,")
        assert "\x1b" not in console.text


class TestExpectation:
    """The selected target is the one that should call: from its address, with its title."""

    @asynccontextmanager
    async def expecting(
        self, profiles: Path, engine: PlayedEngine, host: str, size: tuple[int, int] = WIDE
    ) -> AsyncIterator[tuple[Console, int]]:
        """Listen for Main PACS, which lives at ``host``."""
        profiles.write_text(profiles.read_text().replace("pacs.hospital.lan", host))
        port = unused_port()
        async with opened(profiles, engine, size) as console:
            await console.press("L")
            await console.shows("Caller        Main PACS")
            await console.press("tab", "ctrl+u")
            await console.type(str(port))
            await console.press("enter")
            await console.shows(f"Listening on 127.0.0.1:{port} as {TITLE}")
            yield console, port

    @pytest.mark.parametrize("size", [WIDE, SMALL], ids=str)
    async def test_whom_we_expect_stands_on_the_screen(
        self, profiles: Path, engine: PlayedEngine, size: tuple[int, int]
    ) -> None:
        async with self.expecting(profiles, engine, "127.0.0.1", size) as (console, port):
            await console.shows("Expected (e changes):  Main PACS as TARGET_PACS from 127.0.0.1")
            await call(port, calling=b"TARGET_PACS")
            await console.shows("1 call, Main PACS reached you", "✔")

    async def test_a_call_from_elsewhere_is_not_it(
        self, profiles: Path, engine: PlayedEngine
    ) -> None:
        async with self.expecting(profiles, engine, "192.168.1.50") as (console, port):
            await console.shows("from 192.168.1.50")
            await call(port, calling=b"TARGET_PACS")
            await console.shows("1 call, none as expected", "✘", "unexpected address")
            await console.shows("Main PACS is 192.168.1.50, not 127.0.0.1")

    async def test_another_calling_title_is_pointed_out(
        self, profiles: Path, engine: PlayedEngine
    ) -> None:
        async with self.expecting(profiles, engine, "127.0.0.1") as (console, port):
            await call(port, calling=b"TARGET_PACS_SCU")
            await console.shows("1 call, Main PACS reached you", "▲", "other calling title")
            await console.shows("it calls itself TARGET_PACS_SCU, while the file has TARGET_PACS")

    async def test_a_name_without_an_address_is_told_and_not_judged(
        self, profiles: Path, engine: PlayedEngine
    ) -> None:
        engine.unknown_hosts = frozenset({"nowhere.lan"})
        async with self.expecting(profiles, engine, "nowhere.lan") as (console, port):
            await console.shows("from anywhere (no address known for nowhere.lan)")
            await call(port, calling=b"TARGET_PACS")
            await console.shows("1 call, Main PACS reached you")

    async def test_a_call_before_the_name_is_known_is_judged_when_it_is(
        self, profiles: Path, engine: PlayedEngine
    ) -> None:
        engine.names_known.clear()
        async with self.expecting(profiles, engine, "slow.lan") as (console, port):
            await console.shows("from slow.lan (looking it up)")
            await call(port, calling=b"TARGET_PACS")
            await console.shows("1 call, Main PACS reached you")
            engine.names_known.set()
            await console.shows("1 call, none as expected", "called, but Main PACS is 192.168.1.50")

    async def test_e_changes_whom_we_expect(self, profiles: Path, engine: PlayedEngine) -> None:
        async with self.expecting(profiles, engine, "192.168.1.50") as (console, _):
            await console.press("e", "shift+tab", "ctrl+u")
            await console.type("CT 3")
            await console.press("enter")
            await console.shows("Caller: no target named CT 3 in the file. Did you mean CT 2?")
            await console.press("right", "backspace", "2", "enter")
            await console.shows("Expected (e changes):  CT 2 as CT2 from 192.168.1.61")


class TestEnd:
    async def test_leaving_closes_the_port_and_what_came_is_still_there(
        self, profiles: Path, engine: PlayedEngine
    ) -> None:
        async with listening(profiles, engine) as (console, port):
            await call(port)
            await console.shows("1 call,")
            await console.press("escape")
            await console.shows("Main PACS")
            with pytest.raises(ConnectionRefusedError):
                verify(port)
            await console.press("L")
            await console.shows("Who calls you?", f"CT2 -> {TITLE}", ": stopped")

    async def test_quitting_closes_the_port(self, profiles: Path, engine: PlayedEngine) -> None:
        async with listening(profiles, engine) as (console, port):
            await console.press("ctrl+c")
        with pytest.raises(ConnectionRefusedError):
            verify(port)

    async def test_e_stops_and_goes_back_to_the_form(
        self, profiles: Path, engine: PlayedEngine
    ) -> None:
        async with listening(profiles, engine) as (console, port):
            await console.press("e")
            await console.shows("Who calls you?", str(port))
            with pytest.raises(ConnectionRefusedError):
                verify(port)
            await console.press("enter")
            await console.shows("10 min left")


class TestWhatCannotBe:
    @pytest.mark.parametrize(
        ("port", "words"),
        [
            ("70000", "Port: 70000 is not a port. Use 1 to 65535"),
            ("x", "Port: x is not a port. Use 1 to 65535"),
            ("", "Port: enter a port"),
        ],
    )
    async def test_a_bad_port_is_told_and_what_was_typed_stays(
        self, profiles: Path, engine: PlayedEngine, port: str, words: str
    ) -> None:
        async with form(profiles, engine, port) as console:
            await console.press("enter")
            await console.shows(words, "Who calls you?")

    async def test_a_taken_port_names_its_program(
        self, profiles: Path, engine: PlayedEngine
    ) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            async with form(profiles, engine, str(port)) as console:
                await console.press("enter")
                await console.shows(f"127.0.0.1:{port} is taken by", "Who calls you?")

    async def test_a_title_that_is_too_long(self, profiles: Path, engine: PlayedEngine) -> None:
        async with form(profiles, engine, "104") as console:
            await console.press("tab", "right", *"xxxx", "enter")
            await console.shows("Your AE title: 18 bytes is too long")
            assert console.app.screen.query_one(ListenForm).has_focus_within


async def test_s_saves_who_called(profiles: Path, engine: PlayedEngine) -> None:
    async with listening(profiles, engine) as (console, port):
        await call(port)
        await console.shows("S Save")
        await console.press("S")
        await console.shows("Saved")
    (saved,) = profiles.parent.glob("dcmecho-callers-*.txt")
    text = saved.read_text()
    assert f"CT2 -> {TITLE}" in text
    assert "reached you: C-ECHO answered with success" in text


async def test_y_keeps_what_the_other_side_needs_before_anybody_called(
    profiles: Path, engine: PlayedEngine
) -> None:
    async with listening(profiles, engine) as (console, port):
        await console.shows("y Copy")
        await console.press("y")
        await console.shows("Saved")
        assert console.app.clipboard == f"AE title {TITLE}, address 127.0.0.1, port {port}\n"
    (saved,) = profiles.parent.glob("dcmecho-registration-*.txt")
    assert saved.read_text() == f"AE title {TITLE}, address 127.0.0.1, port {port}\n"


async def test_a_caller_whose_address_is_in_the_file_goes_by_its_name(
    profiles: Path, engine: PlayedEngine
) -> None:
    profiles.write_text(profiles.read_text().replace("192.168.1.61", "127.0.0.1"))
    async with listening(profiles, engine) as (console, port):
        await call(port)
        await console.shows("In the file      CT 2")


async def test_a_call_of_the_expected_peer_stands_in_its_history(
    profiles: Path, engine: PlayedEngine
) -> None:
    place = Place(profiles.with_name("history.db"))
    port = unused_port()
    async with opened(profiles, engine, journal=Journal(place, Way.CONSOLE, print)) as console:
        await console.run()
        await console.press("L")
        await console.shows("Who calls you?", "Caller        Main PACS")
        await console.press("shift+tab", "tab", "tab", *["backspace"] * 5)
        await console.type(str(port))
        await console.press("enter")
        await console.shows("10 min left")
        await call(port)
        await console.shows("1 call")
        await console.press("escape", "escape")
        await console.press("h")
        await console.shows("History of Main PACS", "1 check, 2 states", "1 call")
        await console.press("enter")
        await console.shows("Main PACS: a call", "dcmecho.listen/1")
        await console.press("escape", "c")
        await console.shows("Nothing to compare with")
