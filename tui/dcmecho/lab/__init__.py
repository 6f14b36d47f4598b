"""Practice peers on loopback: healthy and broken ways to answer a DICOM association."""
