"""The sandbox in a process of its own, as the judge of a contestant: its books, and its limits."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping
from multiprocessing.connection import Connection
from typing import Any

from bria_tailored_ext.sandbox import Length, Sandbox, SandboxPlan
from bria_tailored_ext.sandbox.plans import Limits
from bria_tailored_ext.sandbox.refusal import Refusal

LOOK = "GET /v2/status/{request_id}"
SUBMIT = "POST /v2/image/generate/tailored"


class _Counted:
    """Counts what the sandbox's limits let through and refuse."""

    def __init__(self) -> None:
        self.admitted: Counter[str] = Counter()
        self.refused = 0
        self._admit: Callable[..., None] = Limits.admit
        vars_of_limits: Any = Limits
        vars_of_limits.admit = self._counting()

    def _counting(self) -> Callable[..., None]:
        def admit(limits: Limits, route: str, *, enveloped: bool) -> None:
            try:
                self._admit(limits, route, enveloped=enveloped)
            except Refusal:
                self.refused += 1
                raise
            self.admitted[route] += 1

        return admit


def serve_sandbox(tell: Connection, rate: int, speed: float, seed: int) -> None:
    """Serve in this process until what was finished is received, then send the judgement.

    Args:
        tell: Gets the origin, then gives when the contestant had each result, by request id, in
            seconds of the machine's monotonic clock.
        rate: Requests a minute for each endpoint.
        speed: Simulated seconds per second.
        seed: Decides how long jobs take: about 20 simulated seconds.
    """
    counted = _Counted()
    sandbox = Sandbox(
        speed=speed,
        seed=seed,
        plan=SandboxPlan(requests_per_minute=rate),
        durations={"image": Length(median=20.0)},
    )
    with sandbox:
        model = sandbox.add_trained_model()
        tell.send({"origin": sandbox.base_url, "token": sandbox.api_token, "model": str(model)})
        finished: dict[str, float] = tell.recv()
        # The sandbox's own records: when each job was submitted, and when it was ready.
        state: Any = vars(sandbox)["_state"]
        offset = state.clock.now() - time.monotonic() * speed
        jobs = sorted(state.jobs.values(), key=lambda job: job.submitted_at)
        ready = {job.request_id: job.ready_at for job in jobs}
        tell.send(
            {
                "submits": len(sandbox.books),
                "looks": counted.admitted[LOOK],
                "refused": counted.refused,
                "lags": [at * speed + offset - ready[name] for name, at in finished.items()],
                "lengths": [job.ready_at - job.submitted_at for job in jobs],
            }
        )


PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63606060"
    "f80f0001040100c5e9b7450000000049454e44ae426082"
)
"""What the sandbox serves here as every result: one pixel."""


def serve_books(tell: Connection, durations: Mapping[Any, float | Length]) -> None:
    """Serve in this process without limits, and tell what was billed, as often as it is asked.

    Pictures are not drawn: that is no client's work.

    Args:
        tell: Gets the origin; then, for whatever it gives, what was billed and what twice.
        durations: How long things take.
    """
    from bria_tailored_ext.sandbox import files

    vars(files)["draw"] = lambda *_, **__: PICTURE
    with Sandbox(durations=dict(durations)) as sandbox:
        model = sandbox.add_trained_model()
        tell.send({"origin": sandbox.base_url, "token": sandbox.api_token, "model": str(model)})
        while tell.recv():
            tell.send({"billed": len(sandbox.books), "twice": len(sandbox.paid_twice)})
