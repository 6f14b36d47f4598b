"""Does one TLS handshake over an open connection, and judges its messages."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Sequence

from dcmecho.diagnosis.sanitize import PeerText
from dcmecho.diagnosis.target.tls import Certificate, Handshake, TlsEnding
from dcmecho.dicom.wire import kernel
from dcmecho.dicom.wire.channel import Kernel
from dcmecho.dicom.wire.tls.certificates import read_certificate
from dcmecho.dicom.wire.tls.messages import HandshakeRecorder
from dcmecho.dicom.wire.tls.ssl_private import verified_chain


def never_begun(error: Exception, began_ms: float, now: Callable[[], float]) -> Handshake:
    """Return a handshake that could not start because of ``error``."""
    at_ms = now()
    return Handshake(TlsEnding.FAILED, at_ms, at_ms - began_ms, message=PeerText(str(error)))


def shake_hands(
    sock: ssl.SSLSocket,
    recorder: HandshakeRecorder,
    timeout_s: float,
    now: Callable[[], float],
    seen_by: Kernel = kernel,
) -> Handshake:
    """Do the whole handshake within ``timeout_s``. Raises nothing."""
    began = now()
    expired = threading.Event()
    watchdog = threading.Timer(timeout_s, _give_up, (sock, expired))
    watchdog.daemon = True
    watchdog.start()
    ending, verify_code, message = TlsEnding.DONE, 0, ""
    try:
        sock.settimeout(timeout_s)
        sock.do_handshake()
    except ssl.SSLCertVerificationError as error:
        ending, verify_code = TlsEnding.CERTIFICATE_REFUSED, error.verify_code
        message = error.verify_message
    except OSError as error:
        ending = TlsEnding.SILENT if expired.is_set() else _ending(sock, error, recorder, seen_by)
        message = _words(error)
    finally:
        watchdog.cancel()
        watchdog.join()
    if expired.is_set() and ending is TlsEnding.DONE:
        # The watchdog shut the connection down just as the handshake ended.
        ending, message = TlsEnding.SILENT, "timed out"
    chain = _read(recorder.chain)
    version, cipher = _agreed(sock) if ending is TlsEnding.DONE else ("", "")
    return Handshake(
        ending=ending,
        at_ms=now(),
        elapsed_ms=now() - began,
        version=version,
        cipher=cipher,
        chain=chain,
        added=_added(sock, recorder, ending, chain),
        certificate_asked=recorder.certificate_asked,
        certificate_sent=recorder.certificate_sent,
        peer_spoke_tls=recorder.peer_spoke_tls,
        alerts=tuple(recorder.alerts),
        verify_code=verify_code,
        message=PeerText(message),
        data=recorder.foreign_bytes,
    )


def _give_up(sock: socket.socket, expired: threading.Event) -> None:
    expired.set()
    with contextlib.suppress(OSError):
        # Not SSLSocket.shutdown, which takes the TLS state away from the thread that uses it
        # (https://github.com/python/cpython/issues/124618).
        socket.socket.shutdown(sock, socket.SHUT_RDWR)


def _ending(
    sock: ssl.SSLSocket, error: OSError, recorder: HandshakeRecorder, seen_by: Kernel
) -> TlsEnding:
    """Return what ended the handshake, strongest evidence first."""
    if recorder.peer_alert is not None:
        return TlsEnding.ALERT
    if recorder.foreign_bytes:
        return TlsEnding.NOT_TLS
    if isinstance(error, TimeoutError):
        return TlsEnding.SILENT
    if isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return TlsEnding.RESET if seen_by.was_reset(sock, error) else TlsEnding.CLOSED
    if isinstance(error, ssl.SSLError) and not isinstance(error, ssl.SSLSyscallError):
        return TlsEnding.FAILED
    return TlsEnding.RESET


def _words(error: OSError) -> str:
    if isinstance(error, ssl.SSLError) and error.reason:
        return error.reason.replace("_", " ").lower()
    return kernel.words(error)


def _agreed(sock: ssl.SSLSocket) -> tuple[str, str]:
    cipher = sock.cipher()
    return sock.version() or "", cipher[0] if cipher else ""


def _added(
    sock: ssl.SSLSocket,
    recorder: HandshakeRecorder,
    ending: TlsEnding,
    chain: Sequence[Certificate],
) -> tuple[Certificate, ...]:
    """Return the certificates our files added to the peer's chain, if it was verified."""
    if sock.context.verify_mode is ssl.CERT_NONE:
        return ()
    if ending is TlsEnding.DONE:
        return _read(der for der in verified_chain(sock) if der not in recorder.chain)
    return _continued(chain, sock.context) if ending is TlsEnding.CERTIFICATE_REFUSED else ()


def _continued(chain: Sequence[Certificate], context: ssl.SSLContext) -> tuple[Certificate, ...]:
    """Return the certificates of our files that continue the peer's chain, by name."""
    ours = {each.subject: each for each in _read(context.get_ca_certs(binary_form=True))}
    for sent in chain:
        ours.pop(sent.subject, None)
    added: list[Certificate] = []
    while (last := [*chain, *added][-1:]) and last[0].issuer in ours:
        added.append(ours.pop(last[0].issuer))
    return tuple(added)


def _read(chain: Iterable[bytes]) -> tuple[Certificate, ...]:
    found = []
    for der in chain:
        with contextlib.suppress(ValueError):
            found.append(read_certificate(der))
    return tuple(found)
