"""The generated client: what it shows, what it keeps, and what it leaves alone."""

from __future__ import annotations

import httpx
import pytest

from bria_tailored import AuthenticatedClient
from bria_tailored.api import Facades
from bria_tailored.api.models import get_model
from bria_tailored.errors import UnexpectedAnswer
from bria_tailored.models import ErrorBody, ImageAnswer, ImageRequest
from bria_tailored.types import Response

ORIGIN = "https://bria.test"
SECRET = "s3cr3t"

pytestmark = pytest.mark.anyio


def client(answer: httpx.Response | None = None) -> AuthenticatedClient:
    transport = httpx.MockTransport(lambda _request: answer or httpx.Response(200, json={"id": 1}))
    return AuthenticatedClient(ORIGIN, SECRET, httpx_args={"transport": transport})


def test_nothing_secret_is_in_a_repr() -> None:
    """Neither the token nor headers nor what is handed on to httpx, of copies either."""
    secretive = AuthenticatedClient(
        ORIGIN, SECRET, headers={"x": SECRET}, httpx_args={"auth": ("u", SECRET)}
    )
    for each in (secretive, secretive.with_headers({"y": SECRET})):
        assert SECRET not in repr(each)
        assert SECRET not in str(each)
        assert ORIGIN in repr(each)


def test_a_request_does_not_wait_for_ever_by_default() -> None:
    """A minute, and ten seconds to connect; and it can be changed."""
    assert client().timeout == httpx.Timeout(60.0, connect=10.0)
    assert client().get_async_httpx_client().timeout == httpx.Timeout(60.0, connect=10.0)
    changed = client().with_timeout(httpx.Timeout(5.0))
    assert changed.get_async_httpx_client().timeout == httpx.Timeout(5.0)


def test_the_token_does_not_follow_a_redirect_by_default() -> None:
    """It would travel to wherever the redirect leads."""
    assert client().get_async_httpx_client().follow_redirects is False


def test_with_headers_leaves_the_original_as_it_is() -> None:
    """Its headers, and its connections even when they are open already."""
    original = AuthenticatedClient(ORIGIN, SECRET, headers={"x": "1"})
    opened = original.get_async_httpx_client()
    other = original.with_headers({"x": "2", "y": "3"})
    slower = original.with_timeout(httpx.Timeout(90.0))
    assert original.headers == {"x": "1"}
    assert (opened.headers["x"], "y" in opened.headers) == ("1", False)
    assert original.timeout == httpx.Timeout(60.0, connect=10.0)
    assert original.get_async_httpx_client() is opened
    assert other.get_async_httpx_client() is not opened
    assert slower.get_async_httpx_client() is not opened
    assert other.get_async_httpx_client().headers["x"] == "2"
    assert other.get_async_httpx_client().headers["api_token"] == SECRET


async def test_a_client_opens_and_closes_its_connections() -> None:
    """As an async context manager."""
    async with client() as opened:
        http = opened.get_async_httpx_client()
        assert (await get_model.asyncio_detailed(7, client=opened)).is_success
    assert http.is_closed


async def test_an_httpx_client_of_ones_own_is_used_as_it_is() -> None:
    """With its own headers: the border above gives it a token of its own."""
    seen = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={"id": 1})

    own = httpx.AsyncClient(base_url=ORIGIN, transport=httpx.MockTransport(answer))
    await get_model.asyncio_detailed(7, client=client().set_async_httpx_client(own))
    assert "api_token" not in seen[0].headers


async def test_an_answer_carries_what_it_was_made_of() -> None:
    """The raw answer with its request, the headers, and the typed error body."""
    given = httpx.Response(404, json={"status": "NOT_FOUND"}, headers={"x-y": "z"})
    answer = await get_model.asyncio_detailed(7, client=client(given))
    assert answer.headers["X-Y"] == "z"
    assert str(answer.raw.request.url) == f"{ORIGIN}/v1/tailored-gen/models/7"
    assert isinstance(answer.parsed, ErrorBody)
    assert answer.parsed.to_dict() == {"status": "NOT_FOUND"}
    assert answer.problem is None


class Bria(Facades):
    def __init__(self, api: AuthenticatedClient) -> None:
        self._api = api

    @property
    def api(self) -> AuthenticatedClient:
        return self._api


async def test_facades_raise_what_their_client_explains() -> None:
    """Its own error by default, in one sentence and with the facts; another where one is given."""
    bria = Bria(client(httpx.Response(460, json={"error": {"code": 460, "message": "m"}})))
    with pytest.raises(UnexpectedAnswer) as caught:
        await bria.models.get_model(7)
    assert str(caught.value) == "GET /v1/tailored-gen/models/7 answered 460"
    assert isinstance(caught.value.body, ErrorBody)

    def explain(response: Response[object]) -> Exception:
        return LookupError(response.status_code)

    bria.api.explain = explain
    with pytest.raises(LookupError, match="460"):
        await bria.models.get_model(7)


def test_there_is_a_facade_for_every_tag() -> None:
    """And what inherits them says which client they use."""
    assert {name for name in dir(Facades) if not name.startswith("_")} - {"api"} == {
        "projects", "datasets", "models", "images", "videos", "status", "legacy",
    }  # fmt: skip


async def test_generation_answers_in_both_documented_forms() -> None:
    """Flat as the document says, or in an envelope as every sibling does."""
    for body in ({"image_url": "u"}, {"result": {"image_url": "u"}, "request_id": "r"}):
        bria = Bria(client(httpx.Response(200, json=body)))
        answer = await bria.images.generate_image(body=ImageRequest("7", sync=True))
        assert isinstance(answer, ImageAnswer)
        assert answer.to_dict() == body
