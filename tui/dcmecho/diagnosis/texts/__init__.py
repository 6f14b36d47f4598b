"""What the logs and messages of other software tell of associations."""
