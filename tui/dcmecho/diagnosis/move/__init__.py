"""C-MOVE to self: a study that the peer is asked to send to us, and which leg of it failed."""
