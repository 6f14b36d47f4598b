"""Imports targets from the files of other programs, and exports them."""
