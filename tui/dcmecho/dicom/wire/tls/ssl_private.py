"""All private parts of Python's ``ssl`` that dcmecho uses, and why.

``tests/unit/dicom/test_ssl_private.py`` fails if a newer Python changes them.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator

_DER = 2
"""``_ssl.ENCODING_DER``."""

MessageCallback = Callable[[object, str, object, int, int, bytes], None]
"""Called with connection, ``read`` or ``write``, version, content type, message type and data."""


def on_messages(context: ssl.SSLContext, callback: MessageCallback) -> None:
    """Call ``callback`` with each message of the connections of ``context``, if Python can.

    Uses the OpenSSL callback that ``ssl`` has for its own tests and for debugging, since Python
    3.8. No upstream issue that asks for a public one was found.
    """
    if hasattr(context, "_msg_callback"):
        context._msg_callback = callback


def verified_chain(sock: ssl.SSLSocket) -> Iterator[bytes]:
    """Yield the verified certificate chain of the peer in DER, its own certificate first.

    Public since Python 3.13 (https://github.com/python/cpython/issues/109109): once 3.12 is no
    longer supported, ``sock.get_verified_chain()`` alone will do.
    """
    ask = getattr(sock, "get_verified_chain", None)
    ask = ask or sock._sslobj.get_verified_chain  # type: ignore[attr-defined]
    for certificate in ask() or ():
        yield certificate if isinstance(certificate, bytes) else certificate.public_bytes(_DER)
