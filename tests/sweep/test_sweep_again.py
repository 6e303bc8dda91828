"""Sweeps, gone on with: after a crash, in another folder's words, with clones that take time."""

from __future__ import annotations

import json
from collections.abc import Awaitable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anyio
import httpx
import pytest

from bria_tailored_ext import ConfigurationError, InvalidInputError, TailoredClient
from bria_tailored_ext.sweep import Sweep, SweepResult, Variant, run, run_sweep
from bria_tailored_ext.sweep.variants import sweep_of
from bria_tailored_ext.workflows import complete_dataset

if TYPE_CHECKING:
    from tests.workflows.conftest import Studio

PLAIN = Variant(name="plain")
WARM = Variant(name="warm", instructions=["Make the light warmer"])


def a_sweep(dataset_id: int, *variants: Variant, **more: Any) -> Sweep:
    given: dict[str, Any] = {"prompts": ["a cup"], **more}
    return Sweep(name="light", dataset_id=dataset_id, variants=variants, **given)


class Death(BaseException):
    """As good as SIGKILL for what is on the disk."""


class Dying(httpx.AsyncBaseTransport):
    """The real network, until so many changes of Bria's state: then death, after the answer."""

    def __init__(self, changes: int) -> None:
        self._inner = httpx.AsyncHTTPTransport()
        self._left = changes
        self._one = anyio.Lock()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        # What is drawn is the batch's: its own drills kill that.
        if request.method == "GET" or "/image/generate/" in request.url.path:
            return await self._inner.handle_async_request(request)
        async with self._one:
            if not self._left:
                raise Death
            response = await self._inner.handle_async_request(request)
            await response.aread()
            self._left -= 1
            if not self._left:
                raise Death
            return response

    async def aclose(self) -> None:
        await self._inner.aclose()


class Copying(httpx.AsyncBaseTransport):
    """The real network, where a dataset shows only some of its images at the first looks."""

    def __init__(self, original: int) -> None:
        self._inner = httpx.AsyncHTTPTransport()
        self._original = f"/datasets/{original}"
        self._left = 3

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await self._inner.handle_async_request(request)
        path = request.url.path
        if request.method != "GET" or "/datasets/" not in path or path.endswith(self._original):
            return response
        content = json.loads(await response.aread())
        if self._left and "images" in content:
            self._left -= 1
            content["images"] = content["images"][:2]
            content["images_count"] = 2
        return httpx.Response(response.status_code, json=content)

    async def aclose(self) -> None:
        await self._inner.aclose()


def elsewhere(studio: Studio, network: httpx.AsyncBaseTransport) -> TailoredClient:
    return TailoredClient(
        api_token=studio.sandbox.api_token,
        base_url=studio.sandbox.base_url,
        clock=studio.clock,
        plan=None,
        transport=network,
    )


async def lives(sweep: Awaitable[SweepResult]) -> bool:
    try:
        await sweep
    except Death:
        return False
    except BaseExceptionGroup as group:
        if group.split(Death)[1]:
            raise
        return False
    return True


@pytest.mark.anyio
async def test_every_change_may_be_the_last_one_of_a_process(
    studio: Studio, tmp_path: Path
) -> None:
    """Dead after each in turn: a clone, two models, two trainings, in the end."""
    sweep = a_sweep((await studio.completed()).id, PLAIN, WARM)
    deaths = 0
    while True:
        # One more each time: what may be repeated, a deletion or a schema that is written, is.
        async with elsewhere(studio, Dying(1 + deaths // 2)) as bria:
            if await lives(run_sweep(bria, sweep, output_dir=tmp_path)):
                break
        deaths += 1
        assert deaths < 20

    assert deaths >= 4
    assert len(await studio.bria.models.get_models()) == 2
    assert len(await studio.bria.datasets.get_datasets()) == 2
    assert studio.billed().count("start-training") == 2
    assert studio.billed().count("generate-image") == 2


@pytest.mark.anyio
async def test_a_clone_is_whole_before_it_is_trained_on(studio: Studio, tmp_path: Path) -> None:
    """What was not copied yet would not be left out, and be trained on."""
    original = await studio.bria.datasets.get_dataset_by_id(await seven(studio))
    names = sorted(str(image.image_name) for image in original.images or [])
    few = Variant(name="few", images=names[:5])

    async with elsewhere(studio, Copying(original.id)) as bria:
        made = await run_sweep(bria, a_sweep(original.id, PLAIN, few), output_dir=tmp_path)

    assert made.failed == ()
    images = await studio.bria.datasets.get_images(made.trained[1].dataset_id)
    assert sorted(str(image.image_name) for image in images) == names[:5]


async def seven(studio: Studio) -> int:
    return (await complete_dataset(studio.bria, await studio.filled(7))).id


@pytest.mark.anyio
async def test_a_folder_may_be_named_from_where_one_is(
    studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And from elsewhere the next time; prompts that were taken out are not counted."""
    dataset = (await studio.completed()).id
    other = Variant(name="other")
    monkeypatch.chdir(tmp_path)

    made = await run_sweep(
        studio.bria, a_sweep(dataset, PLAIN, other, prompts=["a", "b"]), output_dir="out"
    )
    again = await run_sweep(
        studio.bria, a_sweep(dataset, PLAIN, other, prompts=["a"]), output_dir=tmp_path / "out"
    )

    assert (made.pictures, made.missing) == (4, 0)
    assert (again.pictures, again.missing) == (2, 0)


@pytest.mark.anyio
async def test_a_page_that_cannot_be_written_is_told_first(
    studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not after hours of training."""

    def absent(_name: str) -> None:
        return None

    monkeypatch.setattr(run, "find_spec", absent)

    with pytest.raises(ConfigurationError, match="pip install"):
        await run_sweep(studio.bria, a_sweep(1, PLAIN, WARM), output_dir=tmp_path)

    assert studio.network.answers == {}


BASE: dict[str, Any] = {
    "name": "x",
    "dataset_id": 1,
    "variants": [{"name": "a"}, {"name": "b"}],
    "prompts": ["p"],
}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"prompts": [5]}, "each a text"),
        ({"prompts": ["p", "p"]}, "has a prompt twice"),
        ({"seeds": [1, 1]}, "has a seed twice"),
        ({"dataset_id": "12"}, "dataset_id is a whole number"),
        ({"name": 5}, "its name a text"),
        ({"variants": [{"name": "A"}, {"name": "a"}]}, "each with a name of its own"),
        ({"variants": [{"name": 1}, {"name": "b"}]}, "made of letters"),
        ({"variants": [{"name": "a", "parameters": {1: 2}}, {"name": "b"}]}, "no training parame"),
    ],
)
def test_what_would_only_fail_after_the_trainings_is_told_first(
    change: dict[str, Any], words: str
) -> None:
    """Two pictures of one name, a number for a text."""
    with pytest.raises(InvalidInputError, match=words):
        sweep_of({**BASE, **change}, "sweep.yaml")
