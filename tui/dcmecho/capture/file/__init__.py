"""From the bytes of a file to records: pcap, pcapng, gzip."""
