"""Targets with TLS: their rung, their log layer, and what editing leaves alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from dcmecho.console.file.edits import read
from dcmecho.profiles.book.load import load
from tests.console.driving import PROFILES, SMALL, WIDE, opened
from tests.console.playback import PlayedEngine
from tests.console.played_peers import ISSUER_UNKNOWN, TRUSTED

NOTES = 'notes = "vendor hotline: ticket number needed"\n'
TLS = PROFILES.replace("port = 104\n", "port = 2762\n", 1).replace(
    NOTES, f'{NOTES}no_experiments = "clinical hours"\n[target.tls]\nca_file = "ca.pem"\n'
)


@pytest.fixture(autouse=True)
def tls_profiles(profiles: Path) -> None:
    profiles.write_text(TLS, encoding="utf-8")


async def test_the_rung_is_there_only_where_the_profile_says_so(
    profiles: Path, engine: PlayedEngine
) -> None:
    engine.peers["Main PACS"] = TRUSTED
    async with opened(profiles, engine) as console:
        assert "not checked" in console.line("TLS     ")
        await console.run()
        assert "peer authenticated: CN=pacs.hospital.lan" in console.line("✔ TLS")
        await console.press("down")
        await console.shows("CT2 @")
        assert "TLS" not in console.text


@pytest.mark.parametrize("size", [WIDE, SMALL], ids=["120x36", "80x24"])
async def test_a_failure_shows_the_cause_and_the_chain(
    profiles: Path, engine: PlayedEngine, size: tuple[int, int]
) -> None:
    engine.peers["Main PACS"] = ISSUER_UNKNOWN
    async with opened(profiles, engine, size) as console:
        await console.run()
        assert "cert issuer" in console.line("▌ ✘ Main PACS")
        await console.press("2")
        await console.shows("proven", "issuer is not trusted here")
        await console.press("z", "home", "down", "down", "down")
        await console.shows("Seen at stage TLS", "certificate 1: CN=pacs.hospital.lan")
        await console.shows("certificate 2: CN=Hospital Issuing CA 2")


async def test_the_log_has_a_layer_for_it(profiles: Path, engine: PlayedEngine) -> None:
    engine.peers["Main PACS"] = ISSUER_UNKNOWN
    async with opened(profiles, engine) as console:
        await console.run()
        await console.press("3", "f", "f", "f")
        await console.shows("layer tls", "alert unknown_ca")
        assert "connect to" not in console.text


async def test_the_form_knows_which_port_is_the_usual_one(
    profiles: Path, engine: PlayedEngine
) -> None:
    profiles.write_text(TLS.replace("port = 2762", "port = 104"), encoding="utf-8")
    async with opened(profiles, engine) as console:
        await console.press("E")
        await console.shows("warning: ", "2762")


async def test_a_clone_keeps_tls_and_what_is_refused(profiles: Path, engine: PlayedEngine) -> None:
    async with opened(profiles, engine) as console:
        await console.press("c")
        await console.shows("Copy of Main PACS", "ca.pem")
        await console.press("enter")
        await console.shows("Saved Main PACS copy")
    book = load(profiles)
    original, copy = book.find("Main PACS"), book.find("Main PACS copy")
    assert original is not None
    assert copy is not None
    assert original.target is not None
    assert copy.target is not None
    assert copy.target.tls == original.target.tls
    assert copy.target.tls is not None
    assert copy.target.no_experiments == "clinical hours"


async def test_a_run_with_other_tls_settings_is_about_another_target(
    profiles: Path, engine: PlayedEngine
) -> None:
    engine.peers["Main PACS"] = ISSUER_UNKNOWN
    async with opened(profiles, engine) as console:
        await console.run()
        profiles.write_text(TLS.replace("ca.pem", "other.pem"), encoding="utf-8")
        console.main.session.after_reading(read(profiles))
        console.main.panes.show_file()
        await console.shows("has been edited since")
