"""The words and numbers of the DICOM standard, each in one place."""
