"""`Sandbox`: the local stand-in for Bria, as its users see it."""

from types import TracebackType
from typing import Self, get_args

from starlette.types import ASGIApp

from bria_tailored_ext.sandbox.application import application
from bria_tailored_ext.sandbox.chance import Chance
from bria_tailored_ext.sandbox.clock import SimulatedClock
from bria_tailored_ext.sandbox.gate import Gate
from bria_tailored_ext.sandbox.records import BilledCall
from bria_tailored_ext.sandbox.routes_generation import SyncAnswers
from bria_tailored_ext.sandbox.server import SandboxError, Server
from bria_tailored_ext.sandbox.shelf import Shelf
from bria_tailored_ext.sandbox.state import State

_MAX_BODY_BYTES = 200 * 1024 * 1024


class Sandbox:
    """A local stand-in for Bria's Tailored Generation API, from `async with` to its end.

    It listens in a thread of its own, so it works the same under asyncio and trio. All
    that it keeps is gone when it ends. The same seed and the same requests give the same
    answers, byte for byte.

        async with Sandbox(speed=3600) as sandbox:
            print(sandbox.base_url, sandbox.api_token)

    Args:
        speed: Simulated seconds per real second; 0 stands still until `advance`.
        port: Where to listen; 0 takes any free port.
        host: The address to listen on. Anything but loopback lets others in.
        api_token: What requests must carry; "sandbox-token" unless given.
        seed: Decides durations, ids, and the seeds that requests leave open.
        sync_answers: The shape of answers to `sync: true`: "enveloped" as everywhere else
            at Bria, or "flat" as the document has it.
        max_body_bytes: The longest request body; a longer one is answered 413.

    Raises:
        ValueError: The speed is negative or not finite, the token is empty, or the shape of
            synchronous answers is neither of the two.
    """

    def __init__(
        self,
        *,
        speed: float = 1.0,
        port: int = 0,
        host: str = "127.0.0.1",
        api_token: str | None = None,
        seed: int = 0,
        sync_answers: SyncAnswers = "enveloped",
        max_body_bytes: int = _MAX_BODY_BYTES,
    ) -> None:
        self._clock = SimulatedClock(speed=speed)
        self._shelf = Shelf()
        self._state = State(clock=self._clock, chance=Chance(seed), shelf=self._shelf)
        if api_token == "":
            raise ValueError("api_token must not be empty: every request would carry it.")
        if sync_answers not in get_args(SyncAnswers):
            raise ValueError(f"sync_answers must be 'enveloped' or 'flat', not {sync_answers!r}.")
        self._token = "sandbox-token" if api_token is None else api_token
        gate = Gate(api_token=self._token, max_body_bytes=max_body_bytes, state=self._state)
        self._application = application(self._state, gate, sync_answers=sync_answers)
        self._server = Server(self._application, host=host, port=port)
        self._base_url: str | None = None
        self._used = False

    async def __aenter__(self) -> Self:
        if self._used:
            raise SandboxError("This Sandbox was started before. Make a new one for each start.")
        self._used = True
        self._base_url = await self._server.start()
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            await self._server.stop()
        finally:
            self._shelf.close()

    @property
    def base_url(self) -> str:
        """Where it listens, such as "http://127.0.0.1:8123".

        Raises:
            SandboxError: It was never started.
        """
        if self._base_url is None:
            raise SandboxError("The Sandbox is not started: use `async with Sandbox() as ...`.")
        return self._base_url

    @property
    def api_token(self) -> str:
        """What a request must carry in its header `api_token`."""
        return self._token

    @property
    def application(self) -> ASGIApp:
        """The ASGI application, for use without a socket."""
        return self._application

    @property
    def books(self) -> tuple[BilledCall, ...]:
        """Every call so far that Bria would have billed, in order."""
        return tuple(self._state.books)

    def advance(self, seconds: float = 0.0, *, hours: float = 0.0) -> None:
        """Move simulated time forward; whatever ends in that time has then ended.

        Args:
            seconds: Simulated seconds.
            hours: Simulated hours, added to the seconds.

        Raises:
            ValueError: The sum is negative or not finite.
        """
        self._clock.advance(seconds + hours * 3600.0)

    def publish(self, data: bytes, name: str) -> str:
        """Serve some bytes as if they lay on a public server.

        The sandbox fetches nothing from outside: a zip for a bulk upload, or a picture for
        an `image_url`, has to be published here first.

        Args:
            data: What is served.
            name: How the URL ends, such as "pictures.zip".

        Returns:
            The URL.

        Raises:
            SandboxError: It was never started.
        """
        return self.base_url + self._state.publish(data, name)

    def __repr__(self) -> str:
        where = self._base_url or "not started"
        return f"<Sandbox {where}, {len(self._state.books)} billed calls>"
