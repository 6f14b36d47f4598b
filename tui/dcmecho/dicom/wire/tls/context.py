"""Builds an ``ssl.SSLContext`` from a target's TLS settings, and finds local mistakes."""

from __future__ import annotations

import os
import re
import ssl
import warnings
from collections.abc import Callable
from pathlib import Path
from threading import Condition
from typing import assert_never

from dcmecho.diagnosis.network.shortage import is_shortage
from dcmecho.diagnosis.sanitize import own_text, path_text
from dcmecho.diagnosis.target.tls import TlsFileProblem, TlsSettings, TlsVersion
from dcmecho.dicom.wire.awaited import NotDoneError, awaited
from dcmecho.dicom.wire.tls.passphrase import PassphraseCommandError, passphrase_of
from dcmecho.regular_file import read_regular, require_regular

FILES_WITHIN_S = 20.0
"""Longer than a passphrase command may take."""

_WRONG_PASSPHRASE = "the passphrase is wrong"


def _version(version: TlsVersion) -> ssl.TLSVersion:
    match version:
        case TlsVersion.TLS_1_0:
            return ssl.TLSVersion.TLSv1
        case TlsVersion.TLS_1_1:
            return ssl.TLSVersion.TLSv1_1
        case TlsVersion.TLS_1_2:
            return ssl.TLSVersion.TLSv1_2
        case TlsVersion.TLS_1_3:
            return ssl.TLSVersion.TLSv1_3
        case _:
            assert_never(version)


_HASHED = re.compile("[0-9a-f]{8}[.]r?[0-9]+")
"""A certificate or a revocation list in a folder (openssl-rehash(1))."""

_OLD_VERSIONS = frozenset({TlsVersion.TLS_1_0, TlsVersion.TLS_1_1})


class TlsFileError(Exception):
    """A file or passphrase of the target cannot be used."""

    def __init__(self, key: str, path: str, message: str) -> None:
        super().__init__(message)
        self.problem = TlsFileProblem(key, path_text(path), message)


def context_in_time(
    settings: TlsSettings, woken: Condition, cancelled: Callable[[], bool]
) -> ssl.SSLContext:
    """Build a context, but do not wait for files longer than ``FILES_WITHIN_S``.

    A file can lie on a network disk that hangs. Ends at once if ``cancelled``, checked when
    ``woken`` is notified. Raises :class:`TlsFileError`.
    """
    try:
        return awaited(lambda: build_context(settings, cancelled), woken, cancelled, FILES_WITHIN_S)
    except NotDoneError:
        message = f"the certificate files were not read within {FILES_WITHIN_S:g} s"
        raise TlsFileError("tls", "", message) from None


def build_context(settings: TlsSettings, cancelled: Callable[[], bool]) -> ssl.SSLContext:
    """Return a client context. Raises :class:`TlsFileError` for the first local mistake.

    Ends a passphrase command once ``cancelled`` returns true. Trusts the files and the folder of
    the target, or else the authorities that the system trusts.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    with warnings.catch_warnings():
        # TLS 1.0 and 1.1 are deprecated; the report says so, at the target that asks for them.
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = _version(settings.minimum_version)
    if settings.minimum_version in _OLD_VERSIONS:
        # OpenSSL's default level never offers versions below 1.2, whatever the minimum is.
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
    if not settings.verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    _load_trust(context, settings)
    _load_own_certificate(context, settings, cancelled)
    if settings.server_name:
        _check_server_name(context, settings.server_name)
    return context


def _check_server_name(context: ssl.SSLContext, name: str) -> None:
    try:
        context.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname=name)
    except (ValueError, TypeError) as error:
        message = f"{own_text(name)} is not a name that a certificate can contain"
        raise TlsFileError("server_name", "", message) from error


def _load_trust(context: ssl.SSLContext, settings: TlsSettings) -> None:
    if not settings.ca_files and not settings.ca_folder:
        context.load_default_certs()
        return
    for path in settings.ca_files:
        _readable("ca_file", path)
        try:
            context.load_verify_locations(cafile=path)
        except (ssl.SSLError, ValueError) as error:
            raise TlsFileError("ca_file", path, "contains no PEM certificate") from error
    if settings.ca_folder:
        if not Path(settings.ca_folder).is_dir():
            raise TlsFileError("ca_folder", settings.ca_folder, "is not a folder")
        _check_folder(Path(settings.ca_folder))
        context.load_verify_locations(capath=settings.ca_folder)


def _check_folder(folder: Path) -> None:
    """Check the files that OpenSSL opens during the handshake, which would wait for a pipe."""
    for path in folder.iterdir():
        if _HASHED.fullmatch(path.name):
            try:
                require_regular(path)
            except OSError as error:
                raise TlsFileError("ca_folder", str(path), error.strerror or str(error)) from error


def _load_own_certificate(
    context: ssl.SSLContext, settings: TlsSettings, cancelled: Callable[[], bool]
) -> None:
    if not settings.cert_file:
        if settings.key_file:
            raise TlsFileError("cert_file", "", "is missing: key_file alone proves nothing")
        return
    _readable("cert_file", settings.cert_file)
    key_file = settings.key_file or settings.cert_file
    _readable("key_file", key_file)
    asked = False

    def passphrase() -> str | bytes:
        nonlocal asked
        asked = True
        return _passphrase(settings, cancelled)

    try:
        context.load_cert_chain(settings.cert_file, key_file, passphrase)
    except ssl.SSLError as error:
        raise _own_certificate_error(settings, key_file, error, asked) from error
    except ValueError:
        # OpenSSL accepts up to 1,023 bytes of UTF-8. The error can quote the secret.
        raise TlsFileError("key_file", key_file, _WRONG_PASSPHRASE) from None


def _own_certificate_error(
    settings: TlsSettings, key_file: str, error: ssl.SSLError, asked: bool
) -> TlsFileError:
    if error.reason == "KEY_VALUES_MISMATCH":
        message = f"is not the key of the certificate {path_text(settings.cert_file)}"
        return TlsFileError("key_file", key_file, message)
    if asked:
        return TlsFileError("key_file", key_file, _WRONG_PASSPHRASE)
    text = _text(settings.cert_file)
    if "-----BEGIN CERTIFICATE-----" not in text:
        return TlsFileError("cert_file", settings.cert_file, "contains no PEM certificate")
    if "PRIVATE KEY-----" not in _text(key_file):
        return TlsFileError("key_file", key_file, "contains no PEM private key")
    return TlsFileError("cert_file", settings.cert_file, f"cannot be used: {error.reason}")


def _passphrase(settings: TlsSettings, cancelled: Callable[[], bool]) -> str | bytes:
    if settings.passphrase is not None:
        return settings.passphrase
    if settings.passphrase_env:
        found = os.environ.get(settings.passphrase_env)
        if found is None:
            message = f"the environment variable {own_text(settings.passphrase_env)} is not set"
            raise TlsFileError("passphrase_env", "", message)
        return found
    if settings.passphrase_command:
        return _passphrase_of(settings.passphrase_command, cancelled)
    message = (
        "is encrypted. Set passphrase_env or passphrase_command in [target.tls] (the command counts"
        " only in a file that nobody else can change), or use +ps or +pw on the command line"
    )
    raise TlsFileError("key_file", settings.key_file or settings.cert_file, message)


def _passphrase_of(command: str, cancelled: Callable[[], bool]) -> bytes:
    # The command and its output can contain the secret, so neither is ever shown.
    try:
        return passphrase_of(command, cancelled)
    except PassphraseCommandError as error:
        raise TlsFileError("passphrase_command", "", str(error)) from None


def _readable(key: str, path: str) -> None:
    try:
        read_regular(Path(path))
    except OSError as error:
        if is_shortage(error):
            raise
        raise TlsFileError(key, path, error.strerror or "cannot be read") from error


def _text(path: str) -> str:
    return read_regular(Path(path)).decode("latin-1")
