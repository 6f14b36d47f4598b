"""Our settings for a target as a later comparison needs them: no secret, and no content of a file.

A report for others does not have them: they are about this machine.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from dcmecho.diagnosis.evidence import JsonValue
from dcmecho.diagnosis.target.target import Target

if TYPE_CHECKING:
    from dcmecho.diagnosis.target.tls import TlsSettings


def settings_data(target: Target) -> dict[str, JsonValue]:
    """Return the timeouts, in s, the longest PDU, in bytes, and what TLS uses, if it is on."""
    found: dict[str, JsonValue] = {
        "connect_timeout_s": target.connect_timeout_s,
        "acse_timeout_s": target.acse_timeout_s,
        "dimse_timeout_s": target.dimse_timeout_s,
        "max_pdu_bytes": target.max_pdu_bytes,
    }
    return found if target.tls is None else {**found, **_tls_data(target.tls)}


def _tls_data(tls: TlsSettings) -> Mapping[str, JsonValue]:
    return {
        "verify": tls.verify,
        "minimum_version": tls.minimum_version.value,
        "server_name": tls.server_name,
        "ca_files": ", ".join(filter(None, (*tls.ca_files, tls.ca_folder))),
        "ca_sha256": _digest(tls.ca_files),
        "cert_file": tls.cert_file,
        "cert_sha256": _digest([tls.cert_file] if tls.cert_file else []),
        "key_file": tls.key_file,
    }


def _digest(paths: Sequence[str]) -> str:
    """Return what changes when the content of a file does; empty without files."""
    digests = [*map(_of_file, paths)]
    return digests[0] if len(digests) == 1 else _sha256("".join(digests).encode())


def _of_file(path: str) -> str:
    with suppress(OSError, ValueError):
        status = Path(path).stat()
        return _of_version(path, status.st_ino, status.st_size, status.st_mtime_ns)
    return ""


@lru_cache(maxsize=1024)
def _of_version(path: str, _inode: int, _size: int, _changed_ns: int) -> str:
    """Return the digest of a file; a watch asks each few seconds."""
    from dcmecho.regular_file import read_regular

    return _sha256(read_regular(Path(path)))


def _sha256(content: bytes) -> str:
    if not content:
        return ""
    # Imported here because few targets have TLS, and a check waits for it.
    from hashlib import sha256

    return sha256(content).hexdigest()
