"""Chromium, from the PATH, looks at the page at `/`: it shows what there is, and what changes."""

from __future__ import annotations

import asyncio
import itertools
import shutil
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import anyio
import httpx
import pytest

from bria_tailored_ext.sandbox import Sandbox
from tests.peers.conftest import V1, filled

pytestmark = pytest.mark.anyio
Evaluate = Callable[[str], Awaitable[Any]]


@pytest.fixture
def anyio_backend() -> str:
    """aiohttp, which speaks to the browser, is for asyncio."""
    return "asyncio"


@pytest.fixture
def chromium() -> str:
    """A browser of the machine's own; `make peers` installs none."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    pytest.skip("there is no Chromium on the PATH")


@asynccontextmanager
async def page(chromium: str, url: str, folder: Path) -> AsyncIterator[Evaluate]:
    """An open page, in which JavaScript can be evaluated."""
    process = await asyncio.create_subprocess_exec(
        chromium,
        *("--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0"),
        *(f"--user-data-dir={folder}", "--window-size=1200,900", url),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        port = (await _written(anyio.Path(folder, "DevToolsActivePort"))).split()[0]
        async with aiohttp.ClientSession() as session:
            async with session.get(f"http://127.0.0.1:{port}/json/list") as answer:
                (tab,) = [each for each in await answer.json() if each["type"] == "page"]
            async with session.ws_connect(tab["webSocketDebuggerUrl"]) as tools:
                yield _evaluating(tools)
    finally:
        process.terminate()
        await process.wait()


async def _written(file: anyio.Path) -> str:
    """What a file holds as soon as it holds something."""
    deadline = time.monotonic() + 30
    while not (await file.exists() and await file.read_text()):
        assert time.monotonic() < deadline, f"the browser has not written {file.name}"
        await asyncio.sleep(0.05)
    return await file.read_text()


def _evaluating(tools: aiohttp.ClientWebSocketResponse) -> Evaluate:
    numbers = itertools.count(1)

    async def evaluate(script: str) -> Any:
        number = next(numbers)
        call = {"expression": script, "returnByValue": True, "awaitPromise": True}
        await tools.send_json({"id": number, "method": "Runtime.evaluate", "params": call})
        while (told := await tools.receive_json(timeout=10)).get("id") != number:
            pass
        return told["result"]["result"].get("value")

    return evaluate


async def _shown(evaluate: Evaluate, words: str) -> str:
    """The page's text as soon as it has the words."""
    deadline, text = time.monotonic() + 15, ""
    while words not in text:
        assert time.monotonic() < deadline, f"{words!r} is not on the page:\n{text}"
        await asyncio.sleep(0.1)
        text = str(await evaluate("document.body.innerText"))
    return text


async def test_a_browser_shows_what_there_is_and_what_changes(
    chromium: str, tmp_path: Path
) -> None:
    """Projects, datasets, models, jobs with their pictures, requests and books."""
    with Sandbox(seed=1, durations={"image": 0.5}) as sandbox:
        model = filled(sandbox)
        headers = {"api_token": sandbox.api_token}
        async with (
            page(chromium, sandbox.base_url, tmp_path) as evaluate,
            httpx.AsyncClient(base_url=sandbox.base_url, headers=headers) as http,
        ):
            text = await _shown(evaluate, f"{V1}/models/{model}/start_training")
            for heading in ("projects", "datasets", "models", "jobs", "requests", "books"):
                assert heading in text.lower(), heading
            project = {"project_name": "<i>Späte Blüte</i>", "ip_medium": "illustration"}
            made = await http.post(f"{V1}/projects", json={**project, "ip_type": "stylized_scene"})
            assert made.is_success, made.text
            await _shown(evaluate, "<i>Späte Blüte</i>")
            ask = {"tailored_model_id": str(model), "prompt": "a teapot on a <b>shelf</b>"}
            assert (await http.post("/v2/image/generate/tailored", json=ask)).is_success
            text = await _shown(evaluate, "a teapot on a <b>shelf</b>")
            assert "$" in text
            deadline = time.monotonic() + 15
            drawn = "[...document.querySelectorAll('.picture img')].map((i) => i.naturalWidth)"
            while not any(await evaluate(drawn) or []):
                assert time.monotonic() < deadline, "no picture has come"
                await asyncio.sleep(0.1)
            assert await evaluate("document.querySelectorAll('main i, main b').length") == 0
            wide = "document.documentElement.scrollWidth <= window.innerWidth"
            assert await evaluate(wide), "the page is wider than its window"
