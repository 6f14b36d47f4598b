"""A program on pynetdicom that asks over TLS, which none of its apps does; it logs as they do."""

from __future__ import annotations

import argparse
import logging
import ssl

from pynetdicom import AE
from pynetdicom.sop_class import Verification  # type: ignore[attr-defined]


def main() -> None:
    """Ask with C-ECHO, as the command line says."""
    parser = argparse.ArgumentParser(prefix_chars="-+")
    for option in ("-aet", "-aec", "+cf", "-ta"):
        parser.add_argument(option, dest=option[1:])
    parser.add_argument("+tls", dest="own", nargs=2)
    parser.add_argument("+tla", action="store_true")
    parser.add_argument("host")
    parser.add_argument("port", type=int)
    given = parser.parse_args()
    logging.basicConfig(format="%(levelname).1s: %(message)s", level=logging.DEBUG)
    ae = AE(given.aet)
    ae.acse_timeout = ae.dimse_timeout = ae.network_timeout = float(given.ta)
    ae.add_requested_context(Verification)
    context = ssl.create_default_context(cafile=given.cf)
    if given.own:
        context.load_cert_chain(given.own[1], given.own[0])
    association = ae.associate(
        given.host, given.port, ae_title=given.aec, tls_args=(context, given.host)
    )
    if association.is_established:
        association.send_c_echo()
        association.release()


if __name__ == "__main__":
    main()
