"""What a peer accepts beyond C-ECHO: its services, objects, queries and large requests."""
