"""C-MOVE to this machine: asks the peer to send a study here, and finds which part fails."""
