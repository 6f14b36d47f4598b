"""A hospital's certificate authority, with valid certificates and broken ones."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

PASSPHRASE = "correct-horse-battery-staple"
"""The passphrase of ``encrypted_client``. A secret, so no output must show it."""
WRONG_PASSPHRASE = "incorrect-mule-capacitor-nail"
"""A secret too: people mistype by one letter."""

HOST = "127.0.0.1"
SERVER_NAMES = ("archive.hospital.test", HOST)
OTHER_NAMES = ("other.hospital.test", "192.0.2.7")

_SERVER, _CLIENT = ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass(frozen=True)
class Validity:
    """The validity of a certificate: first and last day, counted from now."""

    from_days: float = -30
    to_days: float = 365


VALID = Validity()
EXPIRED = Validity(-60, -2)
NOT_YET_VALID = Validity(3, 365)
ENDS_SOON = Validity(-30, 10.5)


@dataclass(frozen=True)
class Credential:
    """A certificate (its file may hold those of its issuers below it) and its key, as PEM."""

    cert_file: Path
    key_file: Path


@dataclass(frozen=True)
class Issuer:
    """A certificate that signs others."""

    certificate: x509.Certificate
    key: Key

    @property
    def subject(self) -> str:
        return self.certificate.subject.rfc4514_string()


class Certificates:
    """Every certificate that the tests need, made on first use, in ``folder``.

    The servers' certificates are issued by an intermediate authority, and sent along with it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.root = _authority("Hospital Root CA")
        self.intermediate = _authority("Hospital Radiology CA", self.root)
        self._stranger = _authority("Stranger CA")
        self._ending_root = _authority("Hospital Old Root CA", validity=ENDS_SOON)

    @cached_property
    def ca_file(self) -> Path:
        """The root alone."""
        return self._pem("ca.pem", self.root.certificate)

    @cached_property
    def ca_folder(self) -> Path:
        """The root under its hash, as ``openssl rehash`` names it."""
        folder = self._folder / "authorities"
        folder.mkdir()
        (folder / "ca.pem").write_bytes(_pem(self.root.certificate))
        return folder

    @cached_property
    def intermediate_file(self) -> Path:
        """The intermediate without its root."""
        return self._pem("intermediate.pem", self.intermediate.certificate)

    @cached_property
    def whole_chain_file(self) -> Path:
        """What a server must trust to verify a client: intermediate and root."""
        return self._pem("chain.pem", self.intermediate.certificate, self.root.certificate)

    @cached_property
    def stranger_ca_file(self) -> Path:
        return self._pem("stranger-ca.pem", self._stranger.certificate)

    @cached_property
    def ending_root_file(self) -> Path:
        return self._pem("ending-root.pem", self._ending_root.certificate)

    @cached_property
    def server(self) -> Credential:
        return self._server("server", VALID)

    @cached_property
    def expired(self) -> Credential:
        return self._server("expired", EXPIRED)

    @cached_property
    def not_yet_valid(self) -> Credential:
        return self._server("not-yet-valid", NOT_YET_VALID)

    @cached_property
    def ends_soon(self) -> Credential:
        return self._server("ends-soon", ENDS_SOON)

    @cached_property
    def of_another_host(self) -> Credential:
        return self._server("of-another-host", VALID, names=OTHER_NAMES)

    @cached_property
    def expired_elsewhere(self) -> Credential:
        """Two errors at once; OpenSSL reports only one."""
        return self._server("expired-elsewhere", EXPIRED, names=OTHER_NAMES)

    @cached_property
    def for_clients_only(self) -> Credential:
        """A certificate with the server's names that was made for a client (RFC 5280 4.2.1.12)."""
        key = _key()
        certificate = _sign(
            "for-clients-only", key, self.intermediate, names=SERVER_NAMES, usage=_CLIENT
        )
        return self._credential("for-clients-only", key, certificate, self.intermediate.certificate)

    @cached_property
    def of_no_authority(self) -> Credential:
        """Issued by a certificate that is not allowed to issue any (RFC 5280 4.2.1.9)."""
        issuer_key = _key()
        issuer = Issuer(_sign("no-authority", issuer_key, self.root, usage=_SERVER), issuer_key)
        key = _key()
        certificate = _sign("of-no-authority", key, issuer, names=SERVER_NAMES)
        return self._credential("of-no-authority", key, certificate, issuer.certificate)

    @cached_property
    def client_ends_soon(self) -> Credential:
        return self._client("client-ends-soon", self.intermediate, ENDS_SOON)

    @cached_property
    def client_not_yet_valid(self) -> Credential:
        return self._client("client-not-yet-valid", self.intermediate, NOT_YET_VALID)

    @cached_property
    def weak(self) -> Credential:
        """RSA 1024, which OpenSSL's security level 2 refuses."""
        key = rsa.generate_private_key(65537, 1024)
        return self._server("weak", VALID, key=key)

    @cached_property
    def renewed(self) -> Credential:
        """The same server, with a new key and other dates."""
        key = _key()
        intermediate, names = self.intermediate, SERVER_NAMES
        certificate = _sign("server", key, intermediate, names=names, validity=Validity(-1, 400))
        return self._credential("renewed", key, certificate, intermediate.certificate)

    @cached_property
    def of_stranger(self) -> Credential:
        """The same server, from an authority that nobody trusts."""
        key = _key()
        certificate = _sign("server", key, self._stranger, names=SERVER_NAMES)
        return self._credential("of-stranger", key, certificate, self._stranger.certificate)

    @cached_property
    def of_ending_root(self) -> Credential:
        """A certificate valid for a year, from a root that expires soon and is not sent."""
        key = _key()
        certificate = _sign("of-ending-root", key, self._ending_root, names=SERVER_NAMES)
        return self._credential("of-ending-root", key, certificate)

    @cached_property
    def without_intermediate(self) -> Credential:
        """The same server, without the intermediate."""
        own = x509.load_pem_x509_certificate(self.server.cert_file.read_bytes())
        return Credential(self._pem("leaf-only.pem", own), self.server.key_file)

    @cached_property
    def with_root(self) -> Credential:
        """The same server, which also sends the root."""
        chain = x509.load_pem_x509_certificates(self.server.cert_file.read_bytes())
        sent = self._pem("with-root.pem", *chain, self.root.certificate)
        return Credential(sent, self.server.key_file)

    @cached_property
    def with_unrelated(self) -> Credential:
        """The same server, which also sends an unrelated certificate."""
        chain = x509.load_pem_x509_certificates(self.server.cert_file.read_bytes())
        sent = self._pem("with-unrelated.pem", *chain, self._stranger.certificate)
        return Credential(sent, self.server.key_file)

    @cached_property
    def self_signed(self) -> Credential:
        key = _key()
        certificate = _sign("self-signed", key, None, names=SERVER_NAMES)
        return self._credential("self-signed", key, certificate)

    @cached_property
    def self_signed_file(self) -> Path:
        return self.self_signed.cert_file

    @cached_property
    def client(self) -> Credential:
        return self._client("client", self.intermediate)

    @cached_property
    def expired_client(self) -> Credential:
        return self._client("expired-client", self.intermediate, EXPIRED)

    @cached_property
    def stranger(self) -> Credential:
        """A client certificate from an authority that no server trusts."""
        return self._client("stranger", self._stranger)

    @cached_property
    def encrypted_client(self) -> Credential:
        """The client, with its key encrypted with ``PASSPHRASE``."""
        key = serialization.load_pem_private_key(self.client.key_file.read_bytes(), None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        path = self._folder / "encrypted.key"
        path.write_bytes(_key_pem(key, PASSPHRASE))
        return Credential(self.client.cert_file, path)

    @cached_property
    def weak_client(self) -> Credential:
        key = rsa.generate_private_key(65537, 1024)
        certificate = _sign("weak-client", key, self.intermediate)
        return self._credential("weak-client", key, certificate)

    def text_file(self, name: str, text: str) -> Path:
        path = self._folder / name
        path.write_text(text)
        return path

    def _server(
        self,
        name: str,
        validity: Validity,
        *,
        names: Sequence[str] = SERVER_NAMES,
        key: Key | None = None,
    ) -> Credential:
        key = key or _key()
        certificate = _sign(name, key, self.intermediate, names=names, validity=validity)
        return self._credential(name, key, certificate, self.intermediate.certificate)

    def _client(self, name: str, issuer: Issuer, validity: Validity = VALID) -> Credential:
        key = _key()
        certificate = _sign(name, key, issuer, validity=validity)
        return self._credential(name, key, certificate, issuer.certificate)

    def _credential(self, name: str, key: Key, *chain: x509.Certificate) -> Credential:
        key_file = self._folder / f"{name}.key"
        key_file.write_bytes(_key_pem(key))
        return Credential(self._pem(f"{name}.pem", *chain), key_file)

    def _pem(self, name: str, *certificates: x509.Certificate) -> Path:
        path = self._folder / name
        path.write_bytes(b"".join(map(_pem, certificates)))
        return path


def _authority(name: str, issuer: Issuer | None = None, validity: Validity = VALID) -> Issuer:
    key = _key()
    return Issuer(_sign(name, key, issuer, validity=validity, is_authority=True), key)


def _sign(
    name: str,
    key: Key,
    issuer: Issuer | None,
    *,
    names: Sequence[str] = (),
    validity: Validity = VALID,
    is_authority: bool = False,
    usage: x509.ObjectIdentifier | None = None,
) -> x509.Certificate:
    """Return a certificate for ``name``, signed by ``issuer`` or else with its own key."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + timedelta(days=validity.from_days))
        .not_valid_after(now + timedelta(days=validity.to_days))
        .add_extension(x509.BasicConstraints(is_authority, None), critical=True)
    )
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName(map(_name, names)), False)
    if not is_authority:
        usage = usage or (_SERVER if names else _CLIENT)
        builder = builder.add_extension(x509.ExtendedKeyUsage([usage]), False)
    return builder.sign(issuer.key if issuer else key, hashes.SHA256())


def _name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _key_pem(key: Key, passphrase: str = "") -> bytes:
    protection: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if passphrase:
        protection = serialization.BestAvailableEncryption(passphrase.encode())
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, protection
    )
