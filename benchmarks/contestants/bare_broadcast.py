"""The least that a live stream can cost: new lines of one file to everybody who is connected, five times a second.

In: the file's path. Out: on stdout the address; to each connection frames like ours. No sign-in, no cursors, no events,
nothing is bounded: a viewer that was cut off has missed what came meanwhile.
"""

import asyncio
import json
import sys
from pathlib import Path

from websockets.asyncio.server import ServerConnection, broadcast, serve

from glassworks.storage.linelog import Follower

EVERY_S = 0.2


async def main(path: Path) -> None:
    viewers: set[ServerConnection] = set()

    async def welcome(connection: ServerConnection) -> None:
        viewers.add(connection)
        await connection.send('{"type":"snapshot","cursor":"","state":{"status":"running"}}')
        try:
            await connection.wait_closed()
        finally:
            viewers.discard(connection)

    follower = Follower(path)
    follower.poll()
    async with serve(welcome, "127.0.0.1", 0, compression=None) as server:
        port = server.sockets[0].getsockname()[1]
        sys.stdout.write(f"http://127.0.0.1:{port}\n")
        sys.stdout.flush()
        while True:
            if rows := follower.poll():
                frame = {"type": "metrics", "cursor": "", "rows": rows}
                broadcast(viewers, json.dumps(frame, separators=(",", ":")))
            await asyncio.sleep(EVERY_S)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
