"""The target file: found, read, judged, and edited without losing a byte."""
