"""Each private name of Textual that is used is there, and what breaks where an upgrade takes it."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from textual import __version__
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.drivers import _writer_thread
from textual.drivers.linux_driver import LinuxDriver
from textual.geometry import Region
from textual.screen import Screen
from textual.scroll_view import ScrollView
from textual.widget import Widget, _BorderTitle

from dcmecho.console import textual_private
from dcmecho.console.textual_private import typed_events
from tests.console.terminal import textual_private as private_for_tests


class Private(NamedTuple):
    """``as_expected`` says whether the name still is what the console takes it for."""

    name: str
    as_expected: Callable[[], bool]
    breaks: str


def takes(function: Callable[..., object], *parameters: str) -> bool:
    """True where ``function`` has these parameters and no other without a default."""
    signature = inspect.signature(function).parameters
    needed = [name for name, each in signature.items() if each.default is each.empty]
    return list(signature)[: len(parameters)] == list(parameters) and set(needed) <= {*parameters}


def reads(function: object, *parts: str) -> bool:
    """True where the source of ``function`` has all ``parts``."""
    source = inspect.getsource(function)  # type: ignore[arg-type]
    return all(part in source for part in parts)


def keeps_its_lines() -> bool:
    widget = Widget()
    widget._styles_cache.set_dirty(Region(0, 0, 1, 1))
    return reads(Widget.render_lines, "self._styles_cache.render_widget(")


PRIVATE = (
    Private(
        "_display",
        lambda: takes(App._display, "self", "screen", "renderable"),
        "what changes while a key is carried out is painted only with the next change",
    ),
    Private(
        "_batch_count",
        lambda: App[None]()._batch_count == 0 and reads(App._display, "if self._batch_count:"),
        "what changes while a key is carried out is painted only with the next change",
    ),
    Private(
        "_background_screens",
        lambda: App[None]()._background_screens == [] and reads(Screen, "._background_screens"),
        "a screen behind an opaque one is drawn again and again (36 kB/s while it watches)",
    ),
    Private(
        "_driver",
        lambda: App[None]()._driver is None and reads(App.bell, "self._driver.write("),
        "ctrl+l and a resized terminal leave what another program wrote on the screen",
    ),
    Private(
        "_file",
        lambda: reads(LinuxDriver, "self._file = sys.__stderr__", "WriterThread(self._file)"),
        "a console whose terminal is gone hangs in place of ending",
    ),
    Private(
        "_sigtstp_application",
        lambda: reads(LinuxDriver.__init__, "signal.SIGTSTP, self._sigtstp_application"),
        "a console that is stopped while it quits is started on its terminal again",
    ),
    Private(
        "_sigcont_application",
        lambda: reads(LinuxDriver.__init__, "signal.SIGCONT, self._sigcont_application"),
        "a console that is continued while it quits is started on its terminal again",
    ),
    Private(
        "_must_signal_resume",
        lambda: reads(LinuxDriver.start_application_mode, "if self._must_signal_resume:"),
        "a console that is continued after a stop stays blank",
    ),
    Private(
        "_key_thread",
        lambda: reads(LinuxDriver.start_application_mode, "self._key_thread.start()"),
        "a console that is continued while it quits is started on its terminal again",
    ),
    Private(
        "_BorderTitle",
        lambda: takes(_BorderTitle.__set__, "self", "obj", "title"),
        "a count in the title of a pane draws the whole pane",
    ),
    Private(
        "_internal_name",
        lambda: reads(_BorderTitle.__set_name__, 'self._internal_name = f"_{name}"'),
        "a count in the title of a pane draws the whole pane",
    ),
    Private(
        "_size_updated",
        lambda: takes(
            ScrollView._size_updated, "self", "size", "virtual_size", "container_size", "layout"
        ),
        "rows are drawn once for the former width when a pane is resized",
    ),
    Private(
        "_scroll_update",
        lambda: (
            takes(ScrollView._scroll_update, "self", "virtual_size")
            and reads(ScrollView._size_updated, "self._scroll_update(virtual_size)")
        ),
        "the scroll bar of each pane is drawn after each layout",
    ),
    Private(
        "_xterm_parser",
        lambda: takes(XTermParser.feed, "self", "data") and reads(LinuxDriver, "XTermParser("),
        "escape and the next key, read together, are alt and that key",
    ),
    Private(
        "_timeout_time",
        lambda: len(typed_events("\x1bj\x1b[A")) == 3,
        "escape and the next key, read together, are alt and that key",
    ),
    Private("_styles_cache", keeps_its_lines, "a row that changed keeps the look it had"),
)

FOR_TESTS = (
    Private(
        "_compositor",
        lambda: callable(Screen()._compositor.render_strips),
        "no test of the console can read the screen",
    ),
    Private(
        "_writer_thread",
        lambda: takes(_writer_thread.WriterThread.__init__, "self", "file"),
        "no test sees that the writing thread outlasts the terminal",
    ),
)


@pytest.mark.parametrize("private", [*PRIVATE, *FOR_TESTS], ids=lambda each: each.name)
def test_textual_has_it_as_expected(private: Private) -> None:
    message = f"Textual {__version__} changed {private.name}: {private.breaks}"
    assert private.as_expected(), message


def private_names(file: str | None) -> set[str]:
    """The private names that a module reads, overrides or imports, but for those of its own."""
    assert file is not None
    tree = list(ast.walk(ast.parse(Path(file).read_text(encoding="utf-8"))))
    read = {node.attr for node in tree if isinstance(node, ast.Attribute)}
    written = {node.name for node in tree if isinstance(node, ast.FunctionDef)}
    imported = {
        part
        for node in tree
        if isinstance(node, ast.ImportFrom) and node.module
        for part in (*node.module.split("."), *(alias.name for alias in node.names))
    }
    names = read | written | imported
    return {name for name in names if name.startswith("_") and not name.startswith("__")}


@pytest.mark.parametrize(
    ("module", "table", "own"),
    [
        (textual_private, PRIVATE, {"_edge", "_AFTER_ESCAPE", "_ends_with_escape"}),
        (private_for_tests, FOR_TESTS, set()),
    ],
    ids=["console", "tests"],
)
def test_each_private_name_that_is_used_is_checked(
    module: object, table: tuple[Private, ...], own: set[str]
) -> None:
    used = private_names(getattr(module, "__file__", None)) - own
    assert used == {each.name for each in table}
