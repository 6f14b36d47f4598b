"""Associations that others made, known from a text or a capture."""
