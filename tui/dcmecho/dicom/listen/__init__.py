"""A listener that shows who calls us. :func:`dcmecho.dicom.listen.listener.start` begins it."""
