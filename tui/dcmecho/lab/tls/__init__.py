"""TLS of the practice peers: certificates, and the connection that uses them."""
