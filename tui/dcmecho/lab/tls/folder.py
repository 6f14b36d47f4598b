"""The folder of the lab's certificates. They are made once in the life of a lab."""

from __future__ import annotations

import os
import tempfile
import threading
from pathlib import Path

from dcmecho.lab.tls.files import KEPT_IN, TlsFiles


class TlsFolder:
    """A folder for the files of :class:`TlsFiles`: one that stays, or one that ends with the lab.

    Safe from any thread.
    """

    def __init__(self, stays: bool) -> None:
        """Make no folder yet, unless one for the time being. Raises ``OSError``."""
        self._passing = None if stays else tempfile.TemporaryDirectory(prefix="dcmecho-lab-")
        self.files = TlsFiles(Path(self._passing.name if self._passing else _kept_in()))
        self._lock = threading.Lock()
        self._is_done = False

    def certify(self) -> None:
        """Make the certificates, unless that is done. Raises ``OSError``."""
        with self._lock:
            if not self._is_done:
                # Loading cryptography takes a while.
                from dcmecho.lab.tls.certificates import make_certificates

                self.files.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                make_certificates(self.files)
            self._is_done = True

    def close(self) -> None:
        """Remove a folder for the time being, and make no certificates any more."""
        with self._lock:
            self._is_done = True
            if self._passing is not None:
                self._passing.cleanup()


def _kept_in() -> str:
    return os.path.expanduser(KEPT_IN)
