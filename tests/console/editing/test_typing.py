"""Where editing begins, and what happens to the text that a field has already."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from textual.widgets import Input

from dcmecho.diagnosis.target.tls import Handshake, TlsAlert, TlsEnding
from tests.console.driving import PROFILES, SMALL, Console, opened
from tests.console.handshakes import DONE, NOT_TRUSTED
from tests.console.playback import PlayedEngine
from tests.console.played_peers import CALLED_UNKNOWN, REFUSED, PlayedPeer

NOTES = 'notes = "vendor hotline: ticket number needed"\n'
OVER_TLS = PROFILES.replace(NOTES, f"{NOTES}[target.tls]\n")
ASKS_FOR_OURS = TlsAlert(116, "certificate_required", from_peer=True)
OTHER_VERSION = TlsAlert(70, "protocol_version", from_peer=True)
A_ABORT = bytes.fromhex("07 00 00000004 00 00 02 01")


async def _edit(console: Console, key: str = "e") -> Input:
    """Edit the first target, by default in its row."""
    await console.press(key)
    await console.until(lambda: isinstance(console.app.focused, Input))
    box = console.app.focused
    assert isinstance(box, Input)
    return box


async def test_what_is_typed_replaces_the_text_of_a_field(
    profiles: Path, engine: PlayedEngine
) -> None:
    async with opened(profiles, engine) as console:
        box = await _edit(console)
        assert box.value == "pacs.hospital.lan"
        await console.type("new")
        assert box.value == "new"


async def test_an_arrow_key_keeps_the_text_of_a_field(profiles: Path, engine: PlayedEngine) -> None:
    async with opened(profiles, engine) as console:
        box = await _edit(console)
        await console.press("right")
        await console.type("x")
        assert box.value == "pacs.hospital.lanx"


async def test_what_is_typed_replaces_the_value_of_all_marked_targets(
    profiles: Path, engine: PlayedEngine
) -> None:
    async with opened(profiles, engine) as console:
        await console.press("space", "space", "e")
        await console.until(lambda: isinstance(console.app.focused, Input))
        await console.until(lambda: "MY_WORKSTATION" in console.text or "mixed" in console.text)
        box = console.app.focused
        assert isinstance(box, Input)
        while not box.value:
            await console.press("down")
        await console.type("7")
        assert box.value == "7"


async def test_what_is_typed_replaces_the_filter(profiles: Path, engine: PlayedEngine) -> None:
    async with opened(profiles, engine) as console:
        await console.press("slash")
        await console.type("cart")
        await console.press("enter", "slash")
        await console.type("ct")
        await console.press("enter")
        assert console.main.panes.targets.filter_text == "ct"


async def test_what_is_typed_replaces_a_value_of_the_listener(
    profiles: Path, engine: PlayedEngine
) -> None:
    async with opened(profiles, engine) as console:
        await console.press("L", "tab")
        box = console.app.focused
        assert isinstance(box, Input)
        assert box.value
        await console.type("11113")
        assert box.value == "11113"


@pytest.mark.parametrize(
    ("peer", "cell"), [(CALLED_UNKNOWN, "cell-called_ae"), (REFUSED, "cell-port")]
)
async def test_editing_begins_at_the_value_that_the_check_blames(
    profiles: Path, engine: PlayedEngine, peer: PlayedPeer, cell: str
) -> None:
    engine.peers["Main PACS"] = peer
    async with opened(profiles, engine) as console:
        await console.run()
        assert (await _edit(console)).id == cell


@pytest.mark.parametrize("key", ["e", "E"])
@pytest.mark.parametrize(
    ("handshake", "field"),
    [
        (NOT_TRUSTED, "ca_file"),
        (replace(NOT_TRUSTED, verify_code=62, alerts=()), "server_name"),
        (replace(DONE, ending=TlsEnding.ALERT, alerts=(ASKS_FOR_OURS,)), "cert_file"),
        (replace(DONE, ending=TlsEnding.ALERT, alerts=(OTHER_VERSION,)), "minimum_version"),
        (Handshake(TlsEnding.NOT_TLS, 0.0, 12.0, data=A_ABORT), "tls"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
async def test_editing_begins_at_the_tls_value_that_the_check_blames(
    profiles: Path, engine: PlayedEngine, handshake: Handshake, field: str, key: str
) -> None:
    profiles.write_text(OVER_TLS, encoding="utf-8")
    engine.peers["Main PACS"] = PlayedPeer(handshake=handshake)
    async with opened(profiles, engine, SMALL) as console:
        await console.run()
        box = await _edit(console, key)
        assert box.parent is not None
        assert box.parent.id == f"field-{field}"
        await console.until(lambda: box.region.width)


@pytest.mark.parametrize(
    ("line", "field"),
    [("calling_ae = 'A\\\\B'", "cell-calling_ae"), ("acse_timeout_s = 0", "field-acse_timeout_s")],
)
async def test_editing_begins_at_the_value_that_the_check_found_invalid(
    profiles: Path, engine: PlayedEngine, line: str, field: str
) -> None:
    profiles.write_text(PROFILES.replace(NOTES, f"{NOTES}{line}\n"), encoding="utf-8")
    async with opened(profiles, engine) as console:
        await console.run()
        box = await _edit(console)
        assert box.parent is not None
        assert field in (box.id, box.parent.id)


async def test_editing_begins_at_the_value_that_is_wrong_in_the_file(
    profiles: Path, engine: PlayedEngine
) -> None:
    profiles.write_text(PROFILES.replace("port = 104", 'port = "none"', 1))
    async with opened(profiles, engine) as console:
        box = await _edit(console)
        assert box.parent is not None
        assert box.parent.id == "field-port"
