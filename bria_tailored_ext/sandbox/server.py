"""The server: one thread with its own event loop, around an application."""

import asyncio
import contextlib
import errno
import logging
import socket
import sys
import threading
import time
from collections.abc import Callable, Coroutine
from typing import Any

import anyio
import anyio.lowlevel
import uvicorn
from starlette.types import ASGIApp

from bria_tailored_ext.sandbox.wire import protocol_with_wire
from bria_tailored_ext.sandbox.workers import crew
from bria_tailored_ext.values.errors import BriaError

_log = logging.getLogger(__name__)

_POLL_SECONDS = 0.005
_GRACE_SECONDS = 1
# uvicorn renews its date header at every tenth tick.
_TICKS_A_SECOND = 10


class SandboxError(BriaError):
    """The sandbox cannot start; the message says why and what to do."""


class Server:
    """An application that listens, from `start` to `stop`.

    Args:
        app: The ASGI application.
        host: The address to listen on.
        port: The port to listen on; 0 takes any free one.
        beside: Runs beside the server in its event loop, and is cancelled when it stops.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        host: str,
        port: int,
        beside: Callable[[], Coroutine[Any, Any, None]] | None = None,
    ) -> None:
        self._app = app
        self._beside = beside
        self._host = host
        self._port = port
        self._uvicorn: _QuietServer | None = None
        self._thread: threading.Thread | None = None
        self._failure: BaseException | None = None
        self._closing = asyncio.Event()

    async def start(self) -> str:
        """Listen, and give the base URL once requests are answered.

        Raises:
            SandboxError: The port is in use, or the address is not this machine's.
        """
        await anyio.lowlevel.checkpoint()
        url = self._launch()
        try:
            while not self._is_up():  # noqa: ASYNC110 - nothing in this loop can set an Event
                await anyio.sleep(_POLL_SECONDS)
        except BaseException:
            await self.stop()
            raise
        return url

    async def stop(self) -> None:
        """Stop listening, and wait until the thread is gone, whatever is cancelled."""
        self._ask_to_exit()
        with anyio.CancelScope(shield=True):
            # Looking now and then needs no thread of the caller's, which would outlive us.
            while self._thread is not None and self._thread.is_alive():  # noqa: ASYNC110
                await anyio.sleep(_POLL_SECONDS)
        self._join()

    def start_blocking(self) -> str:
        """As `start`, where there is no event loop."""
        url = self._launch()
        try:
            while not self._is_up():
                time.sleep(_POLL_SECONDS)
        except BaseException:
            self.stop_blocking()
            raise
        return url

    def stop_blocking(self) -> None:
        """As `stop`, where there is no event loop."""
        self._ask_to_exit()
        self._join()

    def _launch(self) -> str:
        listener = _bound(self._host, self._port)
        port: int = listener.getsockname()[1]
        config = _QuietConfig(
            self._app,
            http=protocol_with_wire(self._closing),
            log_config=None,
            lifespan="off",
            ws="none",
            loop="asyncio",
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=_GRACE_SECONDS,
        )
        self._uvicorn = _QuietServer(config, self._closing)
        self._thread = threading.Thread(
            target=self._run, args=(self._uvicorn, listener), name="bria-sandbox", daemon=True
        )
        self._thread.start()
        shown = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{shown}:{port}"

    def _is_up(self) -> bool:
        if self._thread is not None and not self._thread.is_alive():
            why = f"The sandbox's server did not start: {self._failure}"
            raise SandboxError(why) from self._failure
        return self._uvicorn is not None and self._uvicorn.started

    def _ask_to_exit(self) -> None:
        if self._uvicorn is not None:
            self._uvicorn.ask_to_exit()

    def _join(self) -> None:
        if self._thread is not None:
            self._thread.join()
        self._thread = None

    def _run(self, server: "_QuietServer", listener: socket.socket) -> None:
        workers: set[threading.Thread] = set()

        async def serve() -> None:
            beside = None if self._beside is None else asyncio.create_task(self._beside())
            try:
                await server.serve(sockets=[listener])
            finally:
                workers.update(crew())
                await _ended(beside)

        try:
            with _Silence(threading.get_ident()):
                asyncio.run(serve())
        except BaseException as error:
            self._failure = error
        finally:
            listener.close()
            for worker in workers:
                worker.join()


class _QuietConfig(uvicorn.Config):
    """A configuration that leaves the logging of the caller's process alone."""

    def configure_logging(self) -> None:
        pass


class _QuietServer(uvicorn.Server):
    """A server that drops what is still open when its grace is over.

    Args:
        config: Where and what to serve.
        closing: Set as soon as it stops, for whoever waits on purpose.
    """

    def __init__(self, config: uvicorn.Config, closing: asyncio.Event) -> None:
        super().__init__(config)
        self._closing = closing
        self._loop: asyncio.AbstractEventLoop | None = None

    def ask_to_exit(self) -> None:
        """Stop soon; may be called from any thread."""
        self.should_exit = True
        if self._loop is not None:
            # The loop may have ended by itself in the meantime.
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._closing.set)

    async def main_loop(self) -> None:
        """Tick as uvicorn does, but without waiting for the next tick when it is to stop."""
        self._loop = asyncio.get_running_loop()
        ticks = 0
        while not await self.on_tick(ticks):
            ticks = (ticks + 1) % _TICKS_A_SECOND
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._closing.wait(), 1 / _TICKS_A_SECOND)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._closing.set()
        await super().shutdown(sockets)
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        await asyncio.sleep(0)


class _Silence:
    """Keep uvicorn's own log lines of one thread out of everybody's logs."""

    def __init__(self, thread: int) -> None:
        self._thread = thread
        self._loggers = [logging.getLogger("uvicorn.error"), logging.getLogger("uvicorn.access")]

    def __enter__(self) -> None:
        for logger in self._loggers:
            logger.addFilter(self._is_other)

    def __exit__(self, *_: object) -> None:
        for logger in self._loggers:
            logger.removeFilter(self._is_other)

    def _is_other(self, record: logging.LogRecord) -> bool:
        return record.thread != self._thread


async def _ended(task: asyncio.Task[None] | None) -> None:
    if task is None:
        return
    task.cancel()
    await asyncio.wait([task])
    if not task.cancelled() and (error := task.exception()) is not None:
        _log.error("What ran beside the sandbox's server has failed", exc_info=error)


def _bound(host: str, port: int) -> socket.socket:
    """Bind before anything is started, so that a taken port is one clear error."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With the protocol named, asyncio sets TCP_NODELAY; without, each answer waits for 40 ms.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if sys.platform != "win32":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(2048)
        listener.setblocking(False)
    except (OSError, OverflowError) as error:
        listener.close()
        raise SandboxError(_why_not(host, port, error)) from error
    return listener


def _why_not(host: str, port: int, error: Exception) -> str:
    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} on {host} is already in use."
            " Choose another port, or port 0 for any free one."
        )
    return f"The sandbox cannot listen on {host}, port {port}: {error}."
