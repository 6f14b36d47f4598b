"""A listener for DICOM callers. :func:`dcmecho.dicom.listen.listener.start` starts it."""
