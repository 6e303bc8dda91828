"""Which webhooks are to be sent, when, and what became of each attempt."""

import heapq
import ipaddress
import logging
import math
import threading
from collections.abc import Callable
from typing import Final, Literal, TypeAlias
from urllib.parse import urlsplit

import attrs

from bria_tailored_ext.sandbox.clock import SimulatedClock
from bria_tailored_ext.sandbox.faults import OF_WEBHOOKS, Faults
from bria_tailored_ext.sandbox.records import Job

_log = logging.getLogger(__name__)

WebhookTargets: TypeAlias = Literal["loopback", "anywhere"]
Outcome: TypeAlias = Literal["delivered", "failed", "lost", "refused"]

# Source: https://docs.bria.ai/webhooks: up to 5 attempts over about 45 minutes. How they
# are spread is not documented; these add up to 45.
RETRY_SECONDS: Final = (60.0, 240.0, 600.0, 1800.0)


@attrs.frozen(kw_only=True)
class WebhookAttempt:
    """One attempt to tell somebody that a job is final, or why there was none."""

    request_id: str
    url: str
    attempt: int
    """1 to 5."""
    outcome: Outcome
    """"delivered" is a 2xx in time; "lost" and "refused" were never sent."""
    status: int | None
    """What was answered; `None` when nothing was, or not in time."""
    time: float
    """Unix seconds of simulated time."""


@attrs.frozen(kw_only=True)
class Delivery:
    """A webhook that is to be sent."""

    job: Job
    operation: str
    url: str
    origin: str
    """The address that the job's caller knows the sandbox by, for URLs in the body."""
    due_at: float
    """When this attempt is to be made, in unix seconds of simulated time."""
    attempt: int = 1
    again: bool = False
    """To be sent once more after it has arrived."""
    decided: bool = False
    """Whether a fault had its chance."""


class Webhooks:
    """The webhooks of one sandbox; safe to use from any thread.

    Args:
        clock: The sandbox's time, by which they are due.
        faults: Which of them are lost, or sent twice.
        targets: Where they may go: "loopback", so that nothing leaves this machine, or
            "anywhere".
    """

    def __init__(self, *, clock: SimulatedClock, faults: Faults, targets: WebhookTargets) -> None:
        self._clock = clock
        self._faults = faults
        self._targets = targets
        self._lock = threading.Lock()
        self._waiting: list[tuple[float, int, Delivery]] = []
        self._attempts: list[WebhookAttempt] = []
        self._count = 0
        self._wake: Callable[[], None] | None = None

    @property
    def attempts(self) -> tuple[WebhookAttempt, ...]:
        """Every attempt so far, in order."""
        with self._lock:
            return tuple(self._attempts)

    def expect(self, job: Job, operation: str, url: str, origin: str) -> None:
        """Send a webhook when a job is final; never for one that is stuck."""
        delivery = Delivery(
            job=job, operation=operation, url=url, origin=origin, due_at=job.ready_at
        )
        if self._targets == "loopback" and not is_loopback(url):
            _log.warning(
                "The webhook of job %s is not sent: %s is no HTTP server on this machine. To let"
                ' the sandbox call others: Sandbox(webhook_targets="anywhere").',
                job.request_id,
                urlsplit(url).hostname,
            )
            self._note(delivery, "refused", None)
        elif job.fate != "stuck":
            self._wait(delivery)

    def due(self) -> list[Delivery]:
        """Take out what is to be sent now."""
        now = self._clock.now()
        taken: list[Delivery] = []
        with self._lock:
            while self._waiting and self._waiting[0][0] <= now:
                taken.append(heapq.heappop(self._waiting)[2])
        return [each for each in map(self._decided, taken) if each is not None]

    def seconds_until_due(self) -> float:
        """Give the real seconds until the next one is due; infinite if time stands still."""
        with self._lock:
            if not self._waiting:
                return math.inf
            left = max(0.0, self._waiting[0][0] - self._clock.now())
        if left == 0.0:
            return 0.0
        return left / self._clock.speed if self._clock.speed else math.inf

    def tried(self, delivery: Delivery, status: int | None) -> None:
        """Note an attempt; one that did not arrive is repeated, up to the fifth.

        Args:
            delivery: What was sent.
            status: What was answered; `None` when nothing was.
        """
        arrived = status is not None and 200 <= status < 300
        self._note(delivery, "delivered" if arrived else "failed", status)
        if arrived and delivery.again:
            self._wait(attrs.evolve(delivery, again=False))
        elif not arrived and delivery.attempt <= len(RETRY_SECONDS):
            # From when this one was due: time may have been moved past all of them at once.
            due_at = delivery.due_at + RETRY_SECONDS[delivery.attempt - 1]
            self._wait(attrs.evolve(delivery, attempt=delivery.attempt + 1, due_at=due_at))

    def wake_by(self, wake: Callable[[], None] | None) -> None:
        """Say what to call when something may have become due; `None` for nothing."""
        self._wake = wake

    def wake(self) -> None:
        """Look again at what is due: time was moved, or something was added."""
        wake = self._wake
        if wake is not None:
            wake()

    def _decided(self, delivery: Delivery) -> Delivery | None:
        """Let a fault happen to a webhook, once, when its job is final."""
        if delivery.decided:
            return delivery
        fault = self._faults.met(delivery.operation, OF_WEBHOOKS)
        if fault is not None and fault.kind == "lost_webhook":
            self._note(delivery, "lost", None)
            return None
        return attrs.evolve(delivery, again=fault is not None, decided=True)

    def _wait(self, delivery: Delivery) -> None:
        with self._lock:
            self._count += 1
            heapq.heappush(self._waiting, (delivery.due_at, self._count, delivery))
        self.wake()

    def _note(self, delivery: Delivery, outcome: Outcome, status: int | None) -> None:
        noted = WebhookAttempt(
            request_id=delivery.job.request_id,
            url=delivery.url,
            attempt=delivery.attempt,
            outcome=outcome,
            status=status,
            time=self._clock.now(),
        )
        with self._lock:
            self._attempts.append(noted)


def is_loopback(url: str) -> bool:
    """Tell whether an HTTP URL leads to this machine, by its letters: nothing is looked up."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        here = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
    return here and parts.scheme in ("http", "https")
