"""Servers that answer TLS but are not DICOM applications: tables to read and to extend."""

from __future__ import annotations

from dcmecho.diagnosis.cause import CauseId
from dcmecho.diagnosis.stage import StageId
from dcmecho.exit_codes import ExitCode
from dcmecho.lab import payloads
from dcmecho.lab.behaviour import Application, AwaitBytes, Close, Hold, Reset, Send, abort
from tests.network.tls import peer as tls_peer
from tests.network.tls.scenario import (
    CLIENT,
    REQUIRED,
    Scenario,
    after_hello,
    ask,
    beyond,
    plain,
)
from tests.network.tls.servers import OpenSslServer, PlainPeer, PlainStorescp, PythonServer
from tests.scenarios.command_line import likely, possible, proven

AS_A_PLAIN_PORT_ENDS_IT = (likely(CauseId.TLS_PEER_IS_PLAIN), possible(CauseId.TLS_CLOSED))
BROKEN_TLS = (
    likely(CauseId.TLS_ALERT),
    possible(CauseId.PEER_IS_OTHER),
    possible(CauseId.TLS_PEER_IS_PLAIN),
)

RDP_ANSWER = bytes.fromhex("03 00 00 13 0e d0 00 00 12 34 00 02 09 08 00 02 00 00 00")
CLIENT_HELLO_BACK = bytes.fromhex("16 03 01 00 08 01 00 00 04 03 03 00 00")

NOT_TLS = (
    Scenario("plain storescp", PlainStorescp(), causes=AS_A_PLAIN_PORT_ENDS_IT),
    Scenario("plain DICOM that resets", PlainPeer(Application()), causes=AS_A_PLAIN_PORT_ENDS_IT),
    Scenario(
        "plain DICOM that sends A-ABORT",
        plain((AwaitBytes(),), abort(2, 1)),
        causes=(proven(CauseId.TLS_PEER_IS_PLAIN),),
    ),
    Scenario("resets", plain((AwaitBytes(), Reset())), causes=AS_A_PLAIN_PORT_ENDS_IT),
    Scenario("closes", plain((AwaitBytes(), Close())), causes=AS_A_PLAIN_PORT_ENDS_IT),
    Scenario("closes at once", plain((Close(),)), causes=AS_A_PLAIN_PORT_ENDS_IT),
    Scenario(
        "silent",
        plain((Hold(),)),
        causes=(
            likely(CauseId.PEER_SILENT),
            possible(CauseId.TLS_PEER_IS_PLAIN),
            possible(CauseId.PEER_NAME_LOOKUP),
        ),
        says="no answer to the ClientHello",
        patience_s=0.3,
    ),
    Scenario(
        "HTTP",
        after_hello(payloads.HTTP_BAD_REQUEST),
        causes=(proven(CauseId.PEER_IS_HTTP),),
        says="HTTP/",
    ),
    Scenario(
        "SSH",
        plain((Send(payloads.SSH_BANNER), AwaitBytes(), Close())),
        causes=(proven(CauseId.PEER_IS_SSH),),
        says="SSH-",
    ),
    Scenario(
        "FTP",
        plain((Send(payloads.FTP_GREETING), Hold())),
        causes=(proven(CauseId.PEER_IS_OTHER),),
    ),
    Scenario("RDP", after_hello(RDP_ANSWER), causes=(proven(CauseId.PEER_IS_OTHER),)),
    Scenario("sends our bytes back", after_hello(CLIENT_HELLO_BACK), causes=BROKEN_TLS),
    Scenario(
        "half a record",
        after_hello(b"\x16\x03\x03\x40\x00abc"),
        causes=(likely(CauseId.TLS_CLOSED),),
    ),
)

BEHIND_TLS = (
    beyond("HTTP", PythonServer(act=tls_peer.answer_http), ask(), proven(CauseId.PEER_IS_HTTP)),
    beyond("openssl s_server -rev", OpenSslServer(), ask(), proven(CauseId.PEER_IS_OTHER)),
    beyond(
        "silence, after session tickets",
        PythonServer(act=tls_peer.send_tickets_and_hold),
        ask(),
        likely(CauseId.PEER_SILENT),
        possible(CauseId.PEER_NAME_LOOKUP),
        possible(CauseId.PEER_IS_HTTP),
        possible(CauseId.PEER_IS_OTHER),
        patience_s=0.5,
    ),
    beyond(
        "closes on the request",
        PythonServer(act=tls_peer.close_on_request),
        ask(),
        likely(CauseId.PEER_CLOSED_ON_REQUEST),
        possible(CauseId.PEER_CLOSED_ON_CONNECT),
    ),
    beyond(
        "closes on the request, our certificate shown",
        PythonServer(client_certificate=REQUIRED, act=tls_peer.close_on_request),
        ask(showing=CLIENT),
        likely(CauseId.TLS_CLIENT_CERT_REFUSED),
        likely(CauseId.PEER_CLOSED_ON_REQUEST),
        possible(CauseId.PEER_CLOSED_ON_CONNECT),
    ),
    beyond(
        "resets on the request",
        PythonServer(act=tls_peer.reset_on_request),
        ask(),
        likely(CauseId.PEER_RESET_ON_REQUEST),
        possible(CauseId.PEER_CLOSED_ON_CONNECT),
        possible(CauseId.TCP_RESET),
    ),
    beyond(
        "closes right after the handshake",
        PythonServer(act=tls_peer.close_at_once),
        ask(),
        proven(CauseId.PEER_CLOSED_ON_CONNECT),
    ),
    beyond(
        "closes right after the handshake, our certificate shown",
        PythonServer(client_certificate=REQUIRED, act=tls_peer.close_at_once),
        ask(showing=CLIENT),
        likely(CauseId.TLS_CLIENT_CERT_REFUSED),
        likely(CauseId.PEER_CLOSED_ON_CONNECT),
    ),
    beyond(
        "closes right after the handshake, a certificate set that it did not ask for",
        PythonServer(act=tls_peer.close_at_once),
        ask(showing=CLIENT),
        proven(CauseId.PEER_CLOSED_ON_CONNECT),
    ),
    Scenario(
        "other titles",
        PythonServer(act=tls_peer.reject_titles),
        ask(),
        (
            likely(CauseId.AE_CALLED_UNKNOWN),
            possible(CauseId.AE_CALLING_UNKNOWN),
            possible(CauseId.AE_HOST_NOT_ALLOWED),
            possible(CauseId.AE_CASE),
        ),
        stage=StageId.AE_TITLE,
        exit_code=ExitCode.REJECTED,
    ),
)
