"""The page at `/`, and what it asks for."""

from __future__ import annotations

import re
from importlib import resources
from typing import TYPE_CHECKING, Any

import pytest

from tests.sandbox.conftest import id_of, picture

if TYPE_CHECKING:
    from tests.sandbox.conftest import Caller

pytestmark = pytest.mark.anyio
PAGE = resources.files("bria_tailored_ext.sandbox") / "page"


async def overview(bria: Caller) -> dict[str, Any]:
    """What the page is told."""
    told: dict[str, Any] = (await bria.http.get("/sandbox/overview")).json()
    return told


async def test_the_page_and_its_parts_need_no_token(bria: Caller) -> None:
    """Each part that it names is there, with its kind, and nothing else is."""
    page = await bria.http.get("/")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    parts = set(re.findall(r'(?:src|href)="(/sandbox/[^"]+)"', page.text))
    assert {"/sandbox/page/page.js", "/sandbox/page/page.css"} <= parts
    for part in parts:
        assert (await bria.http.get(part)).status_code == 200, part
    for other in ("page.html", "../page.py", "..%2foverview.py", "x.js"):
        assert (await bria.http.get(f"/sandbox/page/{other}")).status_code == 404


async def test_nothing_comes_from_elsewhere_and_nothing_runs_but_its_script(bria: Caller) -> None:
    """By policy, and by what it names."""
    page = await bria.http.get("/")
    assert page.headers["content-security-policy"].startswith("default-src 'self'")
    assert "unsafe" not in page.headers["content-security-policy"]
    for name in ("page.html", "page.css", "page.js"):
        assert not re.search(r"https?://|@import|url\(", (PAGE / name).read_text()), name


def test_the_script_writes_text_and_never_markup() -> None:
    """Names and prompts are what users wrote."""
    script = (PAGE / "page.js").read_text()
    assert not re.search(r"innerHTML|outerHTML|insertAdjacent|document\.write|eval\(", script)


async def test_the_overview_shows_what_there_is(bria: Caller) -> None:
    """With the latest first, and pictures as soon as they are made."""
    model = await bria.trained()
    started = await bria.model()
    await bria.ok("POST", f"{started}/start_training", {})
    bria.sandbox.advance(hours=1)
    body = {"tailored_model_id": str(id_of(model)), "prompt": "<b>a teapot</b>"}
    await bria.ok("POST", "/v2/image/generate/tailored", body)
    told = await overview(bria)
    running, trained = told["models"]["latest"]
    assert (running["status"], trained["status"]) == ("InProgress", "Completed")
    assert 0.1 < running["progress"] < 0.6
    assert trained["progress"] is None
    (job,) = told["jobs"]["latest"]
    assert (job["status"], job["image"], job["prompt"]) == ("IN_PROGRESS", None, "<b>a teapot</b>")
    assert told["datasets"]["latest"][0]["images"] == 5
    assert told["books"]["count"] == len(bria.sandbox.books)
    bria.sandbox.advance(600)
    (job,) = (await overview(bria))["jobs"]["latest"]
    assert (await bria.http.get(job["image"])).headers["content-type"] == "image/png"
    bria.sandbox.advance(hours=3 * 24)
    (job,) = (await overview(bria))["jobs"]["latest"]
    assert (job["status"], job["image"]) == ("COMPLETED", None), "its picture has expired"


async def test_thumbnails_of_the_overview_can_be_fetched(bria: Caller) -> None:
    """Small pictures of the images, from the same place."""
    await bria.upload(await bria.dataset(), picture())
    (dataset,) = (await overview(bria))["datasets"]["latest"]
    (thumbnail,) = dataset["thumbnails"]
    assert (await bria.http.get(thumbnail)).headers["content-type"] == "image/jpeg"


async def test_requests_are_listed_without_those_of_the_page(bria: Caller) -> None:
    """The page does not watch itself."""
    await bria("GET", "/v1/tailored-gen/projects")
    await bria("GET", "/v1/tailored-gen/projects/7")
    await bria.http.get("/")
    await bria.http.get("/files/thumbnails/x.jpg?page")
    told = (await overview(bria))["requests"]
    assert told["count"] == 2
    assert [(each["path"], each["status"]) for each in told["latest"]] == [
        ("/v1/tailored-gen/projects/7", 404),
        ("/v1/tailored-gen/projects", 200),
    ]


async def test_the_overview_stays_small(bria: Caller) -> None:
    """Counts are whole, lists are cut short: it is asked for each second."""
    for _ in range(60):
        await bria.project()
    told = await overview(bria)
    assert told["projects"]["count"] == 60
    assert len(told["projects"]["latest"]) == 30
    assert told["requests"]["count"] == 60
    assert len(told["requests"]["latest"]) == 30
