"""What tells the profiles of a file apart, also those of the same name."""

from __future__ import annotations

from dcmecho.profiles.book.model import Profile


def key_of(name: str, occurrence: int) -> str:
    """The key of the ``occurrence``-th profile of this name, from 0."""
    return f"{name}\0{occurrence}" if occurrence else name


def profile_key(profile: Profile) -> str:
    """What tells a profile from all others of its file, also from one of the same name."""
    return key_of(profile.name, profile.occurrence)
