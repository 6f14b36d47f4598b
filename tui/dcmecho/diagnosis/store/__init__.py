"""Storing a test object: does the peer take an object of a certain size, and what stops it."""
