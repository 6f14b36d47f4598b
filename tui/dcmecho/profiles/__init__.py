"""The profile file: finding, reading, checking and editing it without losing a byte."""
