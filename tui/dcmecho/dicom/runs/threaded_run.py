"""Runs on a thread: the common start, failure and end of diagnoses and surveys."""

from __future__ import annotations

import os
import threading
from abc import ABC, abstractmethod
from typing import Generic, TypeVar

from dcmecho.dicom.wire.waiting import wait_for

_Result = TypeVar("_Result")


class ThreadedRun(ABC, Generic[_Result]):
    """Work with one result, on its own daemon thread or on the caller's."""

    def __init__(self, kind: str) -> None:
        self.run_id = os.urandom(6).hex()
        self._thread_name = f"dcmecho-{kind}-{self.run_id}"
        self._result: _Result | None = None
        self.fault: Exception | None = None
        """Why there is no result, if the run failed to make one."""
        self._ended = threading.Event()

    @abstractmethod
    def cancel(self) -> None:
        """Ask the run to end. It aborts its association and reports ``cancelled`` within 2 s.

        Safe from any thread, at any time, more than once. Does not wait.
        """

    @abstractmethod
    def _work(self) -> _Result:
        """Return the result. An exception becomes the run's :attr:`fault`."""

    def make(self) -> None:
        """Do all the work on the calling thread. Raises nothing."""
        try:
            self._result = self._work()
        except Exception as error:
            self.fault = error
        finally:
            self._ended.set()

    def start(self) -> None:
        """Start on its own daemon thread, which emits all events."""
        threading.Thread(target=self.make, name=self._thread_name, daemon=True).start()

    def join(self, timeout_s: float | None = None) -> _Result | None:
        """Wait for the end and return the result, or ``None`` if ``timeout_s`` passed first.

        A signal can interrupt it; then call it again.
        """
        wait_for(self._ended, timeout_s)
        return self._result

    @property
    def running(self) -> bool:
        """True until the last event has been emitted."""
        return not self._ended.is_set()
