"""dcm4che's configuration as LDIF (PS3.15 H.1): devices, their network connections and AEs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from dcmecho.diagnosis.target.fields import Field
from dcmecho.diagnosis.target.target import Target
from dcmecho.profiles.exchange.formats.syntax.ldif import LdifEntry, attribute, entries, escaped
from dcmecho.profiles.exchange.rows import (
    MOST_ROWS,
    Channel,
    ExchangeFormat,
    ExchangeRow,
    Reading,
    Remark,
    counted,
    row_of,
)
from dcmecho.profiles.exchange.writing import ExportedText

_BASE = "cn=Devices,cn=DICOM Configuration,dc=dcm4che,dc=org"
_TITLE, _HOST, _PORT = "dicomAETitle", "dicomHostname", "dicomPort"
_CIPHERS, _REFERENCE = "dicomTLSCipherSuite", "dicomNetworkConnectionReference"
_CLASS, _INSTALLED, _PROTOCOL = "objectClass", "dicomInstalled", "dcmProtocol"
_AE_CLASS, _DICOM = "dicomnetworkae", "DICOM"
_DEVICE = re.compile(r"(?:^|,)(dicomdevicename=(?:[^,\\]++|\\.)++.*)$", re.DOTALL)
_SEPARATOR = re.compile(r"(?:(?<!\s)\s++)?(?<!\\)([,=])\s*")
"""``,`` or ``=`` and the spaces around it; a run of other spaces is looked at only once."""
_TLS_CIPHER = "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"


@dataclass(frozen=True, slots=True)
class _Directory:
    """The entries of one file, by their distinguished names; connections also by device.

    ``other_protocols`` are the names of connections for HL7, syslog or HTTP.
    """

    devices: Mapping[str, LdifEntry]
    connections: Mapping[str, LdifEntry]
    connections_of: Mapping[str, Sequence[LdifEntry]]
    other_protocols: frozenset[str]
    aes: tuple[LdifEntry, ...]


def looks_like(text: str) -> bool:
    """Report whether a text is an LDIF with DICOM attributes."""
    return re.search(r"^(?:dicomAETitle|dicomHostname)::? ?", text, re.M | re.I) is not None


def read(text: str) -> Reading:
    """Read the AEs, with each network connection of theirs."""
    directory = _directory(text)
    pairs = (pair for ae in directory.aes for pair in _rows(directory, ae))
    found = list(islice(pairs, MOST_ROWS + 1))
    rows = _named(found)
    remarks = () if rows else (Remark(0, "no entry is a dicomNetworkAE with a title"),)
    return Reading(ExchangeFormat.LDIF, tuple(counted(rows)), remarks)


def write(targets: Sequence[Target]) -> ExportedText:
    """Write a device with one connection and one AE for each target."""
    return ExportedText("\n".join(_device(target) for target in targets))


def _device(target: Target) -> str:
    dn = f"dicomDeviceName={escaped(target.name)},{_BASE}"
    connection = f"cn=dicom,{dn}"
    title = target.called_ae.strip(" ")
    parts: list[tuple[str, str]] = [
        *(("dn", dn), ("objectClass", "dicomDevice"), ("dicomDeviceName", target.name)),
        *(("dicomInstalled", "TRUE"), ("", "")),
        *(("dn", connection), ("objectClass", "dicomNetworkConnection"), ("cn", "dicom")),
        *((_HOST, target.host), (_PORT, str(target.port))),
        *(((_CIPHERS, _TLS_CIPHER),) if target.tls is not None else ()),
        *((("", ""), ("dn", f"{_TITLE}={escaped(title)},{dn}"), ("objectClass", "dicomNetworkAE"))),
        *((_TITLE, title), (_REFERENCE, connection)),
        *(("dicomAssociationInitiator", "FALSE"), ("dicomAssociationAcceptor", "TRUE")),
    ]
    return "".join(attribute(name, value) if name else "\n" for name, value in parts)


def _directory(text: str) -> _Directory:
    devices, connections, others, aes = {}, {}, set(), []
    connections_of: dict[str, list[LdifEntry]] = {}
    for entry in entries(text):
        dn = _normalized(entry.first("dn"))
        if _is_ae(entry):
            aes.append(entry)
        elif entry.first(_PROTOCOL).upper() not in ("", _DICOM):
            others.add(dn)
        elif entry.first(_HOST):
            connections[dn] = entry
            connections_of.setdefault(_device_dn(entry), []).append(entry)
        elif entry.first("dicomDeviceName"):
            devices[dn] = entry
    return _Directory(devices, connections, connections_of, frozenset(others), tuple(aes))


def _is_ae(entry: LdifEntry) -> bool:
    """Report whether an entry is an AE; the title also stands in registries, HL7 and web entries.

    An entry without any class is written by hand.
    """
    classes = [each.strip().lower() for each in entry.all(_CLASS)]
    return bool(entry.first(_TITLE)) and (not classes or _AE_CLASS in classes)


def _is_off(entry: LdifEntry | None) -> bool:
    return entry is not None and entry.first(_INSTALLED).upper() == "FALSE"


def _rows(directory: _Directory, ae: LdifEntry) -> Iterator[tuple[str, ExchangeRow]]:
    """Yield the rows of one AE, each with the name of its device, if any."""
    device_dn = _device_dn(ae)
    device = directory.devices.get(device_dn)
    name = device.first("dicomDeviceName") if device else ""
    if ae.first("dicomAssociationAcceptor").upper() == "FALSE":
        problem = f"{ae.first(_TITLE)} only calls others and accepts no associations"
        yield name, ExchangeRow(ae.line, problem=problem)
        return
    if _is_off(device) or _is_off(ae):
        problem = f"{ae.first(_TITLE)} is switched off ({_INSTALLED}: FALSE)"
        yield name, ExchangeRow(ae.line, problem=problem)
        return
    for connection in _connections(directory, ae, device_dn):
        yield name, _row(ae, connection)


def _connections(
    directory: _Directory, ae: LdifEntry, device_dn: str
) -> Sequence[LdifEntry | None]:
    """Return the DICOM connections of an AE or of its device, or the AE itself in flat files."""
    if ae.first(_HOST):
        return [ae]
    references = [_normalized(reference) for reference in ae.all(_REFERENCE)]
    if references:
        for_dicom = [each for each in references if each not in directory.other_protocols]
        return [directory.connections.get(reference) for reference in for_dicom] or [None]
    return directory.connections_of.get(device_dn, [None]) if device_dn else [None]


def _row(ae: LdifEntry, connection: LdifEntry | None) -> ExchangeRow:
    title = ae.first(_TITLE)
    if connection is None:
        return ExchangeRow(ae.line, problem=f"{title} has no DICOM connection in this file")
    problem = ae.problem or connection.problem
    if not problem and not connection.first(_PORT):
        problem = f"{title} has a connection without a port, so it does not listen there"
    if not problem and _is_off(connection):
        problem = f"{title} has a connection that is switched off ({_INSTALLED}: FALSE)"
    if problem:
        return ExchangeRow(ae.line, problem=problem)
    texts = {
        Field.HOST: connection.first(_HOST),
        Field.PORT: connection.first(_PORT),
        Field.CALLED_AE: title,
    }
    secure = connection.first(_CIPHERS)
    return row_of(ae.line, texts, Channel.TLS if secure else Channel.PLAIN)


def _named(found: Sequence[tuple[str, ExchangeRow]]) -> list[ExchangeRow]:
    """Name a target after its device, adding title and TLS if the device has several."""
    devices = Counter(device for device, row in found if not row.problem)
    titles = Counter((device, _title(row)) for device, row in found if not row.problem)
    rows = []
    for device, row in found:
        name = device
        if devices[device] > 1:
            name = f"{device} {_title(row)}"
            if titles[device, _title(row)] > 1 and row.channel is Channel.TLS:
                name = f"{name} TLS"
        named = {Field.NAME: name} if device and not row.problem else {}
        rows.append(ExchangeRow(row.line, {**named, **row.values}, row.channel, row.problem))
    return rows


def _title(row: ExchangeRow) -> str:
    return str(row.values.get(Field.CALLED_AE, ""))


def _device_dn(entry: LdifEntry) -> str:
    match = _DEVICE.search(_normalized(entry.first("dn")))
    return match[1] if match else ""


def _normalized(dn: str) -> str:
    return _SEPARATOR.sub(r"\1", dn.strip()).lower()
