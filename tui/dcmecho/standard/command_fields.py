"""DIMSE commands by their command field (PS3.7 E.1)."""

from __future__ import annotations

from enum import IntEnum

RESPONSE = 0x8000
"""The bit that turns a request's command field into that of its response."""


class CommandField(IntEnum):
    """Command fields."""

    C_STORE_RQ = 0x0001
    C_STORE_RSP = 0x8001
    C_FIND_RQ = 0x0020
    C_FIND_RSP = 0x8020
    C_GET_RQ = 0x0010
    C_GET_RSP = 0x8010
    C_MOVE_RQ = 0x0021
    C_MOVE_RSP = 0x8021
    C_ECHO_RQ = 0x0030
    C_ECHO_RSP = 0x8030
    N_EVENT_REPORT_RQ = 0x0100
    N_EVENT_REPORT_RSP = 0x8100
    C_CANCEL_RQ = 0x0FFF

    @property
    def words(self) -> str:
        """Return ``C-ECHO-RSP``."""
        return self.name.replace("_", "-")


_NUMBERS = frozenset(CommandField)


def command_words(field: int) -> str:
    """Return ``C-ECHO-RSP``, or the number of a command that is not listed."""
    return CommandField(field).words if field in _NUMBERS else f"command 0x{field:04X}"
