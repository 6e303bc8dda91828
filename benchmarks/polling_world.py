"""The world that the polling benchmark simulates: jobs, and a server with a true window."""

from __future__ import annotations

import asyncio
import heapq
import json
import random
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from math import exp, inf
from typing import Any

import attrs
import httpx

LATENCY = 0.1
"""Seconds from a look's start to its answer."""

PERIOD = 60.0


@attrs.frozen(kw_only=True)
class Work:
    """One job to come.

    Attributes:
        at: When it is submitted, in seconds.
        takes: Seconds; infinite for a job that never finishes.
        is_video: Whether it makes a clip in place of a picture.
        by_webhook: Whether its end is delivered.
    """

    at: float
    takes: float
    is_video: bool = False
    by_webhook: bool = False

    @property
    def ends(self) -> float:
        """When it finishes."""
        return self.at + self.takes


@attrs.frozen(kw_only=True)
class Case:
    """A load and a limit.

    Attributes:
        name: As printed.
        rate: Looks a minute.
        make: The jobs, by a source of chance.
        measured: The figures of the simulation that this one is compared with.
    """

    name: str
    rate: int
    make: Callable[[random.Random], Sequence[Work]]
    is_of_table: bool = False


@attrs.frozen(kw_only=True)
class Outcome:
    """What a policy made of a case."""

    polls: float
    refusals: float
    lag: float
    lag_95: float
    ratio: float
    stuck_polls: float = 0.0


def duration(chance: random.Random, median: float = 20.0) -> float:
    """Seconds that a job takes: lognormal, sigma 0.4."""
    return median * exp(0.4 * chance.gauss(0, 1))


def paced(count: int, rate: int) -> Callable[[random.Random], list[Work]]:
    """Jobs that arrive evenly, as many a minute as looks are allowed."""
    return lambda chance: [Work(at=n * PERIOD / rate, takes=duration(chance)) for n in range(count)]


def burst(count: int, **also: Any) -> Callable[[random.Random], list[Work]]:
    """Jobs that arrive at once."""
    return lambda chance: [Work(at=0.0, takes=duration(chance), **also) for _ in range(count)]


def _mixed(chance: random.Random) -> list[Work]:
    return [
        Work(at=0.0, takes=duration(chance, 120.0 if n % 2 else 20.0), is_video=bool(n % 2))
        for n in range(100)
    ]


def _drifting(chance: random.Random) -> list[Work]:
    return [Work(at=float(n), takes=duration(chance, 20.0 * 3 ** (n / 500))) for n in range(500)]


def _jumping(chance: random.Random) -> list[Work]:
    return [
        Work(at=2.0 * n, takes=duration(chance, 60.0 if 100 <= n < 200 else 20.0))
        for n in range(300)
    ]


def _half_delivered(chance: random.Random) -> list[Work]:
    return [Work(at=0.0, takes=duration(chance), by_webhook=bool(n % 2)) for n in range(200)]


def _some_stuck(chance: random.Random) -> list[Work]:
    return [Work(at=2.0 * n, takes=inf if n % 20 == 7 else duration(chance)) for n in range(200)]


CASES = (
    Case(name="paced, R 60, 50 jobs", rate=60, make=paced(50, 60), is_of_table=True),
    Case(name="paced, R 60, 500 jobs", rate=60, make=paced(500, 60), is_of_table=True),
    Case(name="paced, R 1000, 500 jobs", rate=1000, make=paced(500, 1000), is_of_table=True),
    Case(name="burst, R 60, 50 jobs", rate=60, make=burst(50), is_of_table=True),
    Case(name="burst, R 60, 500 jobs", rate=60, make=burst(500), is_of_table=True),
    Case(name="burst, R 1000, 500 jobs", rate=1000, make=burst(500), is_of_table=True),
    Case(name="burst, R 60, 200 jobs", rate=60, make=burst(200)),
    Case(name="two kinds, R 60, 100 jobs", rate=60, make=_mixed),
    Case(name="drift by 3, R 60, 500 jobs", rate=60, make=_drifting),
    Case(name="3 times and back, R 60, 300", rate=60, make=_jumping),
    Case(name="half by webhook, R 60, 200", rate=60, make=_half_delivered),
    Case(name="one in 20 stuck, R 60, 200", rate=60, make=_some_stuck),
    Case(name="burst, R 1000, 5000 jobs", rate=1000, make=burst(5000)),
)


def lower_bound(work: Sequence[Work], rate: int) -> float:
    """When an oracle would know of the last job: each one looked at once, as soon as it may be."""
    window: deque[float] = deque()
    last = max((each.ends for each in work if each.by_webhook), default=0.0)
    for end in sorted(each.ends for each in work if not each.by_webhook and each.takes < inf):
        at = end
        if len(window) == rate:
            at = max(end, window.popleft() + PERIOD)
        window.append(at)
        last = max(last, at)
    return last


class Window:
    """A server's true window: so many in any period, the refused ones not counted."""

    def __init__(self, rate: float) -> None:
        self._rate = rate
        self._taken: deque[float] = deque()
        self.refused = 0

    def admits(self, now: float) -> bool:
        """Whether a request at this instant is answered; if not, with 429."""
        while self._taken and self._taken[0] <= now - PERIOD:
            self._taken.popleft()
        if len(self._taken) >= self._rate:
            self.refused += 1
            return False
        self._taken.append(now)
        return True


class Server(httpx.AsyncBaseTransport):
    """Bria, as far as jobs go."""

    def __init__(self, work: Sequence[Work], rate: int) -> None:
        self._work = work
        self._window = Window(rate)
        self.looks: dict[str, int] = {}

    @property
    def refused(self) -> int:
        """How many looks were answered with 429."""
        return self._window.refused

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Take a job, or tell of one."""
        if request.method == "POST":
            # The prompt says which job it is.
            request_id = json.loads(await request.aread())["prompt"]
            return httpx.Response(202, json={"request_id": request_id, "status_url": "x"})
        await asyncio.sleep(LATENCY / 2)
        now = asyncio.get_running_loop().time()
        request_id = request.url.path.rsplit("/", 1)[-1]
        self.looks[request_id] = self.looks.get(request_id, 0) + 1
        answer: tuple[int, Mapping[str, Any]] = (429, {"message": "slow down"})
        if self._window.admits(now):
            answer = (200, self.status(request_id, now))
        await asyncio.sleep(LATENCY / 2)
        return httpx.Response(answer[0], content=json.dumps(answer[1]))

    def status(self, request_id: str, now: float) -> Mapping[str, Any]:
        """What the Status Service says at an instant."""
        work = self._work[int(request_id)]
        if work.ends > now:
            return {"status": "IN_PROGRESS", "request_id": request_id}
        url = "https://cdn.test/" + request_id
        result = {"video_url" if work.is_video else "image_url": url}
        return {"status": "COMPLETED", "result": result, "request_id": request_id}


def summary(
    work: Sequence[Work], lags: Sequence[float], end: float, rate: int, looks: int, refused: int
) -> Outcome:
    """The figures of one run; looks that were refused are counted apart."""
    ordered = sorted(lags)
    return Outcome(
        polls=looks / len(lags),
        refusals=refused / len(lags),
        lag=sum(lags) / len(lags),
        lag_95=ordered[int(0.95 * len(ordered))],
        ratio=end / lower_bound(work, rate),
    )


class Agenda:
    """Events of a simulation without tasks, soonest first."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, Any]] = []
        self._count = 0

    def put(self, at: float, what: Any) -> None:
        """Enter an event."""
        self._count += 1
        heapq.heappush(self._heap, (at, self._count, what))

    def pop(self) -> tuple[float, Any]:
        """The next one, and when."""
        at, _, what = heapq.heappop(self._heap)
        return at, what

    def __bool__(self) -> bool:
        return bool(self._heap)
