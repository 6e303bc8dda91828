"""A sandbox in another process: files that are offered to it, and what goes wrong, over HTTP."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any

import attrs
import pytest

from bria_tailored_ext.sandbox import Fault
from bria_tailored_ext.sandbox.routes_steering import FAULT_FIELDS
from tests.sandbox.conftest import picture

if TYPE_CHECKING:
    import httpx

    from tests.sandbox.conftest import Caller

pytestmark = pytest.mark.anyio


async def steered(bria: Caller, method: str, path: str, **more: Any) -> httpx.Response:
    """Ask the sandbox itself."""
    headers = {"api_token": bria.sandbox.api_token}
    return await bria.http.request(method, f"/sandbox{path}", headers=headers, **more)


async def test_a_zip_that_is_published_can_be_uploaded(live: Caller) -> None:
    """The way to a bulk upload for whoever has not this Python process."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as opened:
        for index in range(3):
            opened.writestr(f"{index}.png", picture(index, 1024, 1024))
    told = await steered(live, "POST", "/publish/pictures.zip", content=packed.getvalue())
    assert told.status_code == 201
    url = told.json()["url"]
    assert url.endswith("-pictures.zip")
    assert (await live.http.get(url)).content == packed.getvalue()
    dataset = await live.dataset(upload_type="advanced")
    await live.ok("POST", f"{dataset}/images/bulk-upload", {"zip_url": url})
    live.sandbox.advance(600)
    assert len(await live.ok("GET", f"{dataset}/images")) == 3


async def test_a_fault_goes_wrong_until_it_is_cleared(bria: Caller) -> None:
    """With the very names of `Fault`."""
    asked = {"kind": "status", "status": 429, "headers": {"Retry-After": "2"}, "count": 5}
    told = await steered(bria, "POST", "/faults", json=asked)
    assert told.status_code == 201
    assert {**told.json(), **asked} == told.json()
    assert list(bria.sandbox.faults) == [
        Fault("status", status=429, headers={"Retry-After": "2"}, count=5)
    ]
    answer = await bria("GET", "/v1/tailored-gen/models")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "2")
    assert (await steered(bria, "DELETE", "/faults")).status_code == 204
    assert (await bria("GET", "/v1/tailored-gen/models")).status_code == 200


@pytest.mark.parametrize(
    ("asked", "word"),
    [
        (None, "Expecting value"),
        ([], "object"),
        ({}, "kind"),
        ({"kind": "statu"}, "kind must be one of"),
        ({"kind": "status", "rate": "0.5"}, "0.5"),
        ({"kind": "status", "rate": 2}, "rate must be"),
        ({"kind": "status", "operation": "draw"}, "no operation"),
        ({"kind": "status", "often": 1}, "often"),
        ({"kind": "slow"}, "seconds"),
    ],
)
async def test_what_is_no_fault_is_refused(bria: Caller, asked: Any, word: str) -> None:
    """400, with what is wrong with it, and nothing is added."""
    told = await steered(bria, "POST", "/faults", json=asked)
    assert told.status_code == 400
    assert word in told.json()["message"]
    assert not list(bria.sandbox.faults)


async def test_every_field_of_a_fault_can_be_given() -> None:
    """Whoever adds one to `Fault` adds it here."""
    assert set(FAULT_FIELDS) == {field.name for field in attrs.fields(Fault)}


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/publish/x.png"), ("POST", "/faults"), ("DELETE", "/faults")]
)
async def test_only_who_has_the_token_steers(bria: Caller, method: str, path: str) -> None:
    """As for everything that changes something."""
    answer = await bria.http.request(method, f"/sandbox{path}", content=b"{}")
    assert answer.status_code == 401
