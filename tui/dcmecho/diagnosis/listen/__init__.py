"""Return connections: who calls this machine, whether as expected, and why nobody might."""
