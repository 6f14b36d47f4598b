"""Orthanc's settings in a docker-compose file or a .env: its modalities, of all services."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from dcmecho.diagnosis.sanitize import PeerText
from dcmecho.diagnosis.target.fields import Field
from dcmecho.diagnosis.target.target import Target
from dcmecho.profiles.book.wording import shown
from dcmecho.profiles.exchange.formats import orthanc
from dcmecho.profiles.exchange.formats.syntax.compose_yaml import (
    NoYamlError,
    Service,
    read_services,
)
from dcmecho.profiles.exchange.formats.syntax.dotenv import looks_like_dotenv, read_variables
from dcmecho.profiles.exchange.formats.syntax.variable import Variable
from dcmecho.profiles.exchange.rows import ExchangeFormat, ExchangeRow, Reading, Remark, counted
from dcmecho.profiles.exchange.writing import ExportedText

_MODALITIES = "ORTHANC__DICOM_MODALITIES"
_ONE = f"{_MODALITIES}__"
_JSON, _TITLE, _PORT = "ORTHANC_JSON", "ORTHANC__DICOM_AET", "ORTHANC__DICOM_PORT"
_SETTINGS = re.compile(rf"{_JSON}\b|{_MODALITIES}(?:__\w+)?\b|\"DicomModalities\"\s*:")
_FROM_JSON = {
    _TITLE: re.compile(r'"DicomAet"\s*:\s*"(?P<value>[^"\\]*)"'),
    _PORT: re.compile(r'"DicomPort"\s*:\s*(?P<value>[0-9]{1,5})\b'),
}
_DEFAULT_PORT = "4242"
_VARIABLE = re.compile(r"\s*\$\{")


@dataclass(frozen=True, slots=True)
class _Own:
    """What a service says about its own Orthanc."""

    title: str
    port: str


def looks_like(text: str) -> bool:
    """Report whether a text has settings of Orthanc as variables."""
    is_json = text.lstrip().startswith("{")
    return not is_json and _SETTINGS.search(text) is not None and _is_either(text)


def read(text: str) -> Reading:
    """Read the modalities of all services, or of the variables."""
    if looks_like_dotenv(text):
        services: tuple[Service, ...] = (Service("", tuple(read_variables(text))),)
    else:
        try:
            services = read_services(text)
        except NoYamlError as error:
            row = ExchangeRow(error.line, problem=str(error))
            return Reading(ExchangeFormat.COMPOSE, (row,))
    rows = tuple(counted(row for service in services for row in _rows(service)))
    return Reading(ExchangeFormat.COMPOSE, rows, tuple(_remarks(text, services, rows)))


def write(targets: Sequence[Target]) -> ExportedText:
    """Write a service with the modalities, to be merged into a docker-compose file."""
    table = json.dumps(orthanc.modality_table(targets), indent=2).replace("$", "$$")
    lines = "".join(f"        {line}\n" for line in table.splitlines())
    head = f"services:\n  orthanc:\n    environment:\n      {_MODALITIES}: |\n"
    return ExportedText(f"{head}{lines}")


def _is_either(text: str) -> bool:
    return (
        looks_like_dotenv(text) or re.search(r"^(?:services|configs)\s*:", text, re.M) is not None
    )


def _rows(service: Service) -> Iterator[ExchangeRow]:
    for variable in service.variables:
        if variable.name in (_JSON, _MODALITIES) or variable.name.startswith(_ONE):
            yield from _rows_of(variable)


def _rows_of(variable: Variable) -> Iterator[ExchangeRow]:
    if _VARIABLE.match(variable.value):
        problem = f"{shown(variable.value)} is a placeholder; write its value instead"
        yield ExchangeRow(variable.line, problem=f"{variable.name}: {problem}")
        return
    for row in _read(variable):
        yield replace(row, line=row.line - 1 + variable.first_line)


def _read(variable: Variable) -> Iterator[ExchangeRow]:
    if variable.name == _JSON:
        return orthanc.modality_rows(variable.value)
    if variable.name == _MODALITIES:
        return orthanc.table_rows(variable.value)
    name = json.dumps(variable.name.removeprefix(_ONE).lower())
    return orthanc.table_rows(f"{{{name}: {variable.value}}}")


def _remarks(
    text: str, services: Sequence[Service], rows: Sequence[ExchangeRow]
) -> Iterator[Remark]:
    if not rows:
        yield Remark(0, f"no service has modalities in {_JSON} or {_MODALITIES}")
    if "${" in text:
        message = "variables have no values here; docker compose config prints the file with them"
        yield Remark(0, message)
    for service in services:
        if service.name and (own := _own(service)):
            yield Remark(0, _about(service, own))
    yield from _inner_names(services, rows)


def _own(service: Service) -> _Own | None:
    said = {variable.name: variable.value for variable in service.variables}
    title, port = (said.get(name) or _in_json(said, name) for name in (_TITLE, _PORT))
    return _Own(title, port or _DEFAULT_PORT) if title else None


def _in_json(said: dict[str, str], name: str) -> str:
    found = _FROM_JSON[name].search(said.get(_JSON, ""))
    return found["value"] if found else ""


def _about(service: Service, own: _Own) -> str:
    name = f"the Orthanc of {PeerText(service.name)} is called {PeerText(own.title)}"
    published = service.published.get(own.port)
    if published is None:
        return (
            f"{name}; its port {PeerText(own.port)} is not published, so only containers reach it"
        )
    return (
        f"{name}, at port {PeerText(published)} of the Docker host; "
        "to check it, add it as AET@host:port"
    )


def _inner_names(services: Sequence[Service], rows: Sequence[ExchangeRow]) -> Iterator[Remark]:
    """Yield a remark for each host that is a name only inside the network of the file."""
    named = {service.name: service for service in services if service.name}
    for row in rows:
        service = named.get(str(row.values.get(Field.HOST, "")))
        if service is None or row.problem:
            continue
        port = service.published.get(str(row.values.get(Field.PORT, "")))
        where = f"the Docker host and port {PeerText(port)}" if port else "a port that it publishes"
        name = PeerText(service.name)
        yield Remark(row.line, f"only containers know the name {name}; elsewhere, use {where}")
