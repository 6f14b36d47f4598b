"""dcmecho finds out why one DICOM application cannot talk to another."""

__version__ = "0.1.0"
