"""The least that could push: aiohttp alone, no rules, sending the same texts at the same moments.

``python -m bench.deskpeer PORT FILE``: serves ``/desk?n=N``; after a line on its input it plays
the file, a line for each message: seconds since the beginning, N, the text.
"""

import asyncio
import json
import sys
from pathlib import Path

from aiohttp import web


async def serve(port: int, lines: list[str]) -> None:
    """Serve until the file is played and everybody has gone."""
    sockets: dict[str, web.WebSocketResponse] = {}

    async def desk(request: web.Request) -> web.StreamResponse:
        ws = web.WebSocketResponse(heartbeat=10, compress=False)
        await ws.prepare(request)
        sockets[request.query["n"]] = ws
        async for _ in ws:
            pass
        return ws

    app = web.Application()
    app.router.add_get("/desk", desk)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    print("ready", flush=True)
    loop = asyncio.get_running_loop()
    await loop.run_in_executor(None, sys.stdin.readline)
    began = loop.time()
    for line in lines:
        after_s, name, text = json.loads(line)
        await asyncio.sleep(max(0.0, began + after_s - loop.time()))
        await sockets[name].send_str(json.dumps([loop.time(), text], ensure_ascii=False))
    print("played", flush=True)
    await loop.run_in_executor(None, sys.stdin.readline)
    await runner.cleanup()


if __name__ == "__main__":
    played = Path(sys.argv[2]).read_text(encoding="utf-8").splitlines()
    asyncio.run(serve(int(sys.argv[1]), played))
