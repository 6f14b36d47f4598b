"""The minimum work of a Python program for a C-ECHO: send given bytes, read whole PDUs.

Run: ``python benchmarks/support/raw_client.py PORT JOBS MESSAGE ... < HOSTS``, each message one
PDU in hex. It judges nothing; ``floor.py`` uses it as the lower limit.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator, Sequence

_HEADER_BYTES = 6


def main() -> None:
    """Exchange the messages with each host from standard input."""
    port, jobs = int(sys.argv[1]), int(sys.argv[2])
    messages = [bytes.fromhex(text) for text in sys.argv[3:]]
    asyncio.run(_all(iter(sys.stdin.read().split()), port, jobs, messages))


async def _all(hosts: Iterator[str], port: int, jobs: int, messages: Sequence[bytes]) -> None:
    async def work() -> None:
        for host in hosts:
            await _exchange(host, port, messages)

    await asyncio.gather(*(work() for _ in range(jobs)))


async def _exchange(host: str, port: int, messages: Sequence[bytes]) -> None:
    reader, writer = await asyncio.open_connection(host, port)
    for message in messages:
        writer.write(message)
        header = await reader.readexactly(_HEADER_BYTES)
        await reader.readexactly(int.from_bytes(header[2:]))
    writer.close()
    await writer.wait_closed()


if __name__ == "__main__":
    main()
