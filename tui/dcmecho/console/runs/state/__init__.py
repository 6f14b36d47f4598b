"""What the console knows of each target."""
