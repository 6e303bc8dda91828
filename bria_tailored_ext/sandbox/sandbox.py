"""`Sandbox`: the local stand-in for Bria, as its users see it."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from os import PathLike
from types import TracebackType
from typing import Any, Self, get_args

from starlette.types import ASGIApp

from bria_tailored_ext.sandbox.application import application
from bria_tailored_ext.sandbox.books import paid_twice
from bria_tailored_ext.sandbox.chance import Chance
from bria_tailored_ext.sandbox.clock import SimulatedClock
from bria_tailored_ext.sandbox.durations import Kind, Length, Lengths
from bria_tailored_ext.sandbox.faults import Fault, Faults
from bria_tailored_ext.sandbox.furnishing import furnish_model
from bria_tailored_ext.sandbox.gate import Gate
from bria_tailored_ext.sandbox.hosts import under_own_names
from bria_tailored_ext.sandbox.plans import Limits, LimitsClock, PlanName, SandboxPlan
from bria_tailored_ext.sandbox.posting import Post
from bria_tailored_ext.sandbox.prices import price_list
from bria_tailored_ext.sandbox.records import BilledCall
from bria_tailored_ext.sandbox.routes_generation import SyncAnswers
from bria_tailored_ext.sandbox.server import SandboxError, Server
from bria_tailored_ext.sandbox.shelf import Shelf
from bria_tailored_ext.sandbox.state import State
from bria_tailored_ext.sandbox.turnstile import Turnstile
from bria_tailored_ext.sandbox.webhooks import WebhookAttempt, WebhookTargets

_MAX_BODY_BYTES = 200 * 1024 * 1024


class Sandbox:
    """A local stand-in for Bria's Tailored Generation API, from `async with` to its end.

    It listens in a thread of its own, so it works the same under asyncio and trio. All
    that it keeps is gone when it ends. The same seed and the same requests in the same order
    give the same ids, durations, faults and pictures; a file's bytes may differ, and a colour by
    a step that nobody sees. Dates and the port are real ones.

        async with Sandbox(speed=3600) as sandbox:
            print(sandbox.base_url, sandbox.api_token)

    Where there is no event loop, a plain `with` does the same.

    Args:
        speed: Simulated seconds per real second; 0 stands still until `advance`.
        port: Where to listen; 0 takes any free port.
        host: The address to listen on. Anything but loopback lets others in.
        api_token: What requests must carry; "sandbox-token" unless given.
        seed: Decides durations, ids, and the seeds that requests leave open.
        sync_answers: The shape of answers to `sync: true`: "enveloped" as everywhere else
            at Bria, or "flat" as the document has it.
        max_body_bytes: The longest request body; a longer one is answered 413.
        plan: How many requests a minute are let through per operation, and how many in all:
            "free", "pay_as_you_go", "enterprise", a `SandboxPlan`, or `None` for no limits.
        limits_clock: Which clock a minute of the plan is measured by: "simulated" passes at
            `speed` and by `advance`, "real" does not.
        faults: What goes wrong from the start; see `Fault`.
        prices: US dollars by operation, in place of the usual ones.
        durations: How long things take, by kind: simulated seconds, or a `Length`. At 0 a
            job is ready as soon as it is submitted.
        webhook_targets: Where webhooks may go: "loopback", so that nothing leaves this
            machine, or "anywhere".

    Raises:
        ValueError: An argument is impossible; the message says which, and what it can be.
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
        plan: PlanName | SandboxPlan | None = None,
        limits_clock: LimitsClock = "simulated",
        faults: Iterable[Fault] = (),
        prices: Mapping[str, Decimal | float | str] | None = None,
        durations: Mapping[Kind, float | Length] | None = None,
        webhook_targets: WebhookTargets = "loopback",
    ) -> None:
        if not host:
            raise ValueError("host must not be empty: it would let in every network.")
        if max_body_bytes < 1:
            raise ValueError(f"max_body_bytes must be 1 or more, not {max_body_bytes!r}.")
        self._clock = SimulatedClock(speed=speed)
        self._shelf = Shelf()
        chance = Chance(seed)
        self._state = State(
            clock=self._clock,
            chance=chance,
            shelf=self._shelf,
            durations=Lengths(chance, durations or {}),
            prices=price_list(prices or {}),
            webhook_targets=webhook_targets,
        )
        self._state.faults.add(*faults)
        turnstile = Turnstile(
            faults=self._state.faults,
            limits=Limits(plan, clock=self._clock, measured_by=limits_clock),
        )
        if api_token == "":
            raise ValueError("api_token must not be empty: every request would carry it.")
        if webhook_targets not in get_args(WebhookTargets):
            raise ValueError(
                f"webhook_targets must be 'loopback' or 'anywhere', not {webhook_targets!r}."
            )
        if sync_answers not in get_args(SyncAnswers):
            raise ValueError(f"sync_answers must be 'enveloped' or 'flat', not {sync_answers!r}.")
        self._token = "sandbox-token" if api_token is None else api_token
        gate = Gate(
            api_token=self._token,
            max_body_bytes=max_body_bytes,
            state=self._state,
            turnstile=turnstile,
        )
        self._application = application(self._state, gate, host=host, sync_answers=sync_answers)
        post = Post(webhooks=self._state.webhooks, clock=self._clock, api_token=self._token)
        named = under_own_names(self._application, host)
        self._server = Server(named, host=host, port=port, beside=post.run)
        self._base_url: str | None = None
        self._used = False
        self._is_over = False

    async def __aenter__(self) -> Self:
        self._use()
        self._base_url = await self._server.start()
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._is_over = True
        try:
            await self._server.stop()
        finally:
            self._shelf.close()

    def __enter__(self) -> Self:
        self._use()
        self._base_url = self._server.start_blocking()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._is_over = True
        try:
            self._server.stop_blocking()
        finally:
            self._shelf.close()

    def _use(self) -> None:
        if self._used:
            raise SandboxError("This Sandbox was started before. Make a new one for each start.")
        self._used = True

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

    @property
    def paid_twice(self) -> tuple[BilledCall, ...]:
        """The calls in the books that bought what an earlier one had bought.

        The same operation on the same model with the same body is the same purchase, however
        its JSON is written, and whatever `webhook_url` and `sync` say of the answer. Who wants
        one thing several times on purpose says so with a `seed` for each.
        """
        return paid_twice(self.books)

    @property
    def faults(self) -> Faults:
        """What goes wrong: `add`, `remove` and `clear` work at once, from any thread."""
        return self._state.faults

    @property
    def webhooks(self) -> tuple[WebhookAttempt, ...]:
        """Every attempt so far to deliver a webhook, those that were not made included."""
        return self._state.webhooks.attempts

    def advance(self, seconds: float = 0.0, *, hours: float = 0.0) -> None:
        """Move simulated time forward; whatever ends in that time has then ended.

        Args:
            seconds: Simulated seconds.
            hours: Simulated hours, added to the seconds.

        Raises:
            ValueError: The sum is negative or not finite, or leads beyond the year 9000.
        """
        self._state.advance(seconds + hours * 3600.0)

    def add_trained_model(
        self, name: str = "Model", *, visual_schema: Mapping[str, Any] | None = None
    ) -> int:
        """Put in a model that is trained already, for tests of what comes after.

        Its project and its completed dataset come with it. The dataset holds no images, and
        nothing of all this is billed.

        Args:
            name: Of the model, and of its project and dataset.
            visual_schema: What the model draws by.

        Returns:
            The model's id.
        """
        return furnish_model(self._state, name=name, visual_schema=visual_schema or {})

    def publish(self, data: bytes | PathLike[str], name: str) -> str:
        """Serve some bytes as if they lay on a public server.

        The sandbox fetches nothing from outside: a zip for a bulk upload, or a picture for
        an `image_url`, has to be published here first.

        Args:
            data: What is served: bytes, or the path of a file, which is copied piece by piece.
            name: How the URL ends, such as "pictures.zip".

        Returns:
            The URL.

        Raises:
            SandboxError: It was never started, or has ended.
            OSError: The file cannot be read.
        """
        if self._is_over:
            raise SandboxError("This Sandbox has ended: nobody would be served what is published.")
        return self.base_url + self._state.publish(data, name)

    def __repr__(self) -> str:
        where = self._base_url or "not started"
        return f"<Sandbox {where}, {len(self._state.books)} billed calls>"
