"""The demo's profiles.toml: the practice peers as targets, commented for who sees one first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import tomlkit

from dcmecho.diagnosis.target.target import Target

_OPENING = """\
# The practice peers of dcmecho: each plays one way in which DICOM fails, on this machine only.
# They end when dcmecho ends. When you listen (L), others call you, each in another way.
# Change what you like: this file is a copy for you to play with.

# What every target uses unless it says otherwise. calling_ae is your own AE title; the time-outs
# are short here, so that the silent peers do not keep you waiting.
"""

_DEFAULT_KEYS = ("calling_ae", "connect_timeout_s", "acse_timeout_s", "dimse_timeout_s")


def demo_profiles_toml(targets: Sequence[Target]) -> str:
    """Write a profiles.toml with ``targets``, of which there has to be one at least.

    What the first target says about itself and the time-outs stands in ``[defaults]``; a target
    repeats only what it says otherwise.
    """
    defaults = {key: getattr(targets[0], key) for key in _DEFAULT_KEYS}
    tables = [_table("[defaults]", defaults.items())]
    tables += [_table("[[target]]", _keys(target, defaults)) for target in targets]
    return _OPENING + "\n".join(tables)


def _keys(target: Target, defaults: Mapping[str, object]) -> Iterable[tuple[str, object]]:
    for key in ("name", "group", "notes", "host", "port", "called_ae"):
        yield key, getattr(target, key)
    for key, default in defaults.items():
        if getattr(target, key) != default:
            yield key, getattr(target, key)


def _table(header: str, keys: Iterable[tuple[str, object]]) -> str:
    lines = [f"{key} = {tomlkit.item(value).as_string()}" for key, value in keys]
    return "\n".join((header, *lines, ""))
