"""Configuration values check themselves, before anything is sent."""

from __future__ import annotations

import math
from typing import Any

import pytest

from bria_tailored_ext.values.configuration import (
    DEFAULT_BASE_URL,
    Account,
    Timeouts,
    resolve_account,
)
from bria_tailored_ext.values.errors import ConfigurationError, MissingTokenError

BRIA = "https://engine.prod.bria-api.com"


@pytest.mark.parametrize("name", ["connect", "read", "write", "whole"])
@pytest.mark.parametrize("value", [0, -1, -0.5, math.nan, None, "60"])
def test_a_timeout_is_a_positive_number_of_seconds(name: str, value: Any) -> None:
    """Each timeout names itself when it cannot be one; nan and None are none."""
    with pytest.raises(ConfigurationError, match=rf"^{name} must be more than 0 seconds"):
        Timeouts(**{name: value})


def test_timeouts_have_defaults_and_keep_what_is_given() -> None:
    """A single timeout is changed without restating the others."""
    changed = Timeouts(read=90)

    assert changed.read == 90
    assert (changed.connect, changed.write) == (Timeouts().connect, Timeouts().write)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://bria.test", "https://bria.test"),
        ("https://bria.test/", "https://bria.test"),
        ("http://127.0.0.1:8123", "http://127.0.0.1:8123"),
        ("http://[::1]:8123", "http://[::1]:8123"),
        ("HTTPS://Bria.Test", "HTTPS://Bria.Test"),
    ],
)
def test_a_base_url_is_an_origin(given: str, kept: str) -> None:
    """Scheme, host and port; a slash at the end is forgiven."""
    assert resolve_account("token", given, {}).base_url == kept


@pytest.mark.parametrize(
    "url",
    [
        "bria.test",
        "ftp://bria.test",
        "https://",
        "https://:443",
        "https://bria.test/v2",
        "https://bria.test/v2/",
        "https://bria.test?key=1",
        "https://bria.test?",
        "https://bria.test#top",
        "https://bria.test:99999",
        "https://bria.test:0",
        "https://bria.test:abc",
        "https://[::1",
        " https://bria.test",
        "https://bria.test\n",
        "https://br ia.test",
        "https://bria.test\\v2",
        "file:///etc/passwd",
    ],
)
def test_what_is_no_origin_is_refused(url: str) -> None:
    """A wrong base URL says so, and what one looks like, before any request."""
    with pytest.raises(ConfigurationError, match=r"base_url must be an origin") as caught:
        resolve_account("token", url, {})

    assert BRIA in str(caught.value)


def test_a_base_url_with_a_password_is_refused_without_repeating_it() -> None:
    """A password belongs into no message."""
    with pytest.raises(ConfigurationError, match="without a user or a password") as caught:
        resolve_account("token", "https://me:hunter2@bria.test", {})

    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    "token",
    [
        "s3c\nret",
        "s3cret\n",
        "s3cret\r",
        "\ts3cret",
        " s3cret",
        "s3cret ",
        " ",
        "s3crét",
        "s3\x00cret",
    ],
)
def test_a_token_that_no_header_can_carry_is_refused(token: str) -> None:
    """A token copied with a line break fails here, and not as a puzzling 401."""
    with pytest.raises(ConfigurationError, match="Copy it again") as caught:
        resolve_account(token, None, {})

    assert token.strip() == "" or token.strip() not in str(caught.value)


@pytest.mark.parametrize("source", ["argument", "BRIA_API_TOKEN", "BRIA_API_KEY"])
def test_a_token_is_checked_wherever_it_comes_from(source: str) -> None:
    """An environment file with a stray line break is the usual case."""
    argument = "token\n" if source == "argument" else None
    environment = {} if source == "argument" else {source: "token\n"}

    with pytest.raises(ConfigurationError):
        resolve_account(argument, None, environment)


EVERYTHING = {"BRIA_API_TOKEN": "token-variable", "BRIA_API_KEY": "key-variable"}


@pytest.mark.parametrize(
    ("argument", "environment", "used"),
    [
        ("argument", EVERYTHING, "argument"),
        (None, EVERYTHING, "token-variable"),
        (None, {"BRIA_API_KEY": "key-variable"}, "key-variable"),
        (None, {"BRIA_API_TOKEN": "", "BRIA_API_KEY": "key-variable"}, "key-variable"),
    ],
)
def test_the_token_comes_from_the_first_place_that_has_one(
    argument: str | None, environment: dict[str, str], used: str
) -> None:
    """The argument, then BRIA_API_TOKEN, then BRIA_API_KEY."""
    assert resolve_account(argument, None, environment).api_token == used


@pytest.mark.parametrize(
    ("argument", "environment", "used"),
    [
        ("http://a.test", {"BRIA_BASE_URL": "http://b.test"}, "http://a.test"),
        (None, {"BRIA_BASE_URL": "http://b.test/"}, "http://b.test"),
        (None, {"BRIA_BASE_URL": ""}, BRIA),
        (None, {}, BRIA),
    ],
)
def test_the_base_url_comes_from_the_first_place_that_has_one(
    argument: str | None, environment: dict[str, str], used: str
) -> None:
    """The argument, then BRIA_BASE_URL, then Bria's own host."""
    assert resolve_account("token", argument, environment).base_url == used


def test_bria_s_own_host_is_the_documented_one() -> None:
    """A typo here would send every token to a stranger."""
    assert DEFAULT_BASE_URL == BRIA


def test_no_token_at_all_says_where_to_put_one() -> None:
    """The most common first mistake has the clearest sentence."""
    with pytest.raises(MissingTokenError, match="BRIA_API_TOKEN"):
        resolve_account(None, None, {})


def test_the_real_environment_is_read_at_the_time_of_asking(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A variable that is set after the import counts."""
    monkeypatch.setenv("BRIA_API_TOKEN", "set-late")

    assert resolve_account(None, None).api_token == "set-late"


def test_the_token_is_not_in_the_account_s_repr() -> None:
    """A repr ends up in logs."""
    shown = repr(Account("https://bria.test", "secret-token"))

    assert "https://bria.test" in shown
    assert "secret-token" not in shown
