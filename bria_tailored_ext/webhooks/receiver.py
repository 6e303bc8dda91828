"""`WebhookReceiver`: an ASGI application that completes the jobs that a client waits for."""

from __future__ import annotations

import hashlib
import json
import logging
import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any, NoReturn
from urllib.parse import unquote, urlsplit

import attrs

from bria_tailored_ext.client.deliveries import Listener
from bria_tailored_ext.rules.deliveries import Delivery, MalformedDelivery, Recent, read_delivery
from bria_tailored_ext.rules.signatures import (
    FRESHNESS,
    Headers,
    Signed,
    SigningKey,
    check_freshness,
    check_signature,
    keys_of,
    read_headers,
)
from bria_tailored_ext.values.clock import Clock, SystemClock
from bria_tailored_ext.values.errors import ConfigurationError, WebhookSignatureError
from bria_tailored_ext.webhooks.bodies import (
    TOO_SLOW,
    Bodies,
    Receive,
    Refused,
    Scope,
    Send,
    respond,
)
from bria_tailored_ext.webhooks.hand_over import hand_over

_log = logging.getLogger("bria_tailored_ext.webhooks")

_LIFETIME = 3600.0
"""Seconds. Source: a delivery is tried for about 45 minutes."""

_MOST_REMEMBERED = 20_000
_MOST_REMEMBERED_BYTES = 32 * 2**20
_READ_AT_ONCE = 64
"""Bodies of the largest size: all that are being read at once need no more memory than these."""


@attrs.frozen(eq=False)
class _Attached:
    """A listener, and how to reach it."""

    tell: Callable[..., None]
    key: SigningKey | None = attrs.field(repr=False)


class WebhookReceiver:
    """Receives Bria's webhooks, as an ASGI 3 application to mount, or to serve by itself.

    It answers at once: 200 to what Bria signed, new or repeated; 401 to what it did not; 400 to
    what is signed and is not the outcome of a job; 404 and 405 beside its path; 413 and 408 to what
    is too large or too slow; 503 while it knows no token. What it takes goes to the clients that
    were opened with `TailoredClient(webhooks=receiver)`, whichever thread and event loop they run
    in, and is remembered for an hour, in case somebody asks for it later.

    It must run in the process that waits: memory is not shared with others.

    Args:
        url: The public address that Bria is to call, of this very application.
        tokens: Accepted beside those of the clients: an old one, while tokens rotate.
        path: Its path as this server sees it, where a proxy in front of it changes paths.
        freshness: How far a delivery's timestamp may be from now, in seconds, either way.
        max_bytes: How large a delivery may be.
        clock: Replaces the time, in tests.

    Raises:
        ConfigurationError: A setting cannot be right.
    """

    def __init__(
        self,
        url: str,
        *,
        tokens: str | Iterable[str] = (),
        path: str | None = None,
        freshness: float = FRESHNESS,
        max_bytes: int = 2**20,
        clock: Clock | None = None,
    ) -> None:
        self._url = url
        self._path = _path_of(url) if path is None else path.rstrip("/")
        self._keys = keys_of(tokens)
        self._freshness = check_freshness(freshness)
        self._clock = clock or SystemClock()
        if max_bytes < 1:
            raise ConfigurationError(f"max_bytes must be 1 or more; it is {max_bytes}.")
        self._bodies = Bodies(
            most=max_bytes, most_together=_READ_AT_ONCE * max_bytes, patience=TOO_SLOW
        )
        self._attached: tuple[_Attached, ...] = ()
        self._seen: Recent[bytes, bool] = _recent()
        self._outcomes: Recent[tuple[SigningKey, str], bytes] = _recent()
        # Server and clients may live in several threads.
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        # Not the query, which may be somebody's secret.
        return f"<WebhookReceiver {self._url.partition('?')[0]}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("A receiver holds keys and what waits for it: make another one instead.")

    @property
    def url(self) -> str:
        """Where Bria is to send deliveries."""
        return self._url

    def attach(self, listener: Listener, *, token: str | None = None) -> Callable[[], None]:
        """Call a listener, on the event loop that runs now, with each delivery from now on.

        It is told of what the receiver's own tokens signed, and of what its token signed: not of
        what only another listener's token signed, which may be another organisation's.

        Args:
            listener: Takes the id of a job and the body. It must not block.
            token: Accepted as well, as long as the listener is attached.

        Returns:
            What ends it.

        Raises:
            ConfigurationError: The token cannot be one.
        """

        def heard(delivery: Delivery) -> None:
            if attached in self._attached:
                _tell(listener, delivery)

        key = None if token is None else SigningKey.of(token)
        attached = _Attached(hand_over(heard), key)
        with self._lock:
            self._attached += (attached,)

        def detach() -> None:
            self._detach(attached)

        return detach

    def delivered(self, request_id: str, *, token: str | None = None) -> Mapping[str, Any] | None:
        """The final outcome of a job, as a status answer, if it was delivered within the last hour.

        Args:
            request_id: The job.
            token: Whose deliveries count, beside those that the receiver's own tokens signed.
        """
        own = () if token is None else (SigningKey.of(token),)
        now = self._clock.monotonic()
        with self._lock:
            found = [self._outcomes.get((key, request_id), now) for key in (*own, *self._keys)]
        return next((json.loads(raw) for raw in found if raw is not None), None)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, by ASGI 3."""
        if scope["type"] == "http":
            await self._answer(scope, receive, send)
        elif scope["type"] == "lifespan":
            await _live(receive, send)
        else:
            await send({"type": "websocket.close", "code": 1000})

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            self._check_address(scope)
            signed = self._check_headers(scope["headers"])
            self._take(signed, await self._bodies.read(scope["headers"], receive))
        except Refused as refused:
            _log.warning("Refused a webhook delivery (%s): %s", refused.status, refused.reason)
            if refused.status is not None:
                await respond(send, refused.status, _headers(scope, refused.status))
        else:
            await respond(send, 200)

    def _check_address(self, scope: Scope) -> None:
        path: str = scope["path"]
        # A mounted application is told where it stands, and its own path begins below that.
        root: str = scope.get("root_path", "")
        below = path.removeprefix(root).rstrip("/")
        is_root_of_mount = bool(root) and not below
        if not is_root_of_mount and self._path not in (below, path.rstrip("/")):
            raise Refused(
                404, f"it went to {path[:200]!r}; this receiver answers at {self._path or '/'!r}"
            )
        if scope["method"] != "POST":
            raise Refused(405, f"it is a {scope['method'][:20]!r}, not a POST")

    def _check_headers(self, headers: Headers) -> Signed:
        if not self._known():
            raise Refused(503, "no token is known: no client is attached, and tokens= is empty")
        try:
            return read_headers(headers)
        except WebhookSignatureError as error:
            raise Refused(401, str(error)) from None

    def _take(self, signed: Signed, raw: bytes) -> None:
        try:
            keys = check_signature(
                signed,
                raw,
                self._known(),
                now=self._clock.now().timestamp(),
                freshness=self._freshness,
            )
            delivery = read_delivery(signed.webhook_id, raw)
        except WebhookSignatureError as error:
            raise Refused(401, str(error)) from None
        except MalformedDelivery as error:
            raise Refused(400, f"{error}, though it is properly signed") from None
        if self._is_new(signed, delivery, raw, keys):
            self._hand_on(delivery, keys)

    def _is_new(
        self, signed: Signed, delivery: Delivery, raw: bytes, keys: tuple[SigningKey, ...]
    ) -> bool:
        # By its keys as well: a token's owner must not be able to hide what another one signed.
        content = hashlib.sha256(b"".join(key.secret for key in keys))
        content.update(signed.webhook_id.encode() + b"\0" + raw)
        now = self._clock.monotonic()
        with self._lock:
            if self._seen.get(content.digest(), now):
                return False
            self._seen.put(content.digest(), True, now)
            # Before it is handed on: whoever begins to wait in between finds it here.
            for key in keys if delivery.is_final else ():
                self._outcomes.put((key, delivery.request_id), raw, now, len(raw))
        return True

    def _hand_on(self, delivery: Delivery, keys: tuple[SigningKey, ...]) -> None:
        is_for_all = any(key in self._keys for key in keys)
        for each in self._attached:
            if is_for_all or each.key in keys:
                try:
                    each.tell(delivery)
                except RuntimeError:
                    # Its event loop is gone, and it with that.
                    self._detach(each)

    def _known(self) -> tuple[SigningKey, ...]:
        own = (each.key for each in self._attached if each.key is not None)
        return tuple(dict.fromkeys((*self._keys, *own)))

    def _detach(self, attached: _Attached) -> None:
        with self._lock:
            self._attached = tuple(each for each in self._attached if each is not attached)


def _recent() -> Recent[Any, Any]:
    return Recent(most=_MOST_REMEMBERED, most_bytes=_MOST_REMEMBERED_BYTES, lifetime=_LIFETIME)


def _path_of(url: str) -> str:
    # urlsplit forgives spaces and line breaks.
    if url.isprintable() and not any(mark in url for mark in " #\\@"):
        with suppress(ValueError):
            parts = urlsplit(url)
            if parts.scheme in ("http", "https") and parts.hostname and parts.port != 0:
                return unquote(parts.path).rstrip("/")
    # Not repeated: it may hold a password.
    raise ConfigurationError(
        "url must be the public address that Bria is to call, like "
        "https://example.com/bria/webhooks, without a user or a fragment."
    )


def _headers(scope: Scope, status: int) -> tuple[tuple[bytes, bytes], ...]:
    if status == 405:
        return ((b"allow", b"POST"),)
    # The rest of the body may be endless. HTTP/2 knows no such header.
    if status in (408, 413) and scope.get("http_version", "1.1").startswith("1"):
        return ((b"connection", b"close"),)
    return ()


def _tell(listener: Listener, delivery: Delivery) -> None:
    try:
        listener(delivery.request_id, delivery.body)
    except Exception:
        _log.exception("The listener to webhook deliveries failed at job %s", delivery.request_id)


async def _live(receive: Receive, send: Send) -> None:
    while True:
        phase = (await receive())["type"]
        await send({"type": f"{phase}.complete"})
        if phase == "lifespan.shutdown":
            return
