"""Return connections: the calls to this machine, their judgement, and reasons for no call."""
