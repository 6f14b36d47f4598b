"""TLS options of the command line, with DCMTK's names and meanings."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from dcmecho.cli.options.parser import Parser

if TYPE_CHECKING:
    from dcmecho.diagnosis.target.tls import TlsSettings


def add_tls(parser: Parser) -> None:
    """Add ``+tls``, ``+tla``, ``+cf``, ``+cd``, ``-rc``, ``-ic``, ``+ps``, ``+pw``, ``-pw``."""
    group = parser.add_argument_group("TLS options")
    stack = group.add_mutually_exclusive_group()
    stack.add_argument(
        "+tls",
        "--enable-tls",
        nargs=2,
        metavar=("KEY", "CERT"),
        help="use TLS with your private key and certificate (PEM files)",
    )
    stack.add_argument(
        "+tla",
        "--anonymous-tls",
        action="store_true",
        help="use TLS without a certificate of your own",
    )
    group.add_argument(
        "+cf",
        "--add-cert-file",
        action="append",
        default=[],
        metavar="FILE",
        help="trust the certificates in this PEM file (default: those the system trusts)",
    )
    group.add_argument(
        "+cd",
        "--add-cert-dir",
        default="",
        metavar="FOLDER",
        help="trust the certificates in this folder",
    )
    checking = group.add_mutually_exclusive_group()
    checking.add_argument(
        "-rc",
        "--require-peer-cert",
        dest="verify",
        action="store_true",
        default=True,
        help="verify the peer's certificate (default)",
    )
    checking.add_argument(
        "-ic",
        "--ignore-peer-cert",
        dest="verify",
        action="store_false",
        help="do not verify it; the result is then at best a warning",
    )
    secret = group.add_mutually_exclusive_group()
    secret.add_argument(
        "+ps", "--std-passwd", action="store_true", help="ask for the passphrase of your key"
    )
    secret.add_argument(
        "+pw", "--use-passwd", dest="passphrase", metavar="PASSPHRASE", help="use this passphrase"
    )
    secret.add_argument(
        "-pw",
        "--null-passwd",
        dest="passphrase",
        action="store_const",
        const="",
        help="use an empty passphrase",
    )


def tls_settings(parser: Parser, given: argparse.Namespace) -> TlsSettings | None:
    """Return the settings that the options ask for, ``None`` for a plain connection."""
    if not given.enable_tls and not given.anonymous_tls:
        if given.add_cert_file or given.add_cert_dir or not given.verify:
            parser.error("+cf, +cd and -ic need +tls KEY CERT or +tla")
        return None
    from dcmecho.diagnosis.target.tls import TlsSettings

    key_file, cert_file = given.enable_tls or ("", "")
    return TlsSettings(
        ca_files=tuple(given.add_cert_file),
        ca_folder=given.add_cert_dir,
        cert_file=cert_file,
        key_file=key_file,
        passphrase=_asked() if given.std_passwd else given.passphrase,
        verify=given.verify,
    )


def _asked() -> str:
    import getpass

    return getpass.getpass("Passphrase of your private key: ")
