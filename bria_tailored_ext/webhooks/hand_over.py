"""From the receiver's thread to the event loop of whoever waits, without waiting for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from anyio.lowlevel import current_token


def hand_over(function: Callable[..., object]) -> Callable[..., None]:
    """A way to have a function called on the event loop that runs now, from any thread, soon.

    anyio's own ways from a thread wait for the loop, which would hold the sender up, and lock up
    for good where sender and loop are the same.

    Args:
        function: Must not raise: on trio that would end everything.

    Returns:
        What takes the arguments. It raises RuntimeError once the event loop is gone.
    """
    native: Any = current_token().native_token
    # asyncio's event loop has the one, trio's token the other.
    soon = getattr(native, "call_soon_threadsafe", None) or native.run_sync_soon

    def call(*arguments: object) -> None:
        soon(function, *arguments)

    return call
