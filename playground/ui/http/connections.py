"""Connections have bounds: how many there may be, of one address and in all, and how long one may take to say something or to listen.

uvicorn knows none of them but a time for idle ones. What is used of its inside is listed in `RELIES_ON`; tests/ui/http/test_uvicorn_contract.py
looks whether it is there.
"""

import asyncio
import json
from collections.abc import Sequence
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

from playground.config.file_handles import Room
from playground.requester import Network, client_address, is_trusted, parsed_address

HEADERS = 10.0          # seconds that the head of a request may take, from the first byte or from connecting
IDLE = 5                # seconds that a connection is kept for another request
READ_WITHIN = 20.0      # seconds in which a client takes at least READ_LEAST bytes of what it asked for, or all
READ_LEAST = 64 * 1024
UNREAD = 256 << 20      # bytes of answers that nobody has taken yet, in all
RELIES_ON = ("conn", "cycle", "transport", "client", "loop", "connection_made", "connection_lost", "data_received", "pause_writing",
             "resume_writing", "timeout_keep_alive_handler", "send_400_response")
REASONS = {400: "Bad Request", 408: "Request Timeout", 503: "Service Unavailable"}
MALFORMED = "this is not a request as HTTP has it"
SLOW = f"a request has to be complete to the end of its headers within {HEADERS:.0f} s"
FULL = "too many connections are open: close some, or try again in a moment"


def response(status: int, field: str, message: str) -> bytes:
    """A whole answer, where there is no request yet that the app could answer."""
    body = json.dumps({"error": {"field": field, "message": message}}).encode()
    head = f"HTTP/1.1 {status} {REASONS[status]}\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\nconnection: close\r\n"
    return head.encode() + b"x-content-type-options: nosniff\r\n\r\n" + body


class ConnectionLimits:
    """All open connections of a server, the oldest first. Those of a trusted proxy are everybody's: for them only the whole number counts."""

    def __init__(self, room: Room, proxies: Sequence[Network] = ()) -> None:
        self.room, self.proxies = room, proxies
        self.open: dict[Connection, None] = {}
        self.by_address: dict[str, dict[Connection, None]] = {}

    def address(self, peer: str | None) -> str:
        """Whose a connection is; "" when it is a trusted proxy's."""
        found = parsed_address(peer or "")
        return "" if found and is_trusted(found, self.proxies) else client_address(peer, "", ())

    def admit(self, new: "Connection") -> bool:
        """Count it, in place of the longest idle one where there are too many: of the same address, or of the address that has the most."""
        own = self.by_address.get(new.address, {})
        full = own if new.address and len(own) >= self.room.each else None
        if full is None and len(self.open) >= self.room.most:
            full = max(self.by_address.values(), key=len)
        if full is not None:
            idle = next((one for one in full if one.idle), None)
            if idle is None:
                return False
            self.forget(idle)
            idle.timeout_keep_alive_handler()
        self.open[new] = None
        self.by_address.setdefault(new.address, {})[new] = None
        return True

    def forget(self, connection: "Connection") -> None:
        """It counts no longer."""
        self.open.pop(connection, None)
        own = self.by_address.get(connection.address, {})
        own.pop(connection, None)
        if not own:
            self.by_address.pop(connection.address, None)

    def free_memory(self) -> None:
        """While clients leave more than UNREAD bytes unread: close the worst connection of the address that leaves most."""
        while (unread := {one: one.unread for one in self.open}) and sum(unread.values()) > UNREAD:
            by_address = {address: sum(unread[one] for one in own) for address, own in self.by_address.items()}
            worst = max(self.by_address[max(by_address, key=by_address.__getitem__)], key=unread.__getitem__)
            self.forget(worst)
            worst.transport.abort()


class Connection(H11Protocol):
    """uvicorn's, within `limits`."""

    def __init__(self, *args: Any, limits: ConnectionLimits, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.limits, self.address, self._received = limits, "", False
        self._head: asyncio.TimerHandle | None = None           # when a request's head has to be whole
        self._reading: asyncio.TimerHandle | None = None       # the next check that the client takes what it asked for

    @property
    def idle(self) -> bool:
        """No request of its is being answered, and it has taken all that it asked for."""
        return (self.cycle is None or self.cycle.response_complete) and not self.unread

    @property
    def unread(self) -> int:
        """Bytes that the client has not taken."""
        return self.transport.get_write_buffer_size()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Admit the connection, or answer 503."""
        super().connection_made(transport)
        self.address = self.limits.address(self.client[0] if self.client else None)
        if self.limits.admit(self):
            self._head = self.loop.call_later(HEADERS, self._too_slow)
        else:
            self._end(503, "server", FULL)

    def connection_lost(self, error: Exception | None) -> None:
        """Count it no longer."""
        self.limits.forget(self)
        self._stop()
        super().connection_lost(error)

    def data_received(self, data: bytes) -> None:
        """Start or stop the timer of a request's head."""
        self._received = True
        super().data_received(data)
        between = self.idle and not self.transport.is_closing()         # a head has begun and is not whole
        if not between and self._head:
            self._head.cancel()
            self._head = None
        elif between and self._head is None:
            self._head = self.loop.call_later(HEADERS, self._too_slow)

    def send_400_response(self, msg: str) -> None:
        """Answer a malformed request in the app's own form."""
        self._end(400, "message", MALFORMED)

    def pause_writing(self) -> None:
        """The client reads slowly: free memory, and expect it to go on reading."""
        super().pause_writing()
        self.limits.free_memory()
        self._expect_reading(self.unread)

    def resume_writing(self) -> None:
        """The client has read enough: stop the timer."""
        super().resume_writing()
        if self._reading:
            self._reading.cancel()
            self._reading = None

    def _expect_reading(self, before: int) -> None:
        def check() -> None:
            if before - self.unread < READ_LEAST:
                self.transport.abort()
            else:
                self._expect_reading(self.unread)
        self._reading = self.loop.call_later(READ_WITHIN, check)

    def _too_slow(self) -> None:
        if self.idle and not self.transport.is_closing():
            if self._received:
                self._end(408, "message", SLOW)
            else:                                               # a browser's, for later
                self.transport.close()

    def _end(self, status: int, field: str, message: str) -> None:
        self._stop()
        self.transport.write(response(status, field, message))
        self.transport.close()

    def _stop(self) -> None:
        for timer in (self._head, self._reading):
            if timer:
                timer.cancel()
        self._head = self._reading = None
