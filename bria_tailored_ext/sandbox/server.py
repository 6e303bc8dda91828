"""The server: one thread with its own event loop, around an application."""

import asyncio
import errno
import logging
import socket
import sys
import threading

import anyio
import anyio.lowlevel
import uvicorn
from starlette.types import ASGIApp

from bria_tailored_ext.sandbox.workers import crew
from bria_tailored_ext.values.errors import BriaError

_POLL_SECONDS = 0.005
_GRACE_SECONDS = 1


class SandboxError(BriaError):
    """The sandbox cannot start; the message says why and what to do."""


class Server:
    """An application that listens, from `start` to `stop`.

    Args:
        app: The ASGI application.
        host: The address to listen on.
        port: The port to listen on; 0 takes any free one.
    """

    def __init__(self, app: ASGIApp, *, host: str, port: int) -> None:
        self._app = app
        self._host = host
        self._port = port
        self._uvicorn: _QuietServer | None = None
        self._thread: threading.Thread | None = None
        self._failure: BaseException | None = None

    async def start(self) -> str:
        """Listen, and give the base URL once requests are answered.

        Raises:
            SandboxError: The port is in use, or the address is not this machine's.
        """
        await anyio.lowlevel.checkpoint()
        listener = _bound(self._host, self._port)
        port: int = listener.getsockname()[1]
        config = _QuietConfig(
            self._app,
            log_config=None,
            lifespan="off",
            ws="none",
            loop="asyncio",
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=_GRACE_SECONDS,
        )
        self._uvicorn = _QuietServer(config)
        self._thread = threading.Thread(
            target=self._run, args=(self._uvicorn, listener), name="bria-sandbox", daemon=True
        )
        self._thread.start()
        try:
            await self._until_started(self._uvicorn, self._thread)
        except BaseException:
            await self.stop()
            raise
        shown = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{shown}:{port}"

    async def stop(self) -> None:
        """Stop listening, and wait until the thread is gone, whatever is cancelled."""
        thread = self._thread
        if thread is None or self._uvicorn is None:
            return
        self._uvicorn.should_exit = True
        with anyio.CancelScope(shield=True):
            # Looking now and then needs no thread of the caller's, which would outlive us.
            while thread.is_alive():  # noqa: ASYNC110 - nothing in this loop can set an Event
                await anyio.sleep(_POLL_SECONDS)
        thread.join()
        self._thread = None

    async def _until_started(self, server: uvicorn.Server, thread: threading.Thread) -> None:
        while not server.started:
            if not thread.is_alive():
                raise SandboxError(
                    f"The sandbox's server did not start: {self._failure}"
                ) from self._failure
            await anyio.sleep(_POLL_SECONDS)

    def _run(self, server: "_QuietServer", listener: socket.socket) -> None:
        workers: set[threading.Thread] = set()

        async def serve() -> None:
            try:
                await server.serve(sockets=[listener])
            finally:
                workers.update(crew())

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
    """A server that drops what is still open when its grace is over."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
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
