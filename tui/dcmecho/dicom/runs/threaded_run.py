"""What diagnoses and surveys have in common as work on a thread: begin, fault, end."""

from __future__ import annotations

import os
import threading
from abc import ABC, abstractmethod
from typing import Generic, TypeVar

from dcmecho.dicom.wire.waiting import wait_for

_Result = TypeVar("_Result")


class ThreadedRun(ABC, Generic[_Result]):
    """Work that comes to one result, on a daemon thread of its own or on the caller's."""

    def __init__(self, kind: str) -> None:
        self.run_id = os.urandom(6).hex()
        self._thread_name = f"dcmecho-{kind}-{self.run_id}"
        self._result: _Result | None = None
        self.fault: Exception | None = None
        """Why there is no result, where the run could not even make one."""
        self._ended = threading.Event()

    @abstractmethod
    def cancel(self) -> None:
        """Ask the run to end: it aborts what is open and reports ``cancelled`` within 2 s.

        Safe from any thread, at any time, more than once. Does not wait.
        """

    @abstractmethod
    def _work(self) -> _Result:
        """Come to the result. What it raises is the run's :attr:`fault`."""

    def make(self) -> None:
        """Work on the calling thread, to the end. Raises nothing."""
        try:
            self._result = self._work()
        except Exception as error:
            self.fault = error
        finally:
            self._ended.set()

    def start(self) -> None:
        """Begin on a daemon thread of its own, where all events are emitted."""
        threading.Thread(target=self.make, name=self._thread_name, daemon=True).start()

    def join(self, timeout_s: float | None = None) -> _Result | None:
        """Wait for the end. ``None`` where ``timeout_s`` passed first.

        May be interrupted by a signal and called again.
        """
        wait_for(self._ended, timeout_s)
        return self._result

    @property
    def running(self) -> bool:
        """True until the last event was emitted."""
        return not self._ended.is_set()
