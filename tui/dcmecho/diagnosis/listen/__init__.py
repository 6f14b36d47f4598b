"""The way back: who calls us, whether it is who we expect, and what it is where nobody calls."""
