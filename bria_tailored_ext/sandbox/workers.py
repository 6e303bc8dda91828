"""Work that takes a while, done beside the event loop."""

import threading
from collections.abc import Callable
from typing import TypeVar, TypeVarTuple

import anyio.to_thread
from anyio.lowlevel import RunVar

_T = TypeVar("_T")
_Args = TypeVarTuple("_Args")

# A picture being drawn takes tens of megabytes; four at once keep every core of a small
# machine busy without taking its memory.
_AT_ONCE = 4

_limiter: RunVar[anyio.CapacityLimiter] = RunVar("sandbox_limiter")
_crew: RunVar[set[threading.Thread]] = RunVar("sandbox_crew")


async def in_worker(function: Callable[[*_Args], _T], *args: *_Args) -> _T:
    """Run a function in a worker thread of the running event loop, a few at a time."""
    threads = crew()

    def noted() -> _T:
        threads.add(threading.current_thread())
        return function(*args)

    return await anyio.to_thread.run_sync(noted, limiter=_of_this_loop())


def crew() -> set[threading.Thread]:
    """Give the threads that have worked for the running event loop.

    anyio tells its worker threads to end with the loop but does not wait for them; who
    owns the loop can join these.
    """
    try:
        return _crew.get()
    except LookupError:
        threads: set[threading.Thread] = set()
        _crew.set(threads)
        return threads


def _of_this_loop() -> anyio.CapacityLimiter:
    try:
        return _limiter.get()
    except LookupError:
        limiter = anyio.CapacityLimiter(_AT_ONCE)
        _limiter.set(limiter)
        return limiter
