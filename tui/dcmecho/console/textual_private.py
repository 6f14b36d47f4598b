"""The private parts of Textual that the console uses, and why. Only this module uses any.

``tests/console/terminal/test_textual_private.py`` compares each name with the installed Textual,
and says which feature an upgrade would break. If an upstream issue would make a workaround
unnecessary, it is named; for the others no upstream issue was found.
"""

from __future__ import annotations

import io
import os
import re
import signal
from collections.abc import Callable, Iterable
from typing import Any, Literal, TextIO, cast

from rich.console import RenderableType
from rich.text import Text
from textual import constants
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.content import Content, ContentType
from textual.driver import Driver
from textual.drivers import linux_driver
from textual.drivers.linux_driver import LinuxDriver
from textual.geometry import Region, Size
from textual.message import Message
from textual.screen import Screen
from textual.scroll_view import ScrollView
from textual.widget import Widget, _BorderTitle


class BatchingApp(App[None], inherit_bindings=False):
    """An application that paints once after a batch, and only the screens that are visible."""

    missed_an_update = False
    """Something changed during a batch, an update that Textual loses.

    No upstream issue found; batches came with https://github.com/Textualize/textual/pull/1832.
    """

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        self.missed_an_update |= self._batch_count > 0 and renderable is not None
        super()._display(screen, renderable)

    @property
    def _background_screens(self) -> list[Screen[Any]]:
        """Return the screens that are visible behind a dialog.

        Textual also counts a screen behind an opaque one as visible, and then draws everything
        again for each message to it: 36 kB/s during a watch. No upstream issue found; background
        screens are drawn since https://github.com/Textualize/textual/issues/3055.
        """
        seen_through = bool(self.screen_stack) and self.screen.styles.background.a < 1
        return super()._background_screens if seen_through else []

    @property
    def driver(self) -> Driver | None:
        """The driver that writes to the terminal, once the application is running."""
        return self._driver


_AFTER_ESCAPE = re.compile("(?<=\x1b)(?=[^\x1b\\[O])")
"""Between an escape and a byte that begins no sequence of a key (ECMA-48 5.3, xterm's ctlseqs)."""


class LoneEscapeParser(XTermParser):
    """Reads an escape and another key that arrive together as these two keys.

    Textual reads alt and the other key, or even ``¡`` for escape and ``1``. No upstream issue was
    found.
    """

    _ends_with_escape = False

    def feed(self, data: str) -> Iterable[Message]:
        """Return the keys in ``data``."""
        for part in _AFTER_ESCAPE.split(data):
            is_pending = self._ends_with_escape and self._timeout_time is not None
            if is_pending and part[:1] not in ("", "\x1b", "[", "O"):
                self._timeout_time = 0.0
                yield from self.tick()
            self._ends_with_escape = part.endswith("\x1b")
            yield from super().feed(part)


def typed_events(text: str) -> list[Message]:
    """Return the keys in a text that came from the terminal before the driver read from it."""
    return list(LoneEscapeParser().feed(text)) if text else []


def read_keys_patiently(seconds: float) -> None:
    """Take an escape for a key of its own only after ``seconds`` without another byte.

    On a slow line, a sequence can arrive in two packets. Textual reads the environment variable
    ``ESCDELAY`` once, when it is imported.
    """
    constants.ESCAPE_DELAY = seconds  # type: ignore[misc]
    linux_driver.XTermParser = LoneEscapeParser  # type: ignore[attr-defined]


def wrap_terminal(driver: LinuxDriver, wrap: Callable[[TextIO], io.TextIOBase]) -> None:
    """Let ``driver`` write to ``wrap(terminal)`` instead of the terminal.

    Its writer thread ends with the first write that fails, and callers that write after that block
    forever, as in https://github.com/Textualize/textual/issues/6692.
    """
    if driver._file is not None:
        driver._file = cast(io.TextIOWrapper, wrap(driver._file))


class StoppableDriver(LinuxDriver):
    """Leaves the terminal and comes back to it only while the application is running on it.

    Textual starts the terminal again on every SIGCONT, even while it quits. The thread that then
    reads from a lost terminal keeps a processor busy and the process alive. No upstream issue
    found.
    """

    is_on = False
    """True while the application is running on the terminal."""

    def start_application_mode(self) -> None:
        """Use the terminal."""
        super().start_application_mode()  # type: ignore[no-untyped-call]
        self.is_on = self._key_thread is not None and self._key_thread.is_alive()

    def stop_application_mode(self) -> None:
        """Give the terminal back."""
        self.is_on = False
        super().stop_application_mode()

    @property
    def has_terminal(self) -> bool:
        """True while the terminal can be used again."""
        return True

    def _sigtstp_application(self, *_: object) -> None:
        if self.is_on:
            super()._sigtstp_application()
        else:
            os.kill(os.getpid(), signal.SIGSTOP)

    def _sigcont_application(self, *_: object) -> None:
        if self.is_on:
            # It was stopped without warning (SIGSTOP); the shell has changed the terminal since.
            self.suspend_application_mode()
            self._must_signal_resume = True
        elif not self._must_signal_resume:
            return
        if self.has_terminal:
            super()._sigcont_application()


class TitleLine(_BorderTitle):
    """A title in the border. Textual's own title draws the whole widget again when it changes."""

    def __init__(self, edge: Literal["top", "bottom"]) -> None:
        self._edge = edge

    def __set__(self, obj: Widget, title: Text | ContentType | None) -> None:
        before: Content | None = getattr(obj, self._internal_name)
        shown = Content() if title is None else Content.from_text(title)
        if before is None or not shown.is_same(before):
            setattr(obj, self._internal_name, shown)
            outer = obj.outer_size
            y = 0 if self._edge == "top" else max(0, outer.height - 1)
            obj.refresh(Region(0, y, outer.width, 1) - obj.content_offset)


def follow_sizes(view: ScrollView, resized: Callable[[], object]) -> None:
    """Call ``resized`` whenever ``view`` gets another size, before it is drawn.

    ``Resize`` arrives after drawing, which used rows of the wrong width. Besides, the scroll bar is
    drawn when a size has changed; Textual draws it again after each layout.
    """
    scroll_update, size_updated = view._scroll_update, view._size_updated
    measured: tuple[Size, Size] | None = None

    def scroll_update_once(virtual_size: Size) -> None:
        nonlocal measured
        sizes = virtual_size, view.container_size
        if sizes != measured:
            measured = sizes
            scroll_update(virtual_size)

    def size_updated_first(
        size: Size, virtual_size: Size, container_size: Size, layout: bool = True
    ) -> bool:
        before = view.outer_size
        is_resized = size_updated(size, virtual_size, container_size, layout)
        if size != before:
            resized()
        return is_resized

    view._scroll_update = scroll_update_once  # type: ignore[method-assign]
    view._size_updated = size_updated_first  # type: ignore[method-assign]


def forget_line(widget: Widget, y: int) -> None:
    """Render line ``y`` of ``widget`` again, which Textual would otherwise keep."""
    widget._styles_cache.set_dirty(Region(0, y, widget.outer_size.width, 1))
