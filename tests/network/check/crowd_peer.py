"""A peer in its own process that answers nobody until many callers are connected.

Run: ``python crowd_peer.py COUNT``. Prints its port.
"""

from __future__ import annotations

import asyncio
import socket
import sys
from contextlib import suppress

from dcmecho.dicom.wire.descriptors import make_room_for
from dcmecho.lab.acting import act
from dcmecho.lab.behaviour import Application
from dcmecho.lab.connection import LabConnection


async def serve(count: int) -> None:
    """Accept on every address of this machine until the process is killed."""
    loop = asyncio.get_running_loop()
    waiting: list[socket.socket] = []
    playing: set[asyncio.Task[None]] = set()
    with socket.create_server(("0.0.0.0", 0), backlog=2 * count) as listener:
        listener.setblocking(False)
        print(listener.getsockname()[1], flush=True)  # noqa: T201
        while len(waiting) < count:
            sock, _ = await loop.sock_accept(listener)
            waiting.append(sock)
        for sock in waiting:
            playing.add(asyncio.create_task(_play(sock)))
        await asyncio.gather(*playing)


async def _play(sock: socket.socket) -> None:
    with suppress(OSError), sock:
        await act(Application(), LabConnection(sock, "127.0.0.1"))


if __name__ == "__main__":
    make_room_for(int(sys.argv[1]))
    asyncio.run(serve(int(sys.argv[1])))
