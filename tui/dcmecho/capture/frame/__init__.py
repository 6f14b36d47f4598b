"""From a record to TCP segments, ICMP errors and name look-ups: link layers, IP, tunnels."""
