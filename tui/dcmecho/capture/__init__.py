"""From the bytes of a capture file to TCP conversations; what DICOM they hold is read above."""
