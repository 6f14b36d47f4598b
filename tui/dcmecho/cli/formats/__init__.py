"""What goes to stdout: a module for each format, its row in ``format``."""
