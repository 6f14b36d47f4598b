"""What it means when ssh(1) does not bring the far socket to a vantage point."""

from __future__ import annotations

import re
from typing import NamedTuple

from dcmecho.diagnosis.cause import CauseId
from dcmecho.diagnosis.sanitize import PeerText
from dcmecho.diagnosis.vantage.vantage import Vantage, VantageFailure

_NOT_FOUND_STATUS = 127
"""Of a shell that does not find the command (POSIX 2.8.2)."""

_SSH_FAILED_STATUS = 255
"""Of ssh(1), if an error occurred; otherwise it exits as the command there did."""


class _Meaning(NamedTuple):
    pattern: re.Pattern[str]
    cause: CauseId
    text: str


def _meaning(pattern: str, cause: CauseId, text: str) -> _Meaning:
    return _Meaning(re.compile(pattern, re.IGNORECASE), cause, text)


_FORBIDS = _meaning(
    r"administratively prohibited|account is currently not available|not allowed at this time"
    r"|account has expired",
    CauseId.VANTAGE_FORBIDDEN,
    "{vantage} forbids what dcmecho needs there",
)
"""Of ssh, or of nologin(8) in place of a shell."""

_OF_SSH = (
    _meaning(
        r"could not resolve hostname", CauseId.VANTAGE_NAME, "ssh cannot find the name of {vantage}"
    ),
    _meaning(
        r"identification has changed|host key verification failed|no matching host key",
        CauseId.VANTAGE_HOST_KEY,
        "ssh does not accept the host key of {vantage}",
    ),
    _meaning(
        r"permission denied|too many authentication failures|no supported authentication",
        CauseId.VANTAGE_PERMISSION,
        "{vantage} does not let you log in",
    ),
    _FORBIDS,
    _meaning(
        r"connection refused|timed out|no route to host|network is unreachable"
        r"|connection closed by|connection reset by|kex_exchange_identification"
        r"|connection to .* closed|banner exchange",
        CauseId.VANTAGE_UNREACHABLE,
        "ssh does not reach {vantage}",
    ),
)
"""What ssh(1) itself says, the strongest first."""

_NOT_FOUND = r"(?:.*\b)?(?:not found|no such file)"
_PYTHON_FAILS = re.compile(r"^\w*(?:Syntax|Import|ModuleNotFound)Error\b", re.MULTILINE)
"""What a Python says that is too old, or not whole."""


class Ending(NamedTuple):
    """How an ssh process ended that never brought the far socket."""

    status: int | None
    """Its exit status, or ``None`` if it still runs."""
    said: str
    """The end of its standard error."""
    noise: str
    """What came in place of the far socket's greeting."""


def failure(vantage: Vantage, ended: Ending) -> VantageFailure:
    """Return why there is no far socket. Without words that tell, the cause is not sure."""
    last = _last_line(ended.said)
    if ended.status == _SSH_FAILED_STATUS:
        for each in _OF_SSH:
            if each.pattern.search(ended.said):
                return _failure(each.cause, each.text, vantage, last)
        text = "ssh does not reach {vantage}"
        return _failure(CauseId.VANTAGE_UNREACHABLE, text, vantage, last, is_sure=False)
    if _FORBIDS.pattern.search(ended.said):
        return _failure(_FORBIDS.cause, _FORBIDS.text, vantage, last)
    if ended.status == _NOT_FOUND_STATUS or _lacks_python(vantage, ended.said):
        text = f"there is no {vantage.python} on {{vantage}} that can be used"
        return _failure(CauseId.VANTAGE_NO_PYTHON, text, vantage, last)
    if ended.noise.strip():
        text = "{vantage} answers with something else than dcmecho's far socket"
        return _failure(CauseId.VANTAGE_NOISY_SHELL, text, vantage, last or _last_line(ended.noise))
    if ended.status is None:
        text = "{vantage} does not answer in time"
        return _failure(CauseId.VANTAGE_UNREACHABLE, text, vantage, last, is_sure=False)
    text = "{vantage} does not run the command that dcmecho gives it"
    return _failure(CauseId.VANTAGE_FORBIDDEN, text, vantage, last, is_sure=False)


def _lacks_python(vantage: Vantage, said: str) -> bool:
    missing = re.compile(rf"\b{re.escape(vantage.python)}\b{_NOT_FOUND}", re.IGNORECASE)
    return bool(missing.search(said) or _PYTHON_FAILS.search(said))


def not_started(vantage: Vantage, error: OSError) -> VantageFailure:
    """Return the failure of an ssh that this machine does not have, or cannot start."""
    text = "ssh cannot be started on this machine, so nothing can be asked from {vantage}"
    return _failure(CauseId.VANTAGE_UNREACHABLE, text, vantage, error.strerror or "")


def lost(vantage: Vantage, ended: Ending) -> VantageFailure:
    """Return the failure of a far socket that had answered."""
    text = "the connection to {vantage} was lost"
    return _failure(CauseId.VANTAGE_LOST, text, vantage, _last_line(ended.said))


def _failure(
    cause: CauseId, text: str, vantage: Vantage, said: str, *, is_sure: bool = True
) -> VantageFailure:
    said = str(PeerText(said)).rstrip(".")
    told = text.format(vantage=vantage.name)
    return VantageFailure(cause, vantage.name, told, said, vantage.login, is_sure)


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else ""
