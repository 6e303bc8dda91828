"""Configuration as values that check themselves."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Literal, TypeAlias
from urllib.parse import urlsplit

import attrs

from bria_tailored_ext.values.errors import ConfigurationError, MissingTokenError

__all__ = ["HttpBackend", "Timeouts"]

HttpBackend: TypeAlias = Literal["auto", "httpx", "aiohttp"]
"""What opens the sockets. `auto` is aiohttp on asyncio where its extra is installed, else httpx."""

DEFAULT_BASE_URL = "https://engine.prod.bria-api.com"
"""Source: the servers of Bria's Tailored Generation document."""


def _positive(_owner: object, attribute: attrs.Attribute[float], value: object) -> None:
    # Not `value <= 0`: nan is neither.
    if isinstance(value, bool) or not isinstance(value, int | float) or not value > 0:
        raise ConfigurationError(f"{attribute.name} must be more than 0 seconds; it is {value}.")


@attrs.frozen(kw_only=True)
class Timeouts:
    """How long one request may take, in seconds.

    Attributes:
        connect: To open a connection.
        read: Between two pieces of the answer. List calls have been seen to take over 8 s.
        write: Between two pieces of the request; an upload is up to 16 MB of base64.
        whole: From leaving to the end of the answer, however steadily it trickles; of one that a
            caller streams, to the end of its headers.

    Waiting to leave, for the plan or for a place in flight, is pacing and has no timeout.
    """

    connect: float = attrs.field(default=10.0, validator=_positive)
    read: float = attrs.field(default=60.0, validator=_positive)
    write: float = attrs.field(default=60.0, validator=_positive)
    whole: float = attrs.field(default=600.0, validator=_positive)


def check_in_flight(value: int | None) -> int | None:
    """The number of requests under way at once, if it can be one.

    Raises:
        ConfigurationError: It is below 2: one for looks at jobs, one for everything else.
    """
    if value is not None and (type(value) is not int or value < 2):
        raise ConfigurationError(f"max_in_flight must be 2 or more; it is {value}.")
    return value


def check_backend(value: HttpBackend) -> HttpBackend:
    """The name of an HTTP backend, if it is one.

    Raises:
        ConfigurationError: It is not.
    """
    if value not in ("auto", "httpx", "aiohttp"):
        raise ConfigurationError(f"http_backend must be auto, httpx or aiohttp; it is {value!r}.")
    return value


Token: TypeAlias = str | Callable[[], str]
"""A token, or what gives the one that is valid now: it is asked for each request."""


@attrs.frozen
class Account:
    """Where the API is and who asks.

    Attributes:
        base_url: The origin, without a trailing slash; the versions are part of the paths.
    """

    base_url: str
    _token: Token = attrs.field(repr=False, alias="api_token")

    @property
    def api_token(self) -> str:
        """The organisation's token, as it is now. In no repr.

        Raises:
            ConfigurationError: What was given cannot be one.
        """
        return self._token if isinstance(self._token, str) else _checked(self._token())


def resolve_account(
    api_token: Token | None, base_url: str | None, environment: Mapping[str, str] = os.environ
) -> Account:
    """Fill in what was not given from the environment.

    `BRIA_API_TOKEN`, else `BRIA_API_KEY`; `BRIA_BASE_URL`, else Bria's own host.

    Raises:
        MissingTokenError: There is no token.
        ConfigurationError: The token or the base URL cannot be one.
    """
    token = api_token or environment.get("BRIA_API_TOKEN") or environment.get("BRIA_API_KEY")
    if not token:
        raise MissingTokenError(
            "No Bria token. Pass api_token=..., or set BRIA_API_TOKEN in the environment."
        )
    if isinstance(token, str):
        _checked(token)
    url = (base_url or environment.get("BRIA_BASE_URL") or DEFAULT_BASE_URL).rstrip("/")
    if "@" in url:
        # Not repeated: it may hold a password.
        raise ConfigurationError(
            f"base_url must be an origin without a user or a password, like {DEFAULT_BASE_URL}."
        )
    if not _is_origin(url):
        raise ConfigurationError(
            f"base_url must be an origin without a path, like {DEFAULT_BASE_URL}; {url!r} is not."
        )
    return Account(url, token)


def is_token(value: object) -> bool:
    """Whether it can be a token: a string that an HTTP header can carry, and that comes back."""
    if not isinstance(value, str) or not value.isascii() or not value.isprintable():
        return False
    return bool(value) and value == value.strip()


def _checked(token: str) -> str:
    if not is_token(token):
        raise ConfigurationError(
            "The Bria token is empty, has spaces around it, or characters that no HTTP header can "
            "carry. Copy it again from Bria's console."
        )
    return token


def _is_origin(url: str) -> bool:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        return False
    # urlsplit forgives spaces and line breaks, and an empty query or fragment.
    return not parts.path and url.isprintable() and not any(mark in url for mark in " ?#\\")
