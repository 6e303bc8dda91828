"""The client's side of webhooks: it asks for them, and takes what comes."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeAlias, TypeVar

import attrs

from bria_tailored.models import ImageRequest, StructuredPromptRequest, VideoRequest
from bria_tailored_ext.values.configuration import Account

Listener: TypeAlias = Callable[[str, Mapping[str, Any]], object]
"""Takes the id of a job and the body of a delivery, which is that of a status answer."""

_MOST_TOKENS = 3
"""While tokens rotate, jobs of the ones before are still delivered under those."""

R = TypeVar("R", bound=ImageRequest | StructuredPromptRequest | VideoRequest)


class Deliveries(Protocol):
    """A source of deliveries, such as `WebhookReceiver`."""

    @property
    def url(self) -> str:
        """Where Bria is to send them."""
        ...

    def attach(self, listener: Listener, *, token: str | None = None) -> Callable[[], None]:
        """Call the listener on this event loop with each delivery; what this returns ends it.

        Args:
            listener: Must neither block nor raise.
            token: Believe, and hand to it, what is signed with this one as well.
        """
        ...

    def delivered(self, request_id: str, *, token: str | None = None) -> Mapping[str, Any] | None:
        """The final outcome of a job, if it was delivered of late."""
        ...


@attrs.frozen
class _Attached:
    """An attachment under one token."""

    token: str = attrs.field(repr=False)
    detach: Callable[[], None]


class Callbacks:
    """What Bria is asked to call back, and what it has called back.

    Args:
        deliveries: Where they come from; `None` for none.
        account: Its token signs them.
    """

    def __init__(self, deliveries: Deliveries | None, account: Account) -> None:
        self._deliveries = deliveries
        self._account = account
        self._listener: Listener | None = None
        self._attached: list[_Attached] = []

    def open(self, listener: Listener) -> None:
        """Tell a listener of each delivery, on this event loop.

        Raises:
            ConfigurationError: The account's token cannot be one.
        """
        self.close()
        self._listener = listener
        self._keep_up()

    def close(self) -> None:
        """Tell it no more."""
        self._listener = None
        while self._attached:
            self._attached.pop().detach()

    def asked_for(self, request: R) -> R:
        """The request as it is to be sent; the caller's own `webhook_url` and `sync` stand.

        Source: https://docs.bria.ai/webhooks: asynchronous requests only.
        """
        if self._deliveries is None or "webhook_url" in request.to_dict() or _is_sync(request):
            return request
        self._keep_up()
        # Not the caller's own, who may send it again, by another client.
        asking = copy.copy(request)
        asking.webhook_url = self._deliveries.url
        return asking

    def is_asked_for(self, request: ImageRequest | StructuredPromptRequest | VideoRequest) -> bool:
        """Whether the outcome of this request, as sent, comes by webhook to here."""
        if self._deliveries is None or _is_sync(request):
            return False
        self._keep_up()
        return request.to_dict().get("webhook_url") == self._deliveries.url

    def delivered(self, request_id: str) -> Mapping[str, Any] | None:
        """The final outcome of a job, if it was delivered of late."""
        if self._deliveries is None:
            return None
        tokens: list[str | None] = [each.token for each in self._attached]
        for token in tokens or [None]:
            body = self._deliveries.delivered(request_id, token=token)
            if body is not None:
                return body
        return None

    def _keep_up(self) -> None:
        """Attach under the account's token as it is now, and under the ones before it."""
        if self._deliveries is None or self._listener is None:
            return
        token = self._account.api_token
        if not any(each.token == token for each in self._attached):
            detach = self._deliveries.attach(self._listener, token=token)
            self._attached.append(_Attached(token, detach))
        while len(self._attached) > _MOST_TOKENS:
            self._attached.pop(0).detach()


def _is_sync(request: ImageRequest | StructuredPromptRequest | VideoRequest) -> bool:
    return request.to_dict().get("sync") is True
