"""Bodies are read within bounds: of size, of time, of all together."""

from __future__ import annotations

from typing import Any

import anyio
import pytest

from bria_tailored_ext.webhooks.bodies import Bodies, Receive, Refused

pytestmark = pytest.mark.anyio


def sender(*pieces: bytes, ends: bool = True, gate: anyio.Event | None = None) -> Receive:
    """Sends these pieces; then it ends, or waits at a gate, for ever if there is none."""
    messages: list[dict[str, Any]] = [
        {"type": "http.request", "body": piece, "more_body": True} for piece in pieces
    ]

    async def receive() -> dict[str, Any]:
        if messages:
            return messages.pop(0)
        if not ends:
            await (gate or anyio.Event()).wait()
        return {"type": "http.request"}

    return receive


def bodies(most: int = 10, most_together: int = 1000, patience: float = 5.0) -> Bodies:
    return Bodies(most=most, most_together=most_together, patience=patience)


async def status_of(reader: Bodies, receive: Receive, *headers: tuple[bytes, bytes]) -> int | None:
    with pytest.raises(Refused) as caught:
        await reader.read(headers, receive)
    return caught.value.status


@pytest.mark.parametrize("pieces", [[], [b""], [b"0123456789"], [b"01234", b"", b"56789"]])
async def test_a_body_within_the_limit_is_read_whole(pieces: list[bytes]) -> None:
    """Up to the last byte of it."""
    assert await bodies().read([], sender(*pieces)) == b"".join(pieces)


@pytest.mark.parametrize("pieces", [[b"0123456789+"], [b"0123456789", b"+"]])
async def test_a_body_beyond_the_limit_is_refused(pieces: list[bytes]) -> None:
    """By one byte."""
    assert await status_of(bodies(), sender(*pieces)) == 413


@pytest.mark.parametrize("value", [b"11", b"9" * 5000])
async def test_a_body_that_is_announced_too_large_is_refused(value: bytes) -> None:
    """However large the number is."""
    assert await status_of(bodies(), sender(b"0"), (b"Content-Length", value)) == 413


@pytest.mark.parametrize("value", [b"10", b"0", b"-11", b"", b"eleven"])
async def test_what_is_announced_is_not_believed(value: bytes) -> None:
    """It may save the reading; it does not replace the counting."""
    headers = [(b"content-length", value)]

    assert await bodies().read(headers, sender(b"0123456789")) == b"0123456789"
    assert await status_of(bodies(), sender(b"0123456789+"), *headers) == 413


async def test_a_body_that_takes_too_long_is_refused() -> None:
    """Bria would not wait for the answer any more."""
    assert await status_of(bodies(patience=0.01), sender(b"0", ends=False)) == 408


async def test_all_that_are_being_read_share_a_limit() -> None:
    """A thousand senders, each just below the limit, do not fill the memory."""
    reader = bodies(most_together=25)
    gate = anyio.Event()
    answers: list[bytes] = []

    async def slow() -> None:
        answers.append(await reader.read([], sender(b"0123456789", ends=False, gate=gate)))

    with anyio.fail_after(5):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(slow)
            tasks.start_soon(slow)
            await anyio.wait_all_tasks_blocked()

            assert await status_of(reader, sender(b"012345")) == 503
            assert await reader.read([], sender(b"01234")) == b"01234"
            gate.set()

    assert answers == [b"0123456789"] * 2
    # What was refused, or read, or given up, counts no longer.
    for _ in range(5):
        assert await status_of(reader, sender(b"0" * 11)) == 413
    assert await reader.read([], sender(b"0123456789")) == b"0123456789"


async def test_a_cancelled_reader_leaves_its_share() -> None:
    """The server may drop a connection at any time."""
    reader = bodies(most_together=10)

    for _ in range(3):
        with anyio.move_on_after(0.005):
            await reader.read([], sender(b"0123456789", ends=False))

    assert await reader.read([], sender(b"0123456789")) == b"0123456789"
