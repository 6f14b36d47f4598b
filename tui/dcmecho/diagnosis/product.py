"""The products whose settings a hint can name."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Product(StrEnum):
    """A product that ``where`` in ``causes.toml`` can have a hint for; the value is its key."""

    label: str
    """The name as its makers write it."""

    ORTHANC = "orthanc", "Orthanc"
    DCMTK = "dcmtk", "DCMTK"
    DCM4CHEE_ARC = "dcm4chee-arc", "dcm4chee-arc"

    def __new__(cls, key: str, label: str) -> Product:
        """Make a member from its key and its name."""
        product = str.__new__(cls, key)
        product._value_ = key
        product.label = label
        return product


class Hint(NamedTuple):
    """A hint: where something is set in one product, or what its log shows."""

    product: Product
    text: str

    def __str__(self) -> str:
        """Return ``Orthanc: "DicomAet"``."""
        return f"{self.product.label}: {self.text}"
