"""Commands are declared once: keys, footer, help and palette agree."""

from __future__ import annotations

import inspect
import pkgutil
from collections import Counter
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from textual.events import Key
from textual.screen import Screen
from textual.widgets import OptionList

from dcmecho import console
from dcmecho.console.command import Command, Need, Pane
from dcmecho.console.commands import ANYWHERE, COMMANDS, bindings
from dcmecho.console.diagnose.log_pane import LogView
from dcmecho.console.diagnose.pane import DiagnosisPane
from dcmecho.console.diagnose.report_screen import ReportScreen
from dcmecho.console.editing.cells import CellEditor
from dcmecho.console.editing.form import EditForm
from dcmecho.console.editing.many_form import EditMany
from dcmecho.console.exchange.export_screen import ExportScreen
from dcmecho.console.exchange.import_screen import ImportScreen
from dcmecho.console.explain.screen import ExplainScreen
from dcmecho.console.guide.screen import GuideScreen
from dcmecho.console.history.screen import HistoryScreen
from dcmecho.console.listen.callers import Calls
from dcmecho.console.listen.form import ListenForm
from dcmecho.console.listen.screen import ListenerScreen
from dcmecho.console.main.opening import Opener
from dcmecho.console.main.panes import Panes
from dcmecho.console.main.screen import MainScreen
from dcmecho.console.main.targets import TargetList
from dcmecho.console.palette import palette_commands, palette_text
from dcmecho.console.screens.help import help_lines
from dcmecho.console.services.form_screen import ServiceFormScreen
from dcmecho.console.services.screen import ServicesScreen
from dcmecho.console.symbols import UNICODE
from dcmecho.console.watch.screen import WatchScreen
from dcmecho.console.widgets.path_input import PathInput
from tests.console.driving import SMALL, WIDE, opened
from tests.console.playback import PlayedEngine
from tests.console.played_peers import PlayedPeer

HOLDERS: dict[Pane, type] = {
    Pane.ANYWHERE: MainScreen,
    Pane.TARGETS: TargetList,
    Pane.DIAGNOSIS: DiagnosisPane,
    Pane.LOG: LogView,
    Pane.EDITOR: EditForm,
    Pane.CELLS: CellEditor,
    Pane.MANY: EditMany,
    Pane.REPORT: ReportScreen,
    Pane.IMPORT: ImportScreen,
    Pane.EXPORT: ExportScreen,
    Pane.EXPLAIN: ExplainScreen,
    Pane.GUIDE: GuideScreen,
    Pane.QUESTION: GuideScreen,
    Pane.LISTEN_FORM: ListenForm,
    Pane.LISTENER: Calls,
    Pane.HISTORY: HistoryScreen,
    Pane.WATCH: WatchScreen,
    Pane.SERVICES: ServicesScreen,
    Pane.ORDER: ServiceFormScreen,
    Pane.PATH: PathInput,
}
SCREENS: dict[Pane, type] = {
    Pane.LISTEN_FORM: ListenerScreen,
    Pane.LISTENER: ListenerScreen,
}
"""Where it is another one than the main screen."""
ALSO_ON = {(Pane.LOG, ExplainScreen)}
"""Panes that a second screen has."""
TELLS: dict[Pane, Callable[..., bool]] = {
    Pane.EXPLAIN: ExplainScreen.meets,
    Pane.GUIDE: GuideScreen.meets,
    Pane.QUESTION: GuideScreen.meets,
    Pane.SERVICES: ServicesScreen.meets,
    Pane.LISTEN_FORM: ListenerScreen.meets,
    Pane.LISTENER: ListenerScreen.meets,
}
"""Who tells whether a need is met, where it is not the main screen."""
ALL = [(pane, command) for pane, commands in COMMANDS.items() for command in commands]
TAKEN_BY_TERMINALS = {"ctrl+s", "ctrl+q", "ctrl+z", "ctrl+a", "ctrl+b", "ctrl+enter"}


def carries_out(pane: Pane, command: Command) -> type:
    """The widget of the pane, or the screen that it is on."""
    holder = HOLDERS[pane]
    if not command.action.startswith("screen.") or issubclass(holder, Screen):
        return holder
    return SCREENS.get(pane, MainScreen)


@pytest.mark.parametrize(("pane", "command"), ALL, ids=lambda each: str(each))
def test_every_command_is_carried_out_by_its_pane_or_the_screen(
    pane: Pane, command: Command
) -> None:
    holder = carries_out(pane, command)
    name = f"action_{command.name}"
    assert hasattr(holder, name), f"{holder.__name__} has no {name}"


@pytest.mark.parametrize("holder", sorted({*HOLDERS.values(), *SCREENS.values()}, key=str))
def test_every_action_has_a_command(holder: type) -> None:
    own = {
        name.removeprefix("action_")
        for each in holder.__mro__
        if each.__module__.startswith(console.__name__)
        for name in vars(each)
        if name.startswith("action_")
    }
    commanded = {
        command.name
        for pane, command in ALL
        if carries_out(pane, command) is holder or (pane, holder) in ALSO_ON
    }
    assert sorted(own - commanded) == [], f"actions of {holder.__name__} without a command"


def test_every_need_is_one_of_some_command() -> None:
    needed = {command.need for _, command in ALL}
    assert [need for need in Need if need not in needed] == [], "no command needs it"


def test_a_pane_without_commands_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(COMMANDS, Pane.PATH)
    with pytest.raises(LookupError, match=r"Pane\.PATH has no commands in COMMANDS of console/"):
        bindings(Pane.PATH)


@pytest.mark.parametrize("pane", Pane)
def test_every_pane_has_its_keys_and_somebody_who_has_them(pane: Pane) -> None:
    assert pane in COMMANDS, f"{pane} has no commands in console/commands.py"
    assert pane in HOLDERS, f"{pane} is the place of no widget and of no screen"


@pytest.mark.parametrize(("pane", "command"), ALL, ids=lambda each: str(each))
def test_whoever_has_a_command_knows_whether_its_need_is_met(pane: Pane, command: Command) -> None:
    told, _, _ = inspect.getsource(TELLS.get(pane, Panes.meets)).partition("case Need.NOTHING")
    assert command.need is Need.NOTHING or str(command.need) in told, f"{command.need} is not told"


def screens() -> Iterator[type[Screen[Any]]]:
    """Every screen of the console."""
    for found in pkgutil.walk_packages(console.__path__, f"{console.__name__}."):
        for each in vars(import_module(found.name)).values():
            if inspect.isclass(each) and issubclass(each, Screen) and each.__module__ == found.name:
                yield each


def test_every_screen_is_opened_from_somewhere() -> None:
    texts = {
        path: path.read_text(encoding="utf-8") for path in Path(console.__path__[0]).rglob("*.py")
    }
    found = list(screens())
    assert MainScreen in found
    lonely = [
        screen.__name__
        for screen in found
        if not any(
            f"{screen.__name__}(" in text
            for path, text in texts.items()
            if path != Path(inspect.getfile(screen))
        )
    ]
    assert lonely == [], "screens that nothing opens"


def test_every_screen_that_the_opener_opens_has_a_command() -> None:
    opened_by = {name for name in vars(Opener) if not name.startswith("_")} - {
        "show_changes",
        "file_changed",
        "guided",
    }
    assert {name for name in opened_by if not hasattr(MainScreen, f"action_{name}")} == set()
    assert opened_by <= {command.name for command in ANYWHERE}


@pytest.mark.parametrize("pane", Pane)
def test_no_key_has_two_meanings_in_one_place(pane: Pane) -> None:
    counts = Counter(key for command in COMMANDS[pane] for key in command.keys)
    assert [key for key, times in counts.items() if times > 1] == []


def test_no_key_is_one_that_terminals_keep_for_themselves() -> None:
    keys = {key for _, command in ALL for key in command.keys}
    assert not keys & TAKEN_BY_TERMINALS
    assert not any(key.startswith("alt+") for key in keys)


def test_function_keys_are_only_second_keys() -> None:
    first = {command.keys[0] for _, command in ALL if command.action != "screen.help"}
    assert not any(key.startswith("f") and key[1:].isdigit() for key in first)


@pytest.mark.parametrize(
    "pane", [Pane.TARGETS, Pane.DIAGNOSIS, Pane.LOG, Pane.EDITOR, Pane.GUIDE, Pane.WATCH]
)
def test_the_help_of_a_pane_lists_each_of_its_keys(pane: Pane) -> None:
    text = "\n".join(line.plain for line in help_lines(pane, UNICODE))
    for command in COMMANDS[pane]:
        assert command.sentence in text
        assert command.key_text in text


def test_the_palette_holds_every_command_but_movements() -> None:
    held = {command.sentence for _, command in palette_commands()}
    movements = {"up", "down", "page_up", "page_down", "first", "last"}
    movements |= {"next_pane", "previous_pane", "palette"}
    for pane in (Pane.ANYWHERE, Pane.TARGETS, Pane.DIAGNOSIS, Pane.LOG):
        for command in COMMANDS[pane]:
            if command.action not in movements and command.action != "screen.diagnose":
                assert command.sentence in held


async def test_the_palette_shows_all_and_runs_what_is_chosen(
    profiles: Path, engine: PlayedEngine
) -> None:
    async with opened(profiles, engine) as console:
        await console.press("colon")
        options = console.app.screen.query_one(OptionList)
        wanted = [palette_text(pane, command) for pane, command in palette_commands()]
        await console.until(lambda: options.option_count == len(wanted))
        await console.type("pause the log")
        await console.until(lambda: options.option_count == 1)
        await console.press("enter")
        await console.until(lambda: console.main.panes.log_view.paused)
        assert console.main.panes.log_view.has_focus


@pytest.mark.parametrize(
    ("key", "own", "other"),
    [("1", "Show only targets", "Pause the log"), ("3", "Pause the log", "Show only targets")],
)
async def test_question_mark_shows_the_keys_of_the_focused_pane(
    profiles: Path, engine: PlayedEngine, key: str, own: str, other: str
) -> None:
    async with opened(profiles, engine) as console:
        await console.press(key, "question_mark")
        await console.shows(own, "Anywhere", "Signs")
        assert other not in console.text
        await console.press("escape")
        await console.until(lambda: "Signs" not in console.text)


async def test_f1_helps_inside_the_form(profiles: Path, engine: PlayedEngine) -> None:
    async with opened(profiles, engine) as console:
        await console.press("E")
        await console.shows("enter Save")
        await console.press("f1")
        await console.shows("Keys in Edit a target", "Leave without saving")


@pytest.mark.parametrize("size", [WIDE, SMALL], ids=["120x36", "80x24"])
async def test_the_footer_shows_the_keys_of_the_focused_pane(
    profiles: Path, engine: PlayedEngine, size: tuple[int, int]
) -> None:
    async with opened(profiles, engine, size) as console:
        assert "enter Check" in console.lines[-1]
        await console.press("3")
        for text in ("enter Expand", "f Layer", "p Pause", "S Save", "? Help", "q Quit"):
            assert text in console.lines[-1]


async def test_the_footer_offers_only_what_can_be_done_now(
    profiles: Path, engine: PlayedEngine
) -> None:
    engine.peers["Main PACS"] = PlayedPeer()
    async with opened(profiles, engine) as console:
        assert "Experiment" not in console.lines[-1]
        assert "Cancel" not in console.lines[-1]
        await console.press("R")
        await console.shows("No report yet")
        await console.run()
        await console.until(lambda: "x Experiment" in console.lines[-1])


async def test_panes_are_reached_by_number_and_by_tab(profiles: Path, engine: PlayedEngine) -> None:
    async with opened(profiles, engine) as console:
        main = console.main
        for key, widget in (
            ("2", main.panes.diagnosis),
            ("3", main.panes.log_view),
            ("1", main.panes.targets),
        ):
            await console.press(key)
            assert widget.has_focus
        for widget in (main.panes.diagnosis, main.panes.log_view, main.panes.targets):
            await console.press("tab")
            assert widget.has_focus
        await console.press("shift+tab")
        assert main.panes.log_view.has_focus


async def test_the_target_list_filters_by_any_of_its_values(
    profiles: Path, engine: PlayedEngine
) -> None:
    async with opened(profiles, engine) as console:
        await console.press("slash")
        await console.type("echocart")
        await console.shows("/echocart  1 of 3", "Echo cart", "11112")
        assert "CT 2" not in console.text
        await console.press("enter", "enter")
        await console.until(lambda: len(engine.runs) == 1)
        assert engine.runs[0].target.name == "Echo cart"
        await console.press("slash", "escape")
        await console.shows("CT 2")


async def test_the_report_is_shown_and_saved(profiles: Path, engine: PlayedEngine) -> None:
    async with opened(profiles, engine) as console:
        await console.run()
        await console.press("R")
        await console.shows("Report of Main PACS", "Not proven", "S Save")
        await console.press("S")
        await console.shows("Saved ", "dcmecho-report-Main-PACS-")
        (saved,) = profiles.parent.glob("dcmecho-report-*.txt")
        assert "MY_WORKSTATION -> TARGET_PACS" in saved.read_text(encoding="utf-8")
        await console.press("escape")
        await console.shows("Targets")


async def test_k_and_j_move_like_the_arrows(profiles: Path, engine: PlayedEngine) -> None:
    async with opened(profiles, engine) as console:
        await console.press("j")
        await console.shows("CT2 @")
        await console.press("G")
        await console.shows("ECHOCART @")
        await console.press("home")
        await console.shows("TARGET_PACS @")
        await console.press("j", "k")
        await console.shows("TARGET_PACS @")


def test_no_command_is_offered_without_a_sentence() -> None:
    assert all(command.sentence for _, command in ALL)
    assert len({command.action for command in ANYWHERE}) == len(ANYWHERE)


async def test_what_is_typed_right_after_slash_belongs_to_the_filter(
    profiles: Path, engine: PlayedEngine
) -> None:
    async with opened(profiles, engine) as console:
        console.main.action_filter_targets()
        assert console.app.focused is console.main.query_one("#filter Input")
        await console.press("tab")
        await console.shows("? Help")
        assert console.main.query_one("#filter").display is False


async def test_keys_typed_in_one_burst_act_on_the_target_under_the_cursor(
    profiles: Path, engine: PlayedEngine
) -> None:
    async with opened(profiles, engine) as console:
        for key in ("down", "down", "enter"):
            console.app.post_message(Key(key, None))
        await console.until(lambda: engine.runs)
        assert engine.runs[0].target.name == "Echo cart"
        await console.shows("Echo cart  MY_WORKSTATION -> ECHOCART")


async def test_deleting_in_one_burst_asks_about_the_target_under_the_cursor(
    profiles: Path, engine: PlayedEngine
) -> None:
    async with opened(profiles, engine) as console:
        for key in ("down", "D"):
            console.app.post_message(Key(key, key if key == "D" else None))
        await console.shows("Delete CT 2")


@pytest.mark.parametrize("pane", Pane)
def test_the_help_says_each_key_once_in_a_line_of_80_columns(pane: Pane) -> None:
    for line in help_lines(pane, UNICODE):
        keys = line.plain[: line.plain.find("  ", 3)].split()
        assert len(keys) == len(set(keys))
        assert line.cell_length <= 75
