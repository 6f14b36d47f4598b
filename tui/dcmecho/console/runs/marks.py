"""The targets that the user has marked, to act on several at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable


class Marks:
    """Keys of profiles (``session.profile_key``)."""

    def __init__(self) -> None:
        self._keys: set[str] = set()

    def __len__(self) -> int:
        return len(self._keys)

    def __contains__(self, key: str) -> bool:
        return key in self._keys

    def toggle(self, key: str) -> None:
        """Mark one, or clear its mark."""
        self._keys ^= {key}

    def toggle_all(self, keys: Collection[str]) -> None:
        """Mark all of these; if all are marked, clear their marks."""
        if self._keys.issuperset(keys):
            self._keys.difference_update(keys)
        else:
            self._keys.update(keys)

    def clear(self) -> None:
        """Clear all marks."""
        self._keys.clear()

    def rename(self, old: str, new: str) -> None:
        """Keep the mark of a target under its new name."""
        if old in self._keys:
            self._keys.remove(old)
            self._keys.add(new)

    def keep(self, keys: Iterable[str]) -> None:
        """Forget the marks of targets that are no longer in the file."""
        self._keys.intersection_update(keys)
