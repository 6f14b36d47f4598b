"""Watching peers over time: samples, figures, what changed, and when to ask again. Pure."""
