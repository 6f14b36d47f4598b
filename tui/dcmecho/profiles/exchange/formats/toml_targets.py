"""Targets as ``[[target]]`` tables, for another profiles.toml."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import tomlkit

from dcmecho.diagnosis.target.fields import REQUIRED, Field, Value
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.target.tls import TlsSettings, TlsVersion
from dcmecho.diagnosis.target.tls_keys import TlsKey
from dcmecho.profiles.book.books import book_of
from dcmecho.profiles.book.load import UnreadableFileError, parse
from dcmecho.profiles.book.model import BUILT_IN, Profile, ProfileBook
from dcmecho.profiles.book.reading import FileReading
from dcmecho.profiles.exchange.placeholders import placeholder_problem
from dcmecho.profiles.exchange.rows import (
    Channel,
    ExchangeFormat,
    ExchangeRow,
    Reading,
    Remark,
    counted,
)
from dcmecho.profiles.exchange.writing import ExportedText
from dcmecho.profiles.text.style import TableStyle

_NAMELESS = Path("profiles.toml")
_KEPT = (*REQUIRED, Field.CALLING_AE)


def looks_like(text: str) -> bool:
    """Report whether a text has a ``[[target]]``."""
    return any(line.strip().startswith("[[target]]") for line in text.splitlines())


def read(text: str) -> Reading:
    """Read the targets, with the values they inherit in their own file."""
    try:
        _, document = parse(_NAMELESS, text.encode("utf-8", "surrogatepass"))
    except UnreadableFileError as error:
        problem = error.problem
        return Reading(ExchangeFormat.TOML, (ExchangeRow(problem.line, problem=problem.message),))
    book = book_of(FileReading(_NAMELESS, text, document), writable=False)
    rows = tuple(counted(_row(book, profile) for profile in book.profiles))
    has_tls = any(row.channel is Channel.TLS for row in rows)
    message = "TLS is imported without its files; name them in [target.tls]"
    return Reading(ExchangeFormat.TOML, rows, (Remark(0, message),) if has_tls else ())


def write(targets: Sequence[Target]) -> ExportedText:
    """Write each target with all its values in force, because another file has other defaults.

    ``passphrase_command`` is left out: a file from elsewhere must not bring commands along.
    """
    return ExportedText("\n".join("".join(_table(target)) for target in targets))


def _as_toml(value: Value | bool | Sequence[str]) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return tomlkit.item(value).as_string()


def _row(book: ProfileBook, profile: Profile) -> ExchangeRow:
    if profile.target is None:
        problem = "; ".join(f"{each.key}: {each.message}" for each in profile.problems)
        return ExchangeRow(profile.problems[0].line, {Field.NAME: profile.name}, problem=problem)
    group = book.groups.get(profile.group, {})
    given = {**book.defaults, **group, **profile.own}
    target = profile.target
    values: Mapping[Field, Value] = {key: getattr(target, key) for key in given}
    channel = Channel.PLAIN if target.tls is None else Channel.TLS
    unset = (
        f"{key}: {why}" for key in values if (why := placeholder_problem(key, str(values[key])))
    )
    return ExchangeRow(0, values, channel, "; ".join(unset))


def _table(target: Target) -> Iterator[str]:
    style = TableStyle()
    yield style.header("target")
    for field in Field:
        value = getattr(target, field)
        if field in _KEPT or value != BUILT_IN[field]:
            yield style.pair(field, _as_toml(value))
    if target.tls is not None:
        yield "[target.tls]\n"
        for key, setting in _tls_values(target.tls):
            yield style.pair(key, _as_toml(setting))


def _tls_values(tls: TlsSettings) -> Iterator[tuple[TlsKey, str | bool | Sequence[str]]]:
    if tls.ca_files:
        yield TlsKey.CA_FILE, list(tls.ca_files)
    for key, text in (
        (TlsKey.CA_FOLDER, tls.ca_folder),
        (TlsKey.CERT_FILE, tls.cert_file),
        (TlsKey.KEY_FILE, tls.key_file),
        (TlsKey.PASSPHRASE_ENV, tls.passphrase_env),
        (TlsKey.SERVER_NAME, tls.server_name),
    ):
        if text:
            yield key, text
    if tls.minimum_version is not TlsVersion.TLS_1_2:
        yield TlsKey.MINIMUM_VERSION, tls.minimum_version.value
    if not tls.verify:
        yield TlsKey.VERIFY, False
