"""Writes an export on a thread of its own, so that many targets hold up no screen."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from textual.message import Message

from dcmecho.console.saving import SavedKind, SaveResult, Saving
from dcmecho.console.symbols import Mark
from dcmecho.console.threads import do_beside
from dcmecho.diagnosis.sanitize import cut, error_text
from dcmecho.diagnosis.target.target import Target
from dcmecho.profiles.exchange.formats.known import write_text
from dcmecho.profiles.exchange.registration import one_line
from dcmecho.profiles.exchange.rows import ExchangeFormat

LINE = "line"
"""What an export without a format is called."""

_LONGEST_NAMES = 200


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """What to write, in which format (``None``: lines that people read), and where."""

    targets: Sequence[Target]
    form: ExchangeFormat | None
    saving: Saving


class ExportJob:
    """One export that is being written. :meth:`give_up` ends it; then it tells nothing."""

    class Done(Message):
        """The job is done."""

        def __init__(self, job: ExportJob, result: SaveResult) -> None:
            self.job = job
            self.result = result
            super().__init__()

    def __init__(self, request: ExportRequest, tell: Callable[[Done], object]) -> None:
        """Start at once. ``tell`` is called on the thread of the job."""
        self._given_up = False
        self._is_saving = False
        self._changing = threading.Lock()
        self._request = request
        self._tell = tell
        do_beside("dcmecho-export", self._run)

    def give_up(self) -> bool:
        """Write no file; return false if that has begun. Safe from any thread."""
        with self._changing:
            self._given_up = not self._is_saving
            return self._given_up

    def _run(self) -> None:
        try:
            result = self._written()
        except Exception as error:
            result = SaveResult(f"Nothing was exported: {error_text(error)}", Mark.FAILED)
        if result is not None and not self._given_up:
            self._tell(self.Done(self, result))

    def _written(self) -> SaveResult | None:
        """Return where the file is, or nothing if it was given up."""
        targets, form = self._request.targets, self._request.form
        if form is None:
            return self._saved(LINE, "".join(f"{one_line(target)}\n" for target in targets))
        written = write_text(targets, form)
        kept = self._saved(str(form), written.text, form.suffix)
        if kept is None or kept.mark is not Mark.OK or not written.refused:
            return kept
        names = cut(", ".join(written.refused), _LONGEST_NAMES)
        return SaveResult(
            f"{kept.text} without {names}, which this format cannot store", Mark.WARNING
        )

    def _saved(self, name: str, text: str, suffix: str = ".txt") -> SaveResult | None:
        with self._changing:
            if self._given_up:
                return None
            self._is_saving = True
        return self._request.saving.keep(SavedKind.EXPORT, name, text, suffix)
