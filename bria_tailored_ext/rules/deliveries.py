"""What a webhook delivery says, and for how long it is remembered.

Source: https://docs.bria.ai/webhooks: the body of a delivery is that of a status answer.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Hashable, Mapping
from typing import Any, Generic, TypeVar

import attrs

from bria_tailored_ext.rules import jobs
from bria_tailored_ext.values import wire

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class MalformedDelivery(ValueError):
    """A delivery that is properly signed, and is not the outcome of a job."""


@attrs.frozen(kw_only=True)
class Delivery:
    """What became of one job.

    Attributes:
        request_id: The job.
        body: The same as a status answer.
        is_final: Whether the job can no longer change.
    """

    request_id: str
    body: Mapping[str, Any] = attrs.field(repr=False)
    is_final: bool


def read_delivery(webhook_id: str, raw: bytes) -> Delivery:
    """Read the body of a delivery that is signed.

    Args:
        webhook_id: The id of its header; documented as the request id, it names the job where the
            body does not.
        raw: The body.

    Raises:
        MalformedDelivery: It is no status answer. The message holds nothing of it.
    """
    try:
        body = wire.mapping(json.loads(raw))
    except (ValueError, RecursionError) as error:
        # Not chained: a JSONDecodeError carries the whole body along.
        raise MalformedDelivery(f"it is not JSON ({type(error).__name__})") from None
    if body is None:
        raise MalformedDelivery("it is not a JSON object")
    if wire.text(body.get("status")) is None:
        raise MalformedDelivery("it has no status")
    return Delivery(
        request_id=wire.text(body.get("request_id")) or webhook_id,
        body=body,
        is_final=jobs.read_status(body).state.is_final,
    )


class Recent(Generic[K, V]):
    """Values by key that forgets the oldest: beyond a number, a total size, or an age.

    Args:
        most: How many it holds.
        most_bytes: How large they may be together, as told when they are put in.
        lifetime: For how many seconds it holds each.
    """

    def __init__(self, *, most: int, most_bytes: int, lifetime: float) -> None:
        self._most = most
        self._most_bytes = most_bytes
        self._lifetime = lifetime
        self._bytes = 0
        self._entries: OrderedDict[K, tuple[float, int, V]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._entries)

    def put(self, key: K, value: V, now: float, size: int = 0) -> None:
        """Hold a value, in place of what its key held.

        Args:
            key: Its key.
            value: The value.
            now: Seconds on a monotonic clock.
            size: Its bytes.
        """
        self._drop(key)
        self._entries[key] = now, size, value
        self._bytes += size
        while len(self._entries) > self._most or self._bytes > self._most_bytes:
            self._drop(next(iter(self._entries)))
        self._forget(now)

    def get(self, key: K, now: float) -> V | None:
        """What the key holds, unless it is forgotten."""
        self._forget(now)
        entry = self._entries.get(key)
        return None if entry is None else entry[2]

    def _forget(self, now: float) -> None:
        while self._entries:
            key, (since, _, _) = next(iter(self._entries.items()))
            if now - since < self._lifetime:
                return
            self._drop(key)

    def _drop(self, key: K) -> None:
        entry = self._entries.pop(key, None)
        if entry is not None:
            self._bytes -= entry[1]
