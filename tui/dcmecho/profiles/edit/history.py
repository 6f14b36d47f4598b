"""Undoes a change: byte by byte, or around edits that others have made since."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from itertools import zip_longest
from typing import TypeVar

from dcmecho.diagnosis.sanitize import error_text
from dcmecho.profiles.book.change import FileChange
from dcmecho.profiles.book.model import ProfileError
from dcmecho.profiles.book.syntax import KeyPath
from dcmecho.profiles.file.rewriting import rewrite
from dcmecho.profiles.text.sections import Piece, Section, sections
from dcmecho.profiles.text.text import ProfileText

Part = TypeVar("Part", Section, Piece)


def undo(change: FileChange) -> FileChange:
    """Undo a change. The result is itself a change, and undoing it redoes the first one.

    If the file has not changed since, it gets exactly its former bytes; a file that did not exist
    becomes empty. Otherwise only the parts of the change are undone. Raises ``ProfileError`` if
    those parts were changed again since; the file is then unchanged.
    """

    def restored(now: bytes | None) -> bytes:
        if now == change.after:
            return change.before or b""
        if now is None:
            raise ProfileError(f"{change.path}: cannot undo: the file has been deleted")
        return _taken_back(change, now)

    return rewrite(change.path, restored)


class _Obstacle(Exception):
    """The reason why a change cannot be undone, in words."""


def _taken_back(change: FileChange, now: bytes) -> bytes:
    done, former, file = (
        ProfileText.of(change.path, content) for content in (change.after, change.before, now)
    )
    try:
        base, theirs = sections(done), sections(file)
        merged = _merged(base, _aligned(sections(former), base), theirs, _settled_section)
        _check_owners(merged)
        text = _joined(merged, file.newline)
        result = file.with_text(text)
        _check_names(result, file)
    except _Obstacle as obstacle:
        told = error_text(obstacle)
        message = f"{told} since then; change it back by hand"
        raise ProfileError(f"{change.path}: cannot undo: {message}") from obstacle
    return file.content_of(text)


def _aligned(former: Sequence[Section], base: Sequence[Section]) -> Sequence[Section]:
    """Give renamed targets their new keys. A change that renames does not add or delete targets."""
    before, after = (
        [each.key for each in part if each.key == each.target] for part in (former, base)
    )
    if len(before) != len(after):
        return former
    renamed = dict(zip(before, after, strict=True))
    return [
        Section(renamed[each.target] + each.key[3:], each.pieces) if each.target else each
        for each in former
    ]


def _targets(file: Sequence[Section]) -> Sequence[KeyPath]:
    return [section.key for section in file if section.key == section.target]


def _merged(
    base: Sequence[Part],
    ours: Sequence[Part],
    theirs: Sequence[Part],
    settled: Callable[[Part, Part, Part], Part],
) -> list[Part]:
    """Apply to ``theirs`` the changes from ``base`` to ``ours``. Raises ``_Obstacle``."""
    old = {part.key: part for part in base}
    new = {part.key: part for part in ours}
    found = {part.key for part in theirs}
    for key, part in new.items():
        if key in old and key not in found and part.text.strip() != old[key].text.strip():
            raise _Obstacle(f"{part.is_known_by} was renamed or deleted")
    merged = []
    for part in theirs:
        kept = _merged_part(old.get(part.key), new.get(part.key), part, settled)
        merged += [kept] if kept else []
    return _with_missing(merged, ours, old)


def _merged_part(
    old: Part | None, new: Part | None, their: Part, settled: Callable[[Part, Part, Part], Part]
) -> Part | None:
    if old and new:
        if new.text == old.text:
            return their
        return new if their.text == old.text else settled(old, new, their)
    rival = old or new
    if rival and rival.text.strip() != their.text.strip():
        raise _Obstacle(f"{their.is_known_by} was changed")
    return None if old else their


def _with_missing(
    kept: Sequence[Part], ours: Sequence[Part], old: Collection[KeyPath]
) -> list[Part]:
    """Put back the parts that the change removed, each below its former neighbor."""
    present = {part.key for part in kept}
    missing: dict[KeyPath | None, list[Part]] = {}
    above: KeyPath | None = None
    for part in ours:
        if part.key in present:
            above = part.key
        elif part.key not in old:
            missing.setdefault(above, []).append(part)
    result, waiting = missing.pop(None, []), list[Part]()
    for part, following in zip_longest(kept, kept[1:]):
        result.append(part)
        waiting += missing.get(part.key, [])
        if following is None or not _is_below(following, part):
            result += waiting
            waiting = []
    return result


def _is_below(part: Section | Piece, above: Section | Piece) -> bool:
    """Report whether a table belongs to the target above it, and must stay with it."""
    if isinstance(part, Section) and isinstance(above, Section):
        return part.target is not None and part.target == above.target
    return False


def _settled_section(old: Section, new: Section, their: Section) -> Section:
    try:
        merged = _merged(old.pieces, new.pieces, their.pieces, _settled_piece)
    except _Obstacle as obstacle:
        raise _Obstacle(f"{their.is_known_by}: {obstacle}") from obstacle
    return Section(their.key, tuple(merged))


def _settled_piece(old: Piece, new: Piece, their: Piece) -> Piece:
    if their.text == new.text or (old.is_between and old.text.strip() == new.text.strip()):
        return their
    if old.is_between and old.text.strip() == their.text.strip():
        return new
    raise _Obstacle(f"{their.is_known_by} was changed")


def _check_owners(merged: Sequence[Section]) -> None:
    """Raise ``_Obstacle`` if a table would now belong to another target."""
    target: KeyPath | None = None
    for section in merged:
        if section.target == section.key:
            target = section.target
        elif section.target and section.target != target:
            raise _Obstacle(f"{section.is_known_by} was changed")


def _check_names(result: ProfileText, file: ProfileText) -> None:
    """Raise ``_Obstacle`` if the undo would create a duplicate name."""
    for name, count in Counter(result.names).items():
        if name and count > max(1, len(file.numbers.get(name, ()))):
            raise _Obstacle(f'another target was named "{name}"')


def _joined(merged: Sequence[Section], newline: str) -> str:
    """Join the pieces, ending each last line, because others can now follow it."""
    pieces = [piece.text for section in merged for piece in section.pieces if piece.text]
    ended = [text if text.endswith("\n") else text + newline for text in pieces[:-1]]
    return "".join(ended + pieces[-1:])
