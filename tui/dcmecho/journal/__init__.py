"""The journal: what earlier runs have shown, in one SQLite file."""
