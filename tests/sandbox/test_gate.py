"""What every operation has in common: its path, the token, the body, the error shapes."""

from __future__ import annotations

import json
import logging
import re
from typing import TYPE_CHECKING

import httpx
import pytest

from bria_tailored_ext.sandbox import Sandbox
from tests.sandbox.conftest import document

if TYPE_CHECKING:
    from tests.sandbox.conftest import Caller

pytestmark = pytest.mark.anyio

PROJECTS = "/v1/tailored-gen/projects"
IMAGE = "/v2/image/generate/tailored"
EVERY = [
    *((method, re.sub(r"\{[^}]+\}", "1", path)) for method, path in document()),
    ("GET", "/v2/status/1"),
]
VALID = b'{"project_name": "P", "ip_medium": "illustration", "ip_type": "other"}'


def headers_of(sandbox: Sandbox) -> dict[str, str]:
    """What goes with a body of JSON."""
    return {"api_token": sandbox.api_token, "Content-Type": "application/json"}


def test_document_is_read_whole() -> None:
    """38 operations, and upload_model, which the document has outside its `paths`."""
    assert len(document()) == 39


@pytest.mark.parametrize(("method", "path"), EVERY)
async def test_every_operation_is_there_and_needs_the_token(
    bria: Caller, method: str, path: str
) -> None:
    """401 without it, with a wrong one, and with one in the wrong header."""
    for headers in ({}, {"api_token": "wrong"}, {"authorization": "Bearer sandbox-token"}):
        answer = await bria.http.request(method, path, headers=headers)
        assert answer.status_code == 401
        told = answer.json()
        if path.startswith("/v2"):
            assert (told["error"]["code"], len(told["request_id"])) == (401, 32)
        else:
            assert list(told) == ["message"]


async def test_token_can_be_chosen(anyio_backend: str) -> None:
    """The one that was given is the only one that counts."""
    assert anyio_backend
    sandbox = Sandbox(api_token="mine")
    assert sandbox.api_token == "mine"
    transport = httpx.ASGITransport(app=sandbox.application)
    async with httpx.AsyncClient(transport=transport, base_url="http://sandbox.test") as http:
        for token, status in (("mine", 200), ("sandbox-token", 401), ("mïne", 401)):
            answer = await http.get(PROJECTS, headers={b"api_token": token.encode()})
            assert answer.status_code == status


@pytest.mark.parametrize(
    "path",
    ["/v2/tailored-gen/projects", "/v1/image/generate/tailored", "/tailored-gen/projects", "/nope"],
)
async def test_unknown_path_is_not_found(bria: Caller, path: str) -> None:
    """A path under the wrong version is a 404, as at Bria."""
    answer = await bria("GET", path)
    assert (answer.status_code, answer.json()) == (404, {"message": "Not Found"})


async def test_trailing_slash_is_another_path(bria: Caller) -> None:
    """No redirect, which would hide a client's mistake."""
    assert (await bria("GET", f"{PROJECTS}/")).status_code == 404


async def test_wrong_method_is_told_with_the_right_ones(bria: Caller) -> None:
    """405 with `Allow`."""
    answer = await bria("PATCH", f"{PROJECTS}/1")
    assert answer.status_code == 405
    assert answer.headers["allow"]


@pytest.mark.parametrize(
    "raw",
    [
        b"{",
        b"[]",
        b'"x"',
        b"null",
        b"\xff\xfe",
        b'{"a": NaN}',
        b"[" * 100_000,
        b"1" * 5000,
        b'{"\\ud800": 1}',
        b'{"webhook_url": "http://127.0.0.1/\\uDFFF"}',
        b'{"a": "\xed\xa0\x80"}',
    ],
    ids=[
        "cut",
        "list",
        "string",
        "null",
        "bytes",
        "nan",
        "deep",
        "long number",
        "half a pair in a name",
        "half a pair in a string",
        "half a pair as bytes",
    ],
)
@pytest.mark.parametrize("path", [PROJECTS, IMAGE])
async def test_malformed_body_is_a_bad_request(bria: Caller, path: str, raw: bytes) -> None:
    """400 in the shape of the version."""
    answer = await bria.http.post(path, content=raw, headers=headers_of(bria.sandbox))
    assert answer.status_code == 400
    told = answer.json()
    text = told["error"]["details"] if path == IMAGE else told["message"]
    assert text == "The body is not a valid JSON object"


@pytest.mark.parametrize("path", [PROJECTS, IMAGE])
@pytest.mark.parametrize(
    "media_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", None]
)
async def test_a_body_that_says_it_is_no_json_is_a_bad_request(
    bria: Caller, path: str, media_type: str | None
) -> None:
    """400 in the shape of the version, whatever is in it; the document knows JSON alone."""
    headers = {"api_token": bria.sandbox.api_token}
    if media_type is not None:
        headers["Content-Type"] = media_type
    answer = await bria.http.post(path, content=VALID, headers=headers)
    assert answer.status_code == 400
    told = answer.json()
    text = told["error"]["details"] if path == IMAGE else told["message"]
    assert "must be application/json" in text


async def test_a_media_type_may_have_parameters_and_no_body_needs_none(bria: Caller) -> None:
    """As in `Application/JSON; charset=utf-8`."""
    headers = {**headers_of(bria.sandbox), "Content-Type": "Application/JSON; charset=utf-8"}
    assert (await bria.http.post(PROJECTS, content=VALID, headers=headers)).status_code == 201
    clone = await bria.http.post(
        f"{await bria.dataset()}/clone", headers={"api_token": bria.sandbox.api_token}
    )
    assert clone.status_code == 201


async def test_body_may_be_large_but_not_too_large(anyio_backend: str) -> None:
    """413 above the limit, whether the length is told beforehand or not."""
    assert anyio_backend
    sandbox = Sandbox(max_body_bytes=1000)
    headers = headers_of(sandbox)
    body = {"project_name": "x", "ip_medium": "illustration", "ip_type": "other"}
    padding = 1000 - len(json.dumps(body))
    exact = json.dumps({**body, "project_name": "x" * (padding + 1)}).encode()
    assert len(exact) == 1000

    async def pieces() -> httpx.AsyncByteStream:  # type: ignore[misc]
        for _ in range(1001):
            yield b" "

    transport = httpx.ASGITransport(app=sandbox.application)
    async with httpx.AsyncClient(transport=transport, base_url="http://sandbox.test") as http:
        assert (await http.post(PROJECTS, content=exact, headers=headers)).status_code == 201
        for content in (exact + b" ", b" " * 5000, pieces()):
            answer = await http.post(PROJECTS, content=content, headers=headers)
            assert answer.status_code == 413
        answer = await http.post(IMAGE, content=exact + b" ", headers=headers)
        assert answer.json()["error"]["code"] == 413


async def test_answers_are_plain_ascii_json(bria: Caller) -> None:
    """Whatever a name contains, the answer can be encoded."""
    raw = VALID.replace(b'"P"', b'"\\ud83e\\uded6 caf\\u00e9"')
    answer = await bria.http.post(PROJECTS, content=raw, headers=headers_of(bria.sandbox))
    assert answer.status_code == 201
    assert answer.content.isascii()
    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["project_name"] == "\U0001fad6 café"


async def test_fault_of_the_sandbox_is_a_500_and_logged(
    bria: Caller, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It says whose fault it is, and leaves a traceback."""

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("bria_tailored_ext.sandbox.answers.listed_project", broken)
    await bria.project()
    with caplog.at_level(logging.ERROR):
        answer = await bria("GET", PROJECTS)
    assert answer.status_code == 500
    assert "sandbox" in answer.json()["message"]
    assert caplog.records[0].exc_info
