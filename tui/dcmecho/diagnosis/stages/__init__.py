"""One module for each stage: it judges what a Link saw and returns an Outcome. No I/O."""
