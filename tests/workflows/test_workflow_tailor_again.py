"""The whole road, gone on with: what a crash, a refusal or a lag leaves behind."""

from __future__ import annotations

import errno
import io
import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from PIL import Image

from bria_tailored_ext import (
    DatasetIncomplete,
    InvalidInputError,
    TailoredClient,
    TrainingFailed,
    TrainingTimeout,
)
from bria_tailored_ext.edge import on_disk
from bria_tailored_ext.edge.on_disk import FileLock
from bria_tailored_ext.sandbox import Fault
from bria_tailored_ext.workflows import Tailoring, plan_tailoring, tailor
from bria_tailored_ext.workflows.state_file import StateFile

if TYPE_CHECKING:
    from tests.conftest import VirtualClock
    from tests.workflows.conftest import Studio

BRAND = Tailoring(name="Teapots", ip_type="stylized_scene", ip_medium="photography")


class Death(BaseException):
    """As good as SIGKILL for what is on the disk."""


class DyingAfter(httpx.AsyncBaseTransport):
    """The real network, until a POST to a path of that end was answered: then death."""

    def __init__(self, end: str) -> None:
        self._inner = httpx.AsyncHTTPTransport()
        self._end = end

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await self._inner.handle_async_request(request)
        if request.method == "POST" and request.url.path.endswith(self._end):
            await response.aread()
            raise Death
        return response

    async def aclose(self) -> None:
        await self._inner.aclose()


class Captionless(httpx.AsyncBaseTransport):
    """The real network, which shows no captions."""

    def __init__(self) -> None:
        self._inner = httpx.AsyncHTTPTransport()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await self._inner.handle_async_request(request)
        if request.method != "GET":
            return response
        content: Any = json.loads(await response.aread())
        for image in content.get("images", []) if isinstance(content, dict) else []:
            image["caption"] = None
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


@pytest.mark.anyio
async def test_the_model_after_a_failed_one_is_created_once(studio: Studio, tmp_path: Path) -> None:
    """Dead before its id was written: found again, and not mistaken for the failed one."""
    state = tmp_path / "state.json"
    studio.sandbox.faults.add(Fault("training_failed", count=1))
    with pytest.raises(TrainingFailed) as failed:
        await tailor(studio.bria, studio.pictures, BRAND, state=state)
    async with elsewhere(studio, DyingAfter("/models")) as dying:
        with pytest.raises(Death):
            await tailor(dying, studio.pictures, BRAND, state=state, retrain=True)

    made = await tailor(studio.bria, studio.pictures, BRAND, state=state)

    assert made.model_id != failed.value.model_id
    assert {each.id for each in await studio.bria.models.get_models()} == {
        failed.value.model_id,
        made.model_id,
    }


@pytest.mark.anyio
async def test_a_picture_that_is_too_small_is_told_before_anything_is_paid(
    studio: Studio, tmp_path: Path
) -> None:
    """Else the schema is paid for, and the upload can never be complete."""
    written = io.BytesIO()
    Image.new("RGB", (100, 100)).save(written, "PNG")

    with pytest.raises(InvalidInputError, match="has 100×100 pixels"):
        await tailor(
            studio.bria,
            [*studio.pictures[:6], written.getvalue()],
            BRAND,
            state=tmp_path / "state.json",
        )

    assert studio.network.answers == {}


@pytest.mark.anyio
async def test_a_picture_that_bria_refuses_may_be_left_out(studio: Studio, tmp_path: Path) -> None:
    """The road goes on, and what was paid for is not paid for again; no other may be left out."""
    state = tmp_path / "state.json"
    studio.sandbox.faults.add(Fault("status", operation="upload-image", status=422, count=1))
    with pytest.raises(DatasetIncomplete, match="Leave out or replace") as caught:
        await tailor(studio.bria, studio.pictures[:7], BRAND, state=state)
    found = re.match(r"picture-(\d)", caught.value.missing[0])
    assert found
    refused = int(found[1]) - 1
    others = [each for place, each in enumerate(studio.pictures[:7]) if place != refused]

    with pytest.raises(InvalidInputError, match="begun with other pictures"):
        await tailor(studio.bria, others[1:], BRAND, state=state)
    made = await tailor(studio.bria, others, BRAND, state=state)

    assert len(await studio.bria.datasets.get_images(made.dataset_id)) == 6
    assert studio.billed().count("generate-visual-schema") == 1


@pytest.mark.anyio
async def test_a_training_that_runs_is_not_planned_to_be_paid_again(
    studio: Studio, tmp_path: Path
) -> None:
    """Unless another is asked for."""
    state = tmp_path / "state.json"
    with pytest.raises(TrainingTimeout):
        await tailor(studio.bria, studio.pictures, BRAND, state=state, timeout=60)

    plan = await plan_tailoring(studio.pictures, BRAND, state=state)
    again = await plan_tailoring(studio.pictures, BRAND, state=state, retrain=True)

    assert (plan.billed, again.billed) == (0, 1)
    assert "is billed already" in plan.steps[-1].told


@pytest.mark.anyio
async def test_captions_that_stay_faulty_are_made_anew_the_next_time(
    studio: Studio, tmp_path: Path
) -> None:
    """The step is not done until they are sound."""
    state = tmp_path / "state.json"
    async with elsewhere(studio, Captionless()) as blind:
        with pytest.raises(DatasetIncomplete, match=r"12 captions of dataset .* still faulty"):
            await tailor(blind, studio.pictures, BRAND, state=state)
    assert "captions" not in json.loads(state.read_text(encoding="utf-8"))["steps"]

    made = await tailor(studio.bria, studio.pictures, BRAND, state=state)

    assert str(made.model.status) == "Completed"


@pytest.mark.anyio
@pytest.mark.parametrize(("lag", "made"), [(0, 7), (2, 7), (3, 8)])
async def test_a_list_that_lags_does_not_make_a_second_one(
    clock: VirtualClock, tmp_path: Path, lag: int, made: int
) -> None:
    """Bria may still be at work on what the dead process has sent."""
    looks = 0

    async def find() -> int | None:
        nonlocal looks
        looks += 1
        return 7 if looks > lag else None

    async def die() -> int:
        raise Death

    async def make() -> int:
        return 8

    path = tmp_path / "state.json"
    with StateFile.opened(path, "x", {}) as state, pytest.raises(Death):
        await state.once("step", die, find=find, clock=clock)
    with StateFile.opened(path, "x", {}) as state:
        assert await state.once("step", make, find=find, clock=clock) == made


@pytest.mark.parametrize("present", [True, False])
def test_a_lock_needs_no_call_that_windows_lacks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, present: bool
) -> None:
    """Neither `pread` nor `pwrite`; and `flock` only where it is."""
    for name in ("pread", "pwrite"):
        monkeypatch.delattr(os, name)
    if not present:
        monkeypatch.setattr(on_disk, "fcntl", None)
    first, second = FileLock(tmp_path / "x"), FileLock(tmp_path / "x")
    first.acquire()
    if present:
        with pytest.raises(on_disk.Held) as held:
            second.acquire()
        assert held.value.holder == "this very process"
    else:
        second.acquire()
    second.release()
    first.release()


def test_a_file_system_without_locks_is_not_taken_for_another_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A network drive may know none."""

    def refuse(*_arguments: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("fcntl.flock", refuse)
    lock = FileLock(tmp_path / "x")
    lock.acquire()
    lock.release()
