"""Keys that distinguish the profiles of a file, even those of the same name."""

from __future__ import annotations

from dcmecho.profiles.book.model import Profile


def key_of(name: str, occurrence: int) -> str:
    """Return the key of the ``occurrence``-th profile of this name, counted from 0."""
    return f"{name}\0{occurrence}" if occurrence else name


def profile_key(profile: Profile) -> str:
    """Return the key of a profile, which is unique in its file."""
    return key_of(profile.name, profile.occurrence)
