"""Whether Bria signed a webhook delivery.

The key is HMAC-SHA256(token, "bria-webhook-signing-v1"); the signature is the base64 of
HMAC-SHA256(key, id + "." + timestamp + "." + raw body).
Source: https://docs.bria.ai/webhooks, and the contract vector of Bria's own clients.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

import attrs

from bria_tailored_ext.values.configuration import is_token
from bria_tailored_ext.values.errors import ConfigurationError, WebhookSignatureError

Headers: TypeAlias = Mapping[str, str] | Iterable[tuple[str | bytes, str | bytes]]
"""Headers as any framework has them: a mapping, or pairs; names in any case."""

ID = "bria-webhook-id"
TIMESTAMP = "bria-webhook-timestamp"
SIGNATURE = "bria-webhook-signature"

FRESHNESS = 300.0
"""Seconds. Bria publishes no window; this is what most senders of webhooks recommend."""

_SALT = b"bria-webhook-signing-v1"
_VERSION = "v1="
_LONGEST_ID = 255
_LONGEST_TIMESTAMP = 15


@attrs.frozen
class SigningKey:
    """What a token signs with. The token cannot be read from it. In no repr."""

    secret: bytes = attrs.field(repr=False)

    @classmethod
    def of(cls, token: str) -> SigningKey:
        """The key of an account's token.

        Raises:
            ConfigurationError: This is no token.
        """
        # Not repeated: what was passed by mistake may be a secret as well.
        if not is_token(token):
            raise ConfigurationError(
                "A token for webhooks must be a string with something in it, in ASCII, without "
                "spaces around it. Copy it again from Bria's console."
            )
        return cls(hmac.digest(token.encode(), _SALT, "sha256"))

    def sign(self, webhook_id: str, timestamp: str, body: bytes) -> str:
        """The signature, as it stands behind `v1=`."""
        made = hmac.new(self.secret, f"{webhook_id}.{timestamp}.".encode(), hashlib.sha256)
        made.update(body)
        return base64.b64encode(made.digest()).decode()


@attrs.frozen(kw_only=True)
class Signed:
    """The three headers of a delivery, well-formed, and not yet to be believed.

    Attributes:
        webhook_id: The id that was signed.
        timestamp: Unix seconds, in the very characters that were signed.
        signatures: The signatures of the version that we know; any of them may be the right one.
    """

    webhook_id: str
    timestamp: str
    signatures: tuple[str, ...]


def keys_of(tokens: str | Iterable[str]) -> tuple[SigningKey, ...]:
    """The keys of one token or of several, each once.

    Raises:
        ConfigurationError: One of them is no token.
    """
    several = (tokens,) if isinstance(tokens, str) else tokens
    return tuple(dict.fromkeys(SigningKey.of(token) for token in several))


def check_freshness(freshness: float) -> float:
    """The window, if it can be one.

    Raises:
        ConfigurationError: It is not more than 0 seconds.
    """
    # Not `freshness <= 0`: nan is neither.
    if not freshness > 0:
        raise ConfigurationError(f"freshness must be more than 0 seconds; it is {freshness}.")
    return freshness


def read_headers(headers: Headers) -> Signed:
    """Find and read the three headers.

    Raises:
        WebhookSignatureError: One is missing, there twice, or cannot be right.
    """
    found = _ours(headers)
    webhook_id = _one(found, ID)
    if len(webhook_id) > _LONGEST_ID or not webhook_id.isascii() or not webhook_id.isprintable():
        raise _malformed(ID, f"is not up to {_LONGEST_ID} printable ASCII characters")
    timestamp = _one(found, TIMESTAMP)
    # Not `isdigit` alone, which takes the digits of every alphabet.
    if len(timestamp) > _LONGEST_TIMESTAMP or not (timestamp.isascii() and timestamp.isdigit()):
        raise _malformed(TIMESTAMP, "is not a number of unix seconds")
    # A list may be spread over several headers of its name.
    listed = [each.strip() for value in found[SIGNATURE] for each in value.split(",")]
    if not any(listed):
        raise _malformed(SIGNATURE, "is missing or empty")
    signatures = tuple(each.removeprefix(_VERSION) for each in listed if each.startswith(_VERSION))
    if not signatures:
        raise _malformed(SIGNATURE, f"holds no signature of a known version ({_VERSION}...)")
    return Signed(webhook_id=webhook_id, timestamp=timestamp, signatures=signatures)


def check_signature(
    signed: Signed,
    body: bytes,
    keys: Iterable[SigningKey],
    *,
    now: float,
    freshness: float,
) -> tuple[SigningKey, ...]:
    """Check a delivery, in a time that does not tell how nearly right a signature is.

    Args:
        signed: Its headers.
        body: Its body, byte for byte.
        keys: Every key that it may have been signed with.
        now: Unix seconds.
        freshness: How far the timestamp may be from `now`, in seconds, either way.

    Returns:
        The keys that made one of its signatures; one at least.

    Raises:
        WebhookSignatureError: None of the keys did, or not within the window.
    """
    candidates = [each.encode(errors="replace") for each in signed.signatures]
    matching: list[SigningKey] = []
    for key in keys:
        expected = key.sign(signed.webhook_id, signed.timestamp, body).encode()
        # A list, not a generator: every candidate is compared, whichever is right.
        if any([hmac.compare_digest(each, expected) for each in candidates]):  # noqa: C419
            matching.append(key)
    if not matching:
        raise WebhookSignatureError(
            "None of the known tokens made any signature of this webhook delivery. It is not from "
            "Bria, or was changed on the way, or its token is not configured here.",
            check="signature",
        )
    age = now - int(signed.timestamp)
    if abs(age) > freshness:
        raise WebhookSignatureError(
            f"This webhook delivery is properly signed, but {_off(age)}; at most {freshness:.0f} s "
            "are allowed. It may be replayed, or this machine's clock may be wrong.",
            check="freshness",
        )
    return tuple(matching)


def _off(age: float) -> str:
    return f"{age:.0f} s ago" if age > 0 else f"{-age:.0f} s in the future"


def _ours(headers: Headers) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {ID: [], TIMESTAMP: [], SIGNATURE: []}
    # By duck: the headers of `http.server` and of Flask are not registered as mappings.
    given: Any = headers
    pairs: Any = given.items() if hasattr(given, "items") else given
    for name, value in pairs:
        values = found.get(_text(name).lower())
        if values is not None:
            values.append(_text(value))
    return found


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


def _one(found: Mapping[str, list[str]], name: str) -> str:
    values = found[name]
    if len(values) != 1 or not values[0]:
        raise _malformed(name, "is there more than once" if len(values) > 1 else "is missing")
    return values[0]


def _malformed(name: str, what: str) -> WebhookSignatureError:
    return WebhookSignatureError(
        f"The header {name.title()} of this webhook delivery {what}. Bria sends {ID.title()}, "
        f"{TIMESTAMP.title()} and {SIGNATURE.title()}; pass all three as they came.",
        check="headers",
    )
