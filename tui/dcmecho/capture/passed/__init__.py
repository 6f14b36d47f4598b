"""What passed on a connection: PDUs, TLS records, and the log of them."""
