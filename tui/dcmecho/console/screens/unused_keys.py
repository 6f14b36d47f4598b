"""Says why a key that was pressed does nothing now."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, Protocol, runtime_checkable

from textual.css.query import NoMatches
from textual.events import Key
from textual.screen import Screen
from textual.widgets import Input

from dcmecho.console.command import Need, Pane, why_not
from dcmecho.console.commands import COMMANDS
from dcmecho.console.symbols import Mark, Symbols
from dcmecho.console.widgets.notice import Notice

_NAMES = {"escape": "esc"}
"""Keys by the names that users read, if Textual has another."""


class Keys(NamedTuple):
    """The keys of a screen: those of its panes, and whether what a command needs is there."""

    panes: tuple[Pane, ...]
    meets: Callable[[Need], bool] = lambda _: True
    why_not: Callable[[Need], str] = why_not


@runtime_checkable
class HasKeys(Protocol):
    """A screen with panes of keys; the others have bindings of their own."""

    def keys_now(self) -> Keys:
        """Return the keys that can act in the present focus."""


def explain(screen: Screen[Any], event: Key, symbols: Symbols) -> None:
    """Say in the notice of the screen why a key does nothing. In an input, every key is text.

    A key with a binding is left alone: Textual tries it a second time, when the layout is done.
    """
    if isinstance(screen.focused, Input) or event.key in screen.active_bindings:
        return
    text = _why_unused(screen.keys_now(), event) if isinstance(screen, HasKeys) else ""
    if not isinstance(screen, HasKeys):
        text = f"{_name(event)} does nothing here. Press {_listed(_own_keys(screen))}."
    if text:
        _notice(screen, symbols).say(text, Mark.SKIPPED)


def _why_unused(keys: Keys, event: Key) -> str:
    if not keys.panes:
        return ""
    commands = [each for pane in keys.panes for each in COMMANDS[pane] if event.key in each.keys]
    if not commands:
        return f"{_name(event)} does nothing here. Press ? for the keys."
    if any(keys.meets(each.need) for each in commands):
        return ""
    return keys.why_not(commands[0].need)


def _name(event: Key) -> str:
    return event.character if event.character and event.is_printable else event.key


def _own_keys(screen: Screen[Any]) -> Iterator[str]:
    """Yield the first key of each action of a question; those of every screen have a prefix."""
    seen = set()
    for key, active in screen.active_bindings.items():
        action = active.binding.action
        if active.node is screen and action not in seen and "." not in action:
            seen.add(action)
            yield _NAMES.get(key, key)


def _listed(keys: Iterator[str]) -> str:
    *others, last = keys
    return f"{', '.join(others)} or {last}" if others else last


def _notice(screen: Screen[Any], symbols: Symbols) -> Notice:
    """Return the notice of a screen. A question has none until a key does nothing."""
    try:
        return screen.query_one(Notice)
    except NoMatches:
        notice = Notice(symbols)
        screen.mount(notice)
        return notice
