"""Watching peers over time: samples, figures, changes, and when to check again. No I/O."""
