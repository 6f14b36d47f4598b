"""What others did, as text: the associations of captures."""
