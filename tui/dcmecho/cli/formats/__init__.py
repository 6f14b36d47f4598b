"""The formats of stdout: a module for each, and a row in ``format``."""
