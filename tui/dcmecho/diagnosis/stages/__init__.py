"""One module a stage: what a Link saw in, an :class:`Outcome` out. Pure; no I/O."""
