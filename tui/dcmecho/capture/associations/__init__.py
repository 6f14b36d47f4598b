"""From conversations to DICOM associations, and what each of them tells."""
