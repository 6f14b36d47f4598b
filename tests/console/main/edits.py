"""Values that are typed into each editor of targets, and not saved."""

from __future__ import annotations

from tests.console.driving import Console


async def edit_in_the_form(console: Console) -> None:
    await console.press("E")
    await console.until(lambda: console.main.editing.editor)
    await console.press("right")
    await console.type("X")


async def edit_in_the_row(console: Console) -> None:
    await console.press("e")
    await console.until(lambda: console.main.editing.editor)
    await console.press("right")
    await console.type("x")


async def edit_several(console: Console) -> None:
    await console.press("space", "space", "e")
    await console.shows("Edit 2 targets")
    await console.type("WS")
