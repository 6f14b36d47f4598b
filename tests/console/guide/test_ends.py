"""Where the guided walk ends: fixed, handed over, done by oneself, unknown; and on symptoms."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from dcmecho.console.terminal.terminal import TRUE_COLOUR, Terminal
from dcmecho.profiles.book.settings import Signs
from tests.console.driving import PROFILES, SMALL, WIDE, Console, opened
from tests.console.playback import PlayedEngine
from tests.console.played_peers import CALLED_UNKNOWN, GREEN, ISSUER_UNKNOWN, TRUSTED, PlayedPeer

TLS = PROFILES.replace("port = 104\ncalled_ae", "port = 2762\ncalled_ae", 1).replace(
    'notes = "vendor hotline: ticket number needed"\n',
    'notes = "vendor hotline: ticket number needed"\n[target.tls]\nca_file = "ca.pem"\n',
)


async def _to_the_hand_over(console: Console) -> None:
    """Skip every experiment, and know no answer."""
    await console.run()
    await console.press("g")
    await console.skip_all()
    await console.press("down", "down", "enter")
    await console.shows("Next: the peer's administrator")


class TestHandOver:
    async def test_the_text_is_ready_to_send(self, profiles: Path, engine: PlayedEngine) -> None:
        engine.peers["Main PACS"] = CALLED_UNKNOWN
        async with opened(profiles, engine) as console:
            await _to_the_hand_over(console)
            await console.press("pagedown")
            await console.shows("What to register, if it is missing")
            handover = console.app.screen.controller.page.handover  # type: ignore[attr-defined]
            for part in (
                "from   MY_WORKSTATION at 192.168.1.20",
                "to     TARGET_PACS at pacs.hospital.lan (192.168.1.50), port 104",
                " UTC",
                '"MY_WORKSTATION": ["MY_WORKSTATION", "192.168.1.20", 11112]',
                "my_workstation = (MY_WORKSTATION, 192.168.1.20, 11112)",
                "Network AE MY_WORKSTATION",
            ):
                assert part in handover

    async def test_y_copies_it_and_always_saves_it_as_well(
        self, profiles: Path, engine: PlayedEngine
    ) -> None:
        engine.peers["Main PACS"] = CALLED_UNKNOWN
        async with opened(profiles, engine) as console:
            await _to_the_hand_over(console)
            await console.press("y")
            await console.shows("Saved ", "dcmecho-handover-Main-PACS-", "copied it, if")
            (saved,) = profiles.parent.glob("dcmecho-handover-*.txt")
            assert saved.read_text(encoding="utf-8") == console.app.clipboard
            assert "MY_WORKSTATION" in console.app.clipboard

    async def test_a_console_that_would_print_the_copy_only_gets_the_file(
        self, profiles: Path, engine: PlayedEngine
    ) -> None:
        engine.peers["Main PACS"] = CALLED_UNKNOWN
        async with opened(profiles, engine, terminal=Terminal(Signs.ASCII, True, False)) as console:
            await _to_the_hand_over(console)
            await console.press("y")
            await console.shows("Saved ")
            assert console.app.clipboard == ""
            assert list(profiles.parent.glob("dcmecho-handover-*.txt"))

    async def test_where_it_cannot_be_saved_it_says_so(
        self, profiles: Path, engine: PlayedEngine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        engine.peers["Main PACS"] = CALLED_UNKNOWN
        async with opened(profiles, engine) as console:
            await _to_the_hand_over(console)
            monkeypatch.setattr("os.open", _refusing)
            await console.press("y")
            await console.shows("The handover was not saved", "No space left")

    async def test_an_answer_that_comes_later_leads_back_to_the_question(
        self, profiles: Path, engine: PlayedEngine
    ) -> None:
        engine.peers["Main PACS"] = CALLED_UNKNOWN
        async with opened(profiles, engine) as console:
            await _to_the_hand_over(console)
            await console.press("b")
            await console.shows("Is the called AE title correct?", "on port 104, including case")

    async def test_the_network_team_gets_its_own(
        self, profiles: Path, engine: PlayedEngine
    ) -> None:
        engine.peers["Main PACS"] = PlayedPeer(lost=True)
        async with opened(profiles, engine) as console:
            await console.run()
            await console.press("g")
            await console.shows("Next: the network team")
            await console.shows("What is needed", "TCP from")


def _refusing(*_: object, **__: object) -> int:
    raise OSError(28, "No space left on device")


class TestActing:
    async def test_what_is_on_our_side_is_told_step_by_step(
        self, profiles: Path, engine: PlayedEngine
    ) -> None:
        profiles.write_text(TLS, encoding="utf-8")
        engine.peers["Main PACS"] = ISSUER_UNKNOWN
        async with opened(profiles, engine) as console:
            await console.run()
            await console.press("g")
            await console.shows("The certificate's issuer is not trusted here", "ca_file")
            await console.shows("Hospital Root CA")
            assert console.choices[:2] == ["> Done: check again  r", "  This is not the cause"]
            engine.peers["Main PACS"] = TRUSTED
            await console.go("enter")
            await console.shows("C-ECHO works")

    async def test_where_it_is_not_that_the_other_side_has_to_look(
        self, profiles: Path, engine: PlayedEngine
    ) -> None:
        profiles.write_text(TLS, encoding="utf-8")
        engine.peers["Main PACS"] = ISSUER_UNKNOWN
        async with opened(profiles, engine) as console:
            await console.run()
            await console.press("g", "down", "enter")
            await console.shows("Next: the peer's administrator")
            await console.shows("Ruled out", "you checked it")


class TestUnknown:
    async def test_report_and_log_are_saved_together(
        self, profiles: Path, engine: PlayedEngine
    ) -> None:
        engine.peers["Main PACS"] = PlayedPeer(fault="a fault of our own")
        async with opened(profiles, engine) as console:
            await console.run()
            await console.press("g")
            await console.shows("The cause cannot be found from here", "a fault of our own")
            await console.press("enter")
            await console.shows("dcmecho-report-Main-PACS-")
            for kind in ("report", "log"):
                assert len(list(profiles.parent.glob(f"dcmecho-{kind}-Main-PACS-*.txt"))) == 1


class TestSymptoms:
    @pytest.mark.parametrize(
        ("downs", "title", "advice"),
        [
            (0, "Images do not arrive", "which address and port are registered"),
            (1, "I cannot query or retrieve", "C-FIND, C-MOVE"),
            (2, "Verify fails on a new device", "character by character"),
            (3, "It worked yesterday", "what has changed since"),
        ],
    )
    @pytest.mark.parametrize("size", [WIDE, SMALL], ids=["120x36", "80x24"])
    async def test_a_green_target_gets_advice(
        self,
        profiles: Path,
        engine: PlayedEngine,
        size: tuple[int, int],
        downs: int,
        title: str,
        advice: str,
    ) -> None:
        async with opened(profiles, engine, size) as console:
            await console.run()
            await console.press("g")
            await console.shows("C-ECHO works", title)
            await console.press(*["down"] * downs, "enter")
            await console.shows(title)
            text = "\n".join(row.plain for row in console.step_rows)
            assert advice in " ".join(text.split())
            assert console.choices[0] == "> Something else is wrong  c"

    async def test_a_symptom_first_then_the_run(self, profiles: Path, engine: PlayedEngine) -> None:
        async with opened(profiles, engine) as console:
            await console.press("g", "down")
            await console.go("enter")
            await console.shows("Images do not arrive", "1  Ask the peer's administrator")
            await console.press("c")
            await console.shows("C-ECHO works")

    async def test_a_slow_peer_is_a_choice_among_the_symptoms(
        self, profiles: Path, engine: PlayedEngine
    ) -> None:
        engine.peers["Main PACS"] = PlayedPeer(association_ms=15000.0)
        async with opened(profiles, engine) as console:
            await console.run()
            await console.press("g")
            await console.shows("C-ECHO works", "Association took 15.0 s")
            assert console.choices[0] == "> Nothing: it is only slow"
            await console.press("enter")
            await console.shows("Next: the peer's administrator", "getent hosts")

    async def test_a_failed_run_is_a_choice_among_the_symptoms(
        self, profiles: Path, engine: PlayedEngine
    ) -> None:
        engine.peers["Main PACS"] = CALLED_UNKNOWN
        async with opened(profiles, engine) as console:
            await console.run()
            await console.press("g", "c")
            await console.shows("What is wrong?", "It worked yesterday")
            assert console.choices[0] == "> Nothing else: only the check that failed"
            await console.press("enter")
            await console.shows("Change upper and lower case in an AE title")


class TestRefusals:
    async def test_without_experiments_the_walk_says_why_and_goes_on(
        self, profiles: Path, engine: PlayedEngine
    ) -> None:
        profiles.write_text(_with('no_experiments = "clinical hours"'), encoding="utf-8")
        engine.peers["Main PACS"] = CALLED_UNKNOWN
        async with opened(profiles, engine) as console:
            await console.run()
            await console.shows("experiments are off: clinical hours")
            await console.press("x", "g")
            await console.shows("Is the called AE title correct?")
            await console.shows("experiments are off: clinical hours. The guide continues")
            assert not engine.experiments

    async def test_what_is_not_to_be_probed_is_not_run(
        self, profiles: Path, engine: PlayedEngine
    ) -> None:
        profiles.write_text(_with('do_not_probe = "vendor forbids it"'), encoding="utf-8")
        async with opened(profiles, engine) as console:
            await console.press("g")
            await console.shows("This target must not be probed", "vendor forbids it")
            await console.press("r", "c", "enter")
            await console.shows("Targets")
            assert not engine.runs

    async def test_what_another_target_forbids_is_no_failure_to_explain(
        self, profiles: Path, engine: PlayedEngine
    ) -> None:
        engine.peers["Main PACS"] = PlayedPeer(forbidden="not checked: CT 2 must not be probed")
        async with opened(profiles, engine) as console:
            await console.run()
            await console.shows("CT 2 must not be probed", "Another target of the file forbids")
            await console.press("f")
            assert console.main.panes.targets.shown == [], "nothing failed"
            await console.press("escape", "g")
            await console.shows("This address must not be probed", "Nothing was sent.")
            await console.shows("Back to the console", "Check again")
            engine.peers["Main PACS"] = GREEN
            await console.press("r")
            await console.shows("C-ECHO")


def _with(line: str) -> str:
    return PROFILES.replace('called_ae = "TARGET_PACS"', f'called_ae = "TARGET_PACS"\n{line}')


HOSTILE = """
[[target]]
name = "Ward [/] 7 [red]"
group = "[/group]"
host = "10.0.0.1"
port = 104
called_ae = "A[/]B"
calling_ae = "[@click=quit]"
"""


@pytest.mark.parametrize("size", [WIDE, SMALL], ids=["120x36", "80x24"])
@pytest.mark.parametrize("terminal", [TRUE_COLOUR, Terminal(Signs.ASCII, True)], ids=str)
async def test_markup_and_controls_are_shown_not_obeyed(
    profiles: Path, engine: PlayedEngine, size: tuple[int, int], terminal: Terminal
) -> None:
    assert CALLED_UNKNOWN.rejection is not None
    odd = CALLED_UNKNOWN.rejection._replace(words="[/] [red]\x1b[2J\r")
    profiles.write_text(HOSTILE, encoding="utf-8")
    engine.peers["Ward [/] 7 [red]"] = replace(CALLED_UNKNOWN, rejection=odd)
    async with opened(profiles, engine, size, terminal) as console:
        await console.run()
        await console.press("g")
        await console.shows("Ward [/] 7 [red]", "[@click=quit] -> A[/]B @")
        for key in ("enter", "s", "s", "s", "s", "down", "enter", "y"):
            await console.go(key)
            assert all(line.isprintable() for line in console.lines)
            if terminal.signs is Signs.ASCII:
                assert console.text.isascii()
