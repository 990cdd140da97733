"""A WebSocket server for web pages and other programs.

A page of any site may open a connection to this machine, and the browser tells where the page came from: only pages of
this machine, and of origins that the person named, are let in. Programs that are no browsers tell no origin and pass.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import http
import logging
import re
import threading
from collections.abc import Sequence

from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from app.outputs.streaming.addresses import Address, places_to_listen
from app.outputs.streaming.message import HandsMessage
from app.outputs.streaming.output import Output, OutputError
from models.sentences import say
from tracking.values import TrackedFrame

logger = logging.getLogger(__name__)

LOCAL_ORIGIN = re.compile(r"https?://(localhost|127\.0\.0\.1|\[::1\])(:\d+)?")
TEXT_PATH, BINARY_PATH = "/", "/binary"
_LARGEST_REQUEST = 1024
"""Bytes that a client may say at once; what it says is ignored."""

_GOODBYE_SECONDS = 1.0
"""How long a client may take to answer a goodbye: the window waits for it."""


class WebSocketOutput(Output):
    """Sends each client the newest hands, one message at a time.

    The next message goes out when the client's side has answered a ping sent behind the last one. So no more than one
    message is ever on its way, and one that is slow gets fewer messages, but new ones.

    Args:
        address: where to listen.
        origins: origins of web pages besides this machine's that may connect ("https://example.org").
    """

    kind = "websocket"

    def __init__(self, address: Address, origins: Sequence[str] = ()) -> None:
        self._address = address
        self._origins = origins
        self._clients = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    @property
    def address(self) -> str:
        """URL that clients open."""
        return f"ws://{self._address}"

    @property
    def detail(self) -> str:
        """How many clients there are."""
        return say("1 client") if self._clients == 1 else say("{count} clients", count=self._clients)

    def open(self) -> None:
        """Listen, in a thread of its own."""
        listening: concurrent.futures.Future[int] = concurrent.futures.Future()
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._serve(listening)), name="bothhands-websocket", daemon=True
        )
        self._thread.start()
        try:
            self._address = self._address._replace(port=listening.result())
        except OSError as error:
            raise OutputError(
                say(
                    "No web page can connect at {address}: {reason}; choose another port.",
                    address=str(self._address),
                    reason=_reason(error),
                )
            ) from error

    def send(self, tracked: TrackedFrame) -> None:
        """Hand the newest frame to all clients; waits for none of them."""
        if self._loop is None:
            raise OutputError(say("The WebSocket server has ended."))
        self._loop.call_soon_threadsafe(self._newest.put, HandsMessage(tracked))

    def close(self) -> None:
        """Tell the clients goodbye and stop listening."""
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # it has ended by itself
                self._loop.call_soon_threadsafe(self._stopping.set)
        if self._thread is not None:
            self._thread.join()

    async def _serve(self, listening: concurrent.futures.Future[int]) -> None:
        self._newest, self._stopping = _Newest(), asyncio.Event()
        try:
            server = await serve(
                self._talk,
                places_to_listen(self._address),  # type: ignore[arg-type]  # asyncio takes several
                self._address.port,
                origins=[None, LOCAL_ORIGIN, *self._origins],  # type: ignore[list-item]  # plain strings are origins
                process_request=_known_path,
                compression=None,  # numbers like these hardly shrink
                max_size=_LARGEST_REQUEST,
                close_timeout=_GOODBYE_SECONDS,
            )
        except Exception as error:  # noqa: BLE001 - raised again in the thread that waits
            listening.set_exception(error)
            return
        async with server:
            self._loop = asyncio.get_running_loop()
            listening.set_result(server.sockets[0].getsockname()[1])
            await self._stopping.wait()
            self._loop = None

    async def _talk(self, connection: ServerConnection) -> None:
        self._clients += 1
        tasks = {asyncio.create_task(_listen(connection)), asyncio.create_task(self._send_newest(connection))}
        try:
            ended, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in ended:
                with contextlib.suppress(ConnectionClosed):  # without a goodbye
                    task.result()
        finally:
            self._clients -= 1
            for task in tasks:
                task.cancel()

    async def _send_newest(self, connection: ServerConnection) -> None:
        binary = connection.request is not None and connection.request.path == BINARY_PATH
        seen = 0
        while True:
            seen, message = await self._newest.after(seen)
            await connection.send(message.binary if binary else message.text)
            await (await connection.ping())


async def _listen(connection: ServerConnection) -> None:
    """Pass over what a client says, until it leaves."""
    async for _ in connection:
        pass


class _Newest:
    """The newest message, for any number of coroutines of one loop that wait for it."""

    def __init__(self) -> None:
        self._message: HandsMessage | None = None
        self._number = 0
        self._changed = asyncio.Event()

    def put(self, message: HandsMessage) -> None:
        self._message = message
        self._number += 1
        self._changed.set()
        self._changed = asyncio.Event()

    async def after(self, seen: int) -> tuple[int, HandsMessage]:
        """The newest message and its number, once that is another one than `seen`."""
        while self._message is None or self._number == seen:
            await self._changed.wait()
        return self._number, self._message


def _known_path(connection: ServerConnection, request: Request) -> Response | None:
    if request.path in (TEXT_PATH, BINARY_PATH):
        return None
    return connection.respond(http.HTTPStatus.NOT_FOUND, f"Open {TEXT_PATH} or {BINARY_PATH}.\n")


def _reason(error: OSError) -> str:
    """The reason alone: asyncio puts the address into the text as well."""
    return (error.strerror or str(error)).rpartition(": ")[2]
