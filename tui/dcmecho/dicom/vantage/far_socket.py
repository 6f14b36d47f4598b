"""Holds TCP sockets on this machine for dcmecho on another one, over standard input and output.

dcmecho hands this file over in its ssh command. It needs Python 3.6 or later and nothing else. It
writes no file, starts no program and knows nothing of DICOM: it looks up names, connects, sends and
receives what it is told, and says when and how that ended. No key, passphrase or certificate comes
here. It ends, and closes every socket, as soon as standard input ends or 5 s pass without a beat.

A frame is ``HEADER`` and what follows it:

    kind, number of the socket or question, a value, length of what follows

    from dcmecho                                  to dcmecho
    R  look up {"host"}                           r  {"addresses": [[ip, scope], ...]} or a failure
    C  connect {"ip", "port", "scope", ...}       c  connected {"local", "info"}, value: ns
                                                  f  failed {"error", "tried_from"}, value: ns
    S  send these bytes                           s  handed to the kernel, value: bytes
    G  more may be received, value: bytes         d  received bytes, value: ns since the last act
    I  what does the kernel know?                 i  TCP_INFO
    L  send these if dcmecho is lost              e  the peer closed (FIN), value: ns since the act
    X  close                                      x  reset or broken {"error"}, value: ns
    B  beat                                       b  beat, value: that of the other

The last act of a socket is its connection, or the last bytes that were handed to the kernel. A
value of -1 says that the bytes are not the first since then.
"""

import errno
import json
import os
import selectors
import socket
import struct
import threading
import time
from typing import Any, Callable, Dict, List, Optional, Tuple

HEADER = struct.Struct(">cIqI")
MAGIC = b"dcmecho-far-socket-1\n"

WINDOW = 262144
"""Most bytes of one socket on the way to dcmecho."""

MOST_BYTES = 1048576
"""Most bytes of a frame that dcmecho sends."""

MOST_SOCKETS = 64
LOST_AFTER_S = 5.0
BEAT_S = 1.0
SO_TIMESTAMPNS = 35
STAMP = struct.Struct("@ll")
CLOCK_STEP_S = 0.0005


class Lost(Exception):
    """dcmecho is gone, or does not speak as agreed."""


class Held:
    """One socket: connecting while it has a deadline, then open."""

    def __init__(self, number: int, sock: socket.socket, ip: str, deadline: float) -> None:
        self.number = number
        self.sock = sock
        self.ip = ip
        self.deadline = deadline  # type: Optional[float]
        self.began = time.perf_counter()
        self.to_send = b""
        self.last_words = b""
        self.room = WINDOW
        self.ended = False
        self.broken = False
        self.act()

    def act(self) -> None:
        """Note that something was done that the peer can answer."""
        self.acted = time.perf_counter()
        self.acted_real = time.time()
        self.is_answered = False

    def since_act(self, stamp: Optional[float]) -> int:
        """Return the ns from the last act to ``stamp``, or to now; -1 after the first answer."""
        if self.is_answered:
            return -1
        self.is_answered = True
        took = time.perf_counter() - self.acted
        if stamp is not None:
            by_stamp = stamp - self.acted_real
            stepped = abs(time.time() - self.acted_real - took) > CLOCK_STEP_S
            if not stepped and 0 <= by_stamp <= took:
                took = by_stamp
        return int(took * 1e9)


class FarSocket:
    """All sockets, and the way to dcmecho."""

    def __init__(self) -> None:
        self.selector = selectors.DefaultSelector()
        self.held = {}  # type: Dict[int, Held]
        self.incoming = b""
        self.outgoing = bytearray()
        self.found = []  # type: List[Tuple[int, int, Any]]
        self.woken, self.wake = os.pipe()
        self.heard = time.monotonic()
        self.beaten = time.monotonic()
        self.tell_kinds = {
            b"R": self.look_up,
            b"C": self.connect,
            b"S": self.send,
            b"G": self.grant,
            b"I": self.inform,
            b"L": self.keep_last_words,
            b"X": self.close,
            b"B": self.answer_beat,
        }  # type: Dict[bytes, Callable[[int, int, bytes], None]]

    def serve(self) -> None:
        """Do what dcmecho says until it is gone."""
        for descriptor in (0, 1):
            os.set_blocking(descriptor, False)
        self.selector.register(0, selectors.EVENT_READ, self.hear)
        self.selector.register(self.woken, selectors.EVENT_READ, self.tell_found)
        self.outgoing += MAGIC
        try:
            while True:
                self.speak()
                self.keep_time()
                for key, events in self.selector.select(self.patience_s()):
                    if callable(key.data):
                        key.data()
                    elif key.data in self.held.values():
                        self.attend(key.data, events)
        except (Lost, OSError, ValueError, KeyError, TypeError):
            pass
        finally:
            for held in list(self.held.values()):
                self.leave(held)

    # To and from dcmecho

    def hear(self) -> None:
        """Read what dcmecho says, and do it."""
        heard = os.read(0, 65536)
        if not heard:
            raise Lost
        self.incoming += heard
        while len(self.incoming) >= HEADER.size:
            kind, number, value, length = HEADER.unpack_from(self.incoming)
            if length > MOST_BYTES or kind not in self.tell_kinds:
                raise Lost
            if len(self.incoming) < HEADER.size + length:
                return
            payload = self.incoming[HEADER.size : HEADER.size + length]
            self.incoming = self.incoming[HEADER.size + length :]
            self.tell_kinds[kind](number, value, payload)

    def tell(self, kind: bytes, number: int, value: int = 0, payload: bytes = b"") -> None:
        """Put a frame in the queue for dcmecho."""
        self.outgoing += HEADER.pack(kind, number, value, len(payload)) + payload

    def tell_json(self, kind: bytes, number: int, value: int, content: Any) -> None:
        """Put a frame with JSON in the queue."""
        self.tell(kind, number, value, json.dumps(content).encode())

    def speak(self) -> None:
        """Write as much of the queue as there is room for."""
        try:
            while self.outgoing:
                del self.outgoing[: os.write(1, self.outgoing[:65536])]
        except BlockingIOError:
            pass
        self.watch(1, selectors.EVENT_WRITE if self.outgoing else 0, self.speak)

    def watch(self, what: Any, events: int, data: Any) -> None:
        """Wait for ``events`` of ``what`` from now on; for none if 0."""
        if what in self.selector.get_map():
            if events:
                self.selector.modify(what, events, data)
            else:
                self.selector.unregister(what)
        elif events:
            self.selector.register(what, events, data)

    def keep_time(self) -> None:
        """End what took too long; beat each second."""
        now = time.monotonic()
        if now - self.heard > LOST_AFTER_S:
            raise Lost
        if now - self.beaten >= BEAT_S:
            self.beaten = now
            self.tell(b"b", 0, -1)
        for held in list(self.held.values()):
            if held.deadline is not None and time.perf_counter() > held.deadline:
                self.fail(held, None)

    def patience_s(self) -> float:
        """Return how long nothing has to be done unless something happens."""
        ends = [held.deadline for held in self.held.values() if held.deadline is not None]
        return max(min([BEAT_S / 2] + [end - time.perf_counter() for end in ends]), 0)

    def answer_beat(self, number: int, value: int, _payload: bytes) -> None:
        """Note the beat, and answer it."""
        self.heard = time.monotonic()
        self.tell(b"b", number, value)

    # Names

    def look_up(self, number: int, _value: int, payload: bytes) -> None:
        """Look a name up, on a thread of its own because that cannot be interrupted."""
        host = str(json.loads(payload.decode())["host"])
        threading.Thread(target=self.ask_for, args=(number, host), daemon=True).start()

    def ask_for(self, number: int, host: str) -> None:
        """Look ``host`` up, however long that takes."""
        began = time.perf_counter()
        try:
            found = socket.getaddrinfo(host, None, 0, socket.SOCK_STREAM)
            pairs = [[each[4][0], each[4][3] if len(each[4]) == 4 else 0] for each in found]
            said = {"addresses": pairs}  # type: Dict[str, Any]
        except socket.gaierror as error:
            unknown = error.errno in (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", None))
            said = {"failure": "not-found" if unknown else "no-answer", "text": error.strerror}
        except (OSError, UnicodeError, ValueError) as error:
            said = {"failure": "not-found", "text": str(error)}
        self.found.append((number, int((time.perf_counter() - began) * 1e9), said))
        os.write(self.wake, b"!")

    def tell_found(self) -> None:
        """Pass on the names that were looked up."""
        os.read(self.woken, 4096)
        while self.found:
            self.tell_json(b"r", *self.found.pop(0))

    # Connections

    def connect(self, number: int, _value: int, payload: bytes) -> None:
        """Begin a connection."""
        asked = json.loads(payload.decode())
        ip, port = str(asked["ip"]), int(asked["port"])
        family = socket.AF_INET6 if ":" in ip else socket.AF_INET
        began = time.perf_counter()
        if number in self.held or len(self.held) >= MOST_SOCKETS:
            raise Lost
        try:
            sock = socket.socket(family, socket.SOCK_STREAM)
        except OSError as error:
            self.tell_failure(number, error.errno, began, "")
            return
        held = self.held[number] = Held(number, sock, ip, began + float(asked["timeout_s"]))
        sock.setblocking(False)
        try:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if asked["segment_bytes"]:
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, int(asked["segment_bytes"]))
            if asked["source"]:
                sock.bind((str(asked["source"]), 0))
            scope = (0, int(asked["scope"])) if family == socket.AF_INET6 else ()
            code = sock.connect_ex((ip, port) + scope)
        except OSError as error:
            code = error.errno or errno.EINVAL
        if code == errno.EINPROGRESS:
            self.watch(sock, selectors.EVENT_WRITE, held)
        elif code:
            self.fail(held, code)
        else:
            self.connected(held)

    def connected(self, held: Held) -> None:
        """Pass on how a connection began."""
        sock = held.sock
        code = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if not code:
            try:
                local, peer = sock.getsockname(), sock.getpeername()
                # The system chose the called port for our end too: nothing listens there.
                code = errno.ECONNREFUSED if local == peer else 0
            except OSError:
                code = errno.ECONNRESET
        if code:
            self.fail(held, code)
            return
        held.act()
        took = held.acted - held.began
        held.deadline = None
        try:
            sock.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        except OSError:
            pass
        said = {"local": [local[0], local[1]], "info": self.info(held).hex()}
        self.tell_json(b"c", held.number, int(took * 1e9), said)
        self.attend_to(held)

    def fail(self, held: Held, code: Optional[int]) -> None:
        """Pass on why there is no connection; without a code it took too long."""
        self.tell_failure(held.number, code, held.began, address_towards(held.ip))
        self.leave(held)

    def tell_failure(self, number: int, code: Optional[int], began: float, source: str) -> None:
        """Pass on why there is no connection, and the time that it took."""
        said = {"error": errno.errorcode.get(code or 0, ""), "tried_from": source}
        self.tell_json(b"f", number, int((time.perf_counter() - began) * 1e9), said)

    def attend_to(self, held: Held) -> None:
        """Wait for what there is to do with a socket."""
        reads = not held.ended and held.room > 0
        writes = bool(held.to_send) and not held.broken
        events = (selectors.EVENT_READ if reads else 0) | (selectors.EVENT_WRITE if writes else 0)
        self.watch(held.sock, events, held)

    def attend(self, held: Held, events: int) -> None:
        """Do what a socket is ready for."""
        if held.deadline is not None:
            self.connected(held)
            return
        if events & selectors.EVENT_WRITE:
            self.send_on(held)
        if events & selectors.EVENT_READ:
            self.receive(held)
        self.attend_to(held)

    def send(self, number: int, _value: int, payload: bytes) -> None:
        """Send bytes, after those that are still waiting."""
        held = self.held.get(number)
        if held is not None:
            held.to_send += payload
            self.send_on(held)
            self.attend_to(held)

    def send_on(self, held: Held) -> None:
        """Hand the kernel as many bytes as it takes."""
        if held.broken or not held.to_send:
            return
        # Before, because the answer can come while send(2) has not returned.
        held.act()
        try:
            sent = held.sock.send(held.to_send)
        except BlockingIOError:
            return
        except OSError:
            # Why it broke is in what the peer sent before, and in how reading ends.
            held.broken = True
            return
        held.to_send = held.to_send[sent:]
        quick_acknowledge(held.sock)
        self.tell(b"s", held.number, sent)

    def receive(self, held: Held) -> None:
        """Pass on what came, with its time."""
        try:
            data, stamp = received(held.sock, min(held.room, 65536))
        except BlockingIOError:
            return
        except OSError as error:
            held.ended = held.broken = True
            said = {"error": errno.errorcode.get(error.errno or 0, "")}
            self.tell_json(b"x", held.number, held.since_act(None), said)
            return
        quick_acknowledge(held.sock)
        since = held.since_act(stamp)
        if since >= 0:
            self.tell(b"i", held.number, 0, self.info(held))
        held.room -= len(data)
        held.ended = not data
        self.tell(b"d" if data else b"e", held.number, since, data)

    def grant(self, number: int, value: int, _payload: bytes) -> None:
        """Receive ``value`` bytes more."""
        held = self.held.get(number)
        if held is not None and value > 0:
            held.room = min(held.room + value, WINDOW)
            if held.deadline is None:
                self.attend_to(held)

    def inform(self, number: int, _value: int, _payload: bytes) -> None:
        """Pass on what the kernel knows of a connection."""
        held = self.held.get(number)
        self.tell(b"i", number, 0, b"" if held is None else self.info(held))

    def info(self, held: Held) -> bytes:
        """Return TCP_INFO as it is; empty where there is none."""
        try:
            return held.sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 256)
        except (OSError, AttributeError):
            return b""

    def keep_last_words(self, number: int, _value: int, payload: bytes) -> None:
        """Keep bytes that the peer gets if dcmecho is lost."""
        held = self.held.get(number)
        if held is not None:
            held.last_words = payload

    def close(self, number: int, _value: int, _payload: bytes) -> None:
        """Close a socket."""
        held = self.held.get(number)
        if held is not None:
            held.last_words = b""
            self.leave(held)

    def leave(self, held: Held) -> None:
        """Send what still waits, as far as there is room, and close the socket."""
        self.watch(held.sock, 0, None)
        try:
            if held.deadline is None and not held.broken:
                held.sock.send(held.to_send + held.last_words)
        except OSError:
            pass
        held.sock.close()
        del self.held[held.number]


def received(sock: socket.socket, limit: int) -> Tuple[bytes, Optional[float]]:
    """Return up to ``limit`` bytes, and when the kernel got them, if it says so."""
    if not hasattr(sock, "recvmsg"):
        return sock.recv(limit), None
    data, notes, _, _ = sock.recvmsg(limit, socket.CMSG_SPACE(STAMP.size))
    for level, kind, note in notes:
        if level == socket.SOL_SOCKET and kind == SO_TIMESTAMPNS and len(note) == STAMP.size:
            seconds, nanoseconds = STAMP.unpack(note)
            return data, seconds + nanoseconds / 1e9
    return data, None


def address_towards(ip: str) -> str:
    """Return our address for a connection to ``ip``; empty without a route. Sends nothing."""
    family = socket.AF_INET6 if ":" in ip else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as sock:
            sock.connect((ip, 104))
            return str(sock.getsockname()[0])
    except OSError:
        return ""


def quick_acknowledge(sock: socket.socket) -> None:
    """Acknowledge at once: a peer that writes in two parts would wait 40 ms otherwise."""
    try:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
    except (OSError, AttributeError):
        pass


if __name__ == "__main__":
    FarSocket().serve()
    # Not exit(): a name look-up that hangs must not keep this process.
    os._exit(0)
