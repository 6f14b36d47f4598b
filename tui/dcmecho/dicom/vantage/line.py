"""The line to one vantage point: an ssh process, and the thread that passes frames over it."""

from __future__ import annotations

import contextlib
import itertools
import os
import selectors
import signal
import socket
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable
from weakref import WeakSet

from dcmecho.diagnosis.vantage import failures
from dcmecho.diagnosis.vantage.failures import Ending
from dcmecho.diagnosis.vantage.vantage import Vantage, VantageFailure
from dcmecho.dicom.vantage.connection import FarConnection
from dcmecho.dicom.vantage.far_socket import BEAT_S, HEADER, LOST_AFTER_S, MAGIC, WINDOW
from dcmecho.dicom.vantage.question import Frame, Question

OPEN_WITHIN_S = 15.0
"""ssh gives up connecting after 10 s; the rest is for its handshake and for Python there."""

_MOST_NOISE_BYTES = 65536
_MOST_FRAME_BYTES = WINDOW + 65536
_MOST_SAID_BYTES = 16384
_READ_BYTES = 65536
_PATIENCE_S = 0.5
_ENDS_WITHIN_S = 1.0
_LAST_WORDS_S = 0.3
"""How long the runs wait for what ssh has to say of a line that is lost."""

_MOST_BEATS = 8


class _OverError(Exception):
    """The line is over: ssh ended."""


class _EndedHereError(_OverError):
    """The line is over because this side ends it, or what comes over it is not as agreed."""


class Line:
    """One vantage point, reached. All runs that ask from there share it."""

    def __init__(self, vantage: Vantage, command: list[str]) -> None:
        self.vantage = vantage
        self._command = command
        self._numbers = itertools.count(1)
        self._orders: deque[bytes] = deque()
        self._questions: dict[int, Question] = {}
        self._connections: dict[int, FarConnection] = {}
        self._outgoing = bytearray()
        self._incoming = b""
        self._said = b""
        self._is_spoken_to = False
        self._greeted = threading.Event()
        self._ended = threading.Event()
        self._cancels: WeakSet[_Cancel] = WeakSet()
        self._beats: dict[int, float] = {}
        self._heard = self._beaten = time.monotonic()
        self._is_closed = False
        self.failure: VantageFailure | None = None
        """Why it is over, or could not be opened."""
        self.way_and_back_s = 0.0
        """The shortest time that a beat and its answer took."""

    @property
    def was_open(self) -> bool:
        """True if the far socket has answered."""
        return self._greeted.is_set()

    def open(self, given_up: Callable[[], bool]) -> None:
        """Start ssh and wait for the far socket; without one there is a :attr:`failure`."""
        try:
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                # Ctrl-C is for us: we still abort an association over this line.
                start_new_session=True,
                env={**os.environ, "LC_ALL": "C"},
            )
        except OSError as error:
            self.failure = failures.not_started(self.vantage, error)
            return
        streams = (self._process.stdin, self._process.stdout, self._process.stderr)
        self._stdin, self._stdout, self._stderr = (each for each in streams if each is not None)
        self._woken, self._wake = socket.socketpair()
        threading.Thread(target=self._serve, name="dcmecho-vantage", daemon=True).start()
        deadline = time.monotonic() + OPEN_WITHIN_S
        while not (self._greeted.wait(0.05) or self._ended.is_set() or given_up()):
            if time.monotonic() > deadline:
                self.failure = failures.failure(self.vantage, self._ending())
                break
        if not (self.was_open or self._ended.is_set()):
            self.close()

    def close(self) -> None:
        """End the line and everything at its other end, within 2 s. Safe from any thread."""
        self._is_closed = True
        self._order(b"")
        self._ended.wait(_ENDS_WITHIN_S)

    def ask(self, kind: bytes, payload: bytes, question: Question, number: int = 0) -> int:
        """Ask the far socket; ``question`` gets the answer. Returns the number of the question."""
        number = number or next(self._numbers)
        self._questions[number] = question
        self.tell(kind, number, payload)
        return number

    def tell(self, kind: bytes, number: int, payload: bytes = b"", value: int = 0) -> None:
        """Send a frame. Safe from any thread."""
        self._order(HEADER.pack(kind, number, value, len(payload)) + payload)

    def forget(self, number: int) -> None:
        """Do not wait for the answer any more."""
        self._questions.pop(number, None)

    def connection(self) -> FarConnection:
        """Return a new connection, to be connected. Raises ``OSError``."""
        made = FarConnection(next(self._numbers), self)
        self._connections[made.number] = made
        return made

    def break_off(self) -> None:
        """End the line, because the far side does not speak as agreed."""
        self._order(b"")

    def drop(self, number: int) -> None:
        """Forget a connection that is closed."""
        self._connections.pop(number, None)
        self.forget(number)

    def cancels_when_lost(self, cancel: Callable[[], None]) -> _Cancel:
        """Call ``cancel`` if the line is lost, as long as what is returned is kept."""
        kept = _Cancel(cancel)
        self._cancels.add(kept)
        if self.failure is not None:
            cancel()
        return kept

    def _order(self, frame: bytes) -> None:
        self._orders.append(frame)
        with contextlib.suppress(OSError, AttributeError):
            self._wake.send(b"!")

    # On the thread of the line

    def _serve(self) -> None:
        ended_here = True
        try:
            with selectors.DefaultSelector() as self._selector:
                self._begin()
                while True:
                    self._turn()
        except _OverError as over:
            ended_here = isinstance(over, _EndedHereError)
        except (OSError, ValueError):
            pass  # What came is not as agreed.
        finally:
            self._end(ended_here=ended_here)

    def _begin(self) -> None:
        for stream in (self._stdin, self._stdout, self._stderr, self._woken):
            os.set_blocking(stream.fileno(), False)
        self._selector.register(self._stdout, selectors.EVENT_READ, self._hear)
        self._selector.register(self._stderr, selectors.EVENT_READ, self._hear_ssh)
        self._selector.register(self._woken, selectors.EVENT_READ, self._take_orders)

    def _turn(self) -> None:
        self._speak()
        for each in tuple(self._connections.values()):
            each.pass_on(self._selector)
        for key, events in self._selector.select(_PATIENCE_S):
            if isinstance(key.data, FarConnection):
                key.data.take(events)
            else:
                key.data()
        self._keep_time()

    def _take_orders(self) -> None:
        self._woken.recv(_READ_BYTES)
        while self._orders:
            frame = self._orders.popleft()
            if not frame:
                raise _EndedHereError
            self._outgoing += frame

    def _speak(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while self._outgoing:
                sent = os.write(self._stdin.fileno(), self._outgoing[:_READ_BYTES])
                del self._outgoing[:sent]
        waits = bool(self._outgoing)
        if waits and self._stdin not in self._selector.get_map():
            self._selector.register(self._stdin, selectors.EVENT_WRITE, self._speak)
        elif not waits and self._stdin in self._selector.get_map():
            self._selector.unregister(self._stdin)

    def _hear_ssh(self) -> None:
        said = os.read(self._stderr.fileno(), _READ_BYTES)
        self._said = (self._said + said)[-_MOST_SAID_BYTES:]
        if not said:
            self._selector.unregister(self._stderr)

    def _hear(self) -> None:
        heard = os.read(self._stdout.fileno(), _READ_BYTES)
        if not heard:
            raise _OverError
        self._incoming += heard
        if not self._is_spoken_to and not self._is_greeting():
            return
        while len(self._incoming) >= HEADER.size:
            kind, number, value, length = HEADER.unpack_from(self._incoming)
            if length > _MOST_FRAME_BYTES:
                raise _EndedHereError
            end = HEADER.size + length
            if len(self._incoming) < end:
                return
            frame = Frame(kind, value, self._incoming[HEADER.size : end])
            self._incoming = self._incoming[end:]
            self._told(number, frame)

    def _is_greeting(self) -> bool:
        """Look for the greeting behind what a profile of the shell there prints."""
        _noise, greeting, rest = self._incoming.partition(MAGIC)
        if not greeting:
            if len(self._incoming) > _MOST_NOISE_BYTES:
                raise _EndedHereError
            return False
        self._incoming = rest
        self._is_spoken_to = True
        self._heard = time.monotonic()
        self._beat()
        return True

    def _told(self, number: int, frame: Frame) -> None:
        if frame.kind == b"b":
            self._heard = time.monotonic()
            self._beat_answered(frame.value)
            return
        question = self._questions.get(number)
        if question is not None and question.is_answered_by(frame):
            self.forget(number)
            question.answer(frame)
        elif (connection := self._connections.get(number)) is not None:
            connection.told(frame)

    def _beat(self) -> None:
        self._beaten = time.monotonic()
        beat = next(self._numbers)
        # On a slow way several are under way.
        recent = list(self._beats.items())[-_MOST_BEATS:]
        self._beats = {**dict(recent), beat: time.perf_counter()}
        self._outgoing += HEADER.pack(b"B", 0, beat, 0)

    def _beat_answered(self, beat: int) -> None:
        sent_at = self._beats.pop(beat, None)
        if sent_at is None:
            return
        took_s = time.perf_counter() - sent_at
        shortest = self.way_and_back_s
        self.way_and_back_s = min(shortest, took_s) if shortest else took_s
        self._greeted.set()

    def _keep_time(self) -> None:
        now = time.monotonic()
        if not self._is_spoken_to:
            return
        if now - self._heard > LOST_AFTER_S:
            raise _EndedHereError
        if now - self._beaten >= BEAT_S:
            self._beat()

    def _end(self, *, ended_here: bool) -> None:
        """End ssh, tell everyone who waits, and close what is open."""
        for stream in (self._stdin, self._stdout):
            with contextlib.suppress(OSError):
                stream.close()
        with contextlib.suppress(OSError, ValueError):
            self._hear_last_words(_LAST_WORDS_S if self.was_open else _ENDS_WITHIN_S)
        if self.was_open and not self._is_closed:
            self.failure = self.failure or failures.lost(self.vantage, self._ending())
            self._tell_end()
        status = self._wait_for_ssh()
        if not self._is_closed:
            ending = self._ending(None if ended_here else status)
            self.failure = self.failure or failures.failure(self.vantage, ending)
        self._tell_end()
        self._stderr.close()
        for end in (self._woken, self._wake):
            end.close()
        self._ended.set()

    def _tell_end(self) -> None:
        """Tell everyone who waits, and let the engine see the end of its connections."""
        for cancel in tuple(self._cancels):
            cancel.call()
        for question in tuple(self._questions.values()):
            question.answer(None)
        for connection in tuple(self._connections.values()):
            connection.lose()

    def _wait_for_ssh(self) -> int | None:
        """Wait until ssh has ended, and end it if it does not."""
        try:
            return self._process.wait(_ENDS_WITHIN_S)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(OSError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            return None

    def _hear_last_words(self, within_s: float) -> None:
        deadline = time.monotonic() + within_s
        with selectors.DefaultSelector() as waiting:
            waiting.register(self._stderr, selectors.EVENT_READ)
            while (left_s := deadline - time.monotonic()) > 0 and waiting.select(left_s):
                said = os.read(self._stderr.fileno(), _READ_BYTES)
                if not said:
                    break
                self._said = (self._said + said)[-_MOST_SAID_BYTES:]

    def _ending(self, status: int | None = None) -> Ending:
        said, noise = (text.decode(errors="replace") for text in (self._said, self._incoming))
        return Ending(status, said, noise)


class _Cancel:
    """Kept by whoever wants to be told of the end of a line."""

    def __init__(self, call: Callable[[], None]) -> None:
        self.call = call
