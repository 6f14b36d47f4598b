"""The types of PDUs (PS3.8 9.3.1)."""

from __future__ import annotations

from enum import IntEnum


class PduType(IntEnum):
    """PDU types (PS3.8 9.3.1)."""

    ASSOCIATE_RQ = 1
    ASSOCIATE_AC = 2
    ASSOCIATE_RJ = 3
    DATA_TF = 4
    RELEASE_RQ = 5
    RELEASE_RP = 6
    ABORT = 7

    @property
    def words(self) -> str:
        """Return ``ASSOCIATE-RQ``."""
        return self.name.replace("_", "-")
