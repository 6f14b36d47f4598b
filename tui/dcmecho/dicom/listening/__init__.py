"""A listener that shows who calls us. :func:`dcmecho.dicom.listening.listener.start` begins it."""
