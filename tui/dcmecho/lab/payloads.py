"""Answers of servers that are not DICOM, and PDUs that break the standard."""

from __future__ import annotations

import struct

from dcmecho.lab import pdu
from dcmecho.lab.pdu import PduType
from dcmecho.standard.uids import APPLICATION_CONTEXT

_HTTP_BODY = (
    b"<html>\r\n<head><title>400 Bad Request</title></head>\r\n<body>\r\n"
    b"<center><h1>400 Bad Request</h1></center>\r\n<hr><center>nginx</center>\r\n"
    b"</body>\r\n</html>\r\n"
)

HTTP_BAD_REQUEST = (
    b"HTTP/1.1 400 Bad Request\r\nServer: nginx\r\nContent-Type: text/html\r\n"
    b"Content-Length: %d\r\nConnection: close\r\n\r\n" % len(_HTTP_BODY)
) + _HTTP_BODY
"""A web server's answer to an A-ASSOCIATE-RQ."""

SSH_BANNER = b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n"
SSH_FAREWELL = b"Invalid SSH identification string.\r\n"

TLS_UNEXPECTED_MESSAGE = bytes.fromhex("15 03 03 00 02 02 0a")
"""A fatal TLS alert, unexpected_message(10) (RFC 8446 6)."""

FTP_GREETING = b"220 (vsFTPd 3.0.3)\r\n"

_AC_START = (
    struct.pack(">H2x", 1)
    + b"TARGET_PACS     MY_WORKSTATION  "
    + bytes(32)
    + pdu.item(0x10, APPLICATION_CONTEXT.encode("ascii"))
)

OVERLONG_CONTEXT = pdu.pdu(
    PduType.ASSOCIATE_AC, _AC_START + struct.pack(">BxH", 0x21, 0x7FFF) + bytes((1, 0, 0, 0))
)
"""An A-ASSOCIATE-AC whose presentation context claims 32767 bytes but has 4."""

HALF_ACCEPTANCE = struct.pack(">BxL", PduType.ASSOCIATE_AC, 2 * len(_AC_START)) + _AC_START
"""The first half of an A-ASSOCIATE-AC."""

ENDLESS_PDU = struct.pack(">BxL", PduType.ASSOCIATE_AC, 0xFFFF_FFF0)
"""The header of an A-ASSOCIATE-AC that claims 4 GiB."""
