"""Writes the demo's profiles.toml: the practice peers as targets, with comments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import tomlkit

from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.target.tls import TlsSettings

_OPENING = """\
# The practice peers of dcmecho. Each one fails in a different way, on this machine only. They
# end when dcmecho ends. When you listen (L), practice applications call you, each in its own way.
# You can change anything: this file is your own copy.

# Every target uses these values unless it has its own. calling_ae is your AE title. The timeouts
# are short here, so the silent peers do not keep you waiting.
"""

_DEFAULT_KEYS = ("calling_ae", "connect_timeout_s", "acse_timeout_s", "dimse_timeout_s")


def demo_profiles_toml(targets: Sequence[Target]) -> str:
    """Return the text of a profiles.toml with ``targets``, at least one.

    ``[defaults]`` has the calling AE title and timeouts of the first target. The other targets
    repeat only values that differ.
    """
    defaults = {key: getattr(targets[0], key) for key in _DEFAULT_KEYS}
    tables = [_table("[defaults]", defaults.items())]
    for target in targets:
        tables.append(_table("[[target]]", _keys(target, defaults)))
        if target.tls is not None:
            tables.append(_table("[target.tls]", _tls_keys(target.tls)))
    return _OPENING + "\n".join(tables)


def _keys(target: Target, defaults: Mapping[str, object]) -> Iterable[tuple[str, object]]:
    for key in ("name", "group", "notes", "host", "port", "called_ae"):
        yield key, getattr(target, key)
    for key, default in defaults.items():
        if getattr(target, key) != default:
            yield key, getattr(target, key)


def _tls_keys(tls: TlsSettings) -> Iterable[tuple[str, object]]:
    yield "ca_file", tls.ca_files[0]
    if tls.cert_file:
        yield "cert_file", tls.cert_file
        yield "key_file", tls.key_file


def _table(header: str, keys: Iterable[tuple[str, object]]) -> str:
    lines = [f"{key} = {tomlkit.item(value).as_string()}" for key, value in keys]
    return "\n".join((header, *lines, ""))
