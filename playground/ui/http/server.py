"""The server under the page: uvicorn, in a thread, with bounds on its connections."""

import os
import socket
import threading
import time
from functools import partial
from typing import Any

import uvicorn

from playground.config.file_handles import BURST, Room
from playground.config.settings import AccessPolicy
from playground.ui.http.connections import IDLE, Connection, ConnectionLimits

QUEUE = 1024            # connections that the system holds until they are taken
PORT = 7860             # the first that is tried where none is asked for
PORTS = 100             # and how many are
START_WITHIN = 60.0     # seconds
FINISH_WITHIN = 3       # seconds for requests under way at the end


class Server(uvicorn.Server):
    """uvicorn's, in a thread of this process, on a socket that is open already."""

    def __init__(self, config: uvicorn.Config, listener: socket.socket) -> None:
        super().__init__(config)
        self.listener = listener
        self.thread = threading.Thread(target=self.run, args=([listener],), name="server", daemon=True)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and set the length of the queue of connections."""
        await super().startup(sockets)
        self.listener.listen(QUEUE)         # the loop takes BURST in one go, and would have made that the length of the queue

    def start(self) -> None:
        """Returns when it answers."""
        self.thread.start()
        end = time.monotonic() + START_WITHIN
        while not self.started:
            if not self.thread.is_alive() or time.monotonic() > end:
                raise OSError("the server did not start; its log says why")
            time.sleep(0.005)

    def close(self) -> None:
        """Requests under way have FINISH_WITHIN seconds."""
        self.should_exit = True
        self.thread.join(FINISH_WITHIN + 2)


def open_port(host: str, env: Any = os.environ) -> socket.socket:
    """A socket on GRADIO_SERVER_PORT, or the first that is free from 7860 on. OSError when there is none."""
    setting = env.get("GRADIO_SERVER_PORT", "").strip()
    if setting and not (setting.isdecimal() and int(setting[:6]) < 1 << 16):
        raise OSError(f"GRADIO_SERVER_PORT must be a whole number below {1 << 16:,}; it is {setting[:40]!r}")
    ports = [int(setting)] if setting else range(PORT, PORT + PORTS)
    name = host.strip("[]")
    family = socket.AF_INET6 if ":" in name else socket.AF_INET
    for port in ports:
        try:
            listener = socket.create_server((name, port), family=family, backlog=QUEUE)
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)      # asyncio sets it on its own sockets alone; else 40 ms an answer
            return listener
        except OSError as error:
            last = error
    raise OSError(f"the page cannot be served at {host}, port {ports[0] if setting else f'{PORT} to {PORT + PORTS - 1}'}: {last.strerror or last}")


def serve(app: Any, host: str, access: AccessPolicy, room: Room) -> tuple[Server, str]:
    """(the running server, its address). It closes a request that comes slowly, and believes nobody's headers: `People` judges those."""
    listener = open_port(host)
    http: Any = partial(Connection, limits=ConnectionLimits(room, access.proxies))
    config = uvicorn.Config(app, http=http, ws="none", proxy_headers=False, server_header=False, access_log=False, log_config=None,
                            timeout_keep_alive=IDLE, timeout_graceful_shutdown=FINISH_WITHIN, backlog=BURST)
    server = Server(config, listener)
    server.start()
    name = "localhost" if host in ("0.0.0.0", "::", "[::]") else host
    return server, f"http://{name}:{listener.getsockname()[1]}/"
