"""The targets that the user has marked, to do something to several at once."""

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
        """Mark one, or take its mark away."""
        self._keys ^= {key}

    def toggle_all(self, keys: Collection[str]) -> None:
        """Mark all of these; where all are, take their marks away."""
        if self._keys.issuperset(keys):
            self._keys.difference_update(keys)
        else:
            self._keys.update(keys)

    def clear(self) -> None:
        """Take every mark away."""
        self._keys.clear()

    def rename(self, old: str, new: str) -> None:
        """A target got another name: its mark goes with it."""
        if old in self._keys:
            self._keys.remove(old)
            self._keys.add(new)

    def keep(self, keys: Iterable[str]) -> None:
        """Forget those that the file no longer has."""
        self._keys.intersection_update(keys)
