"""What the tests of batches share: a sandbox with a trained model, a network that is watched."""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import httpx
import pytest

from bria_tailored.models import UploadModel, UploadModelProjectParameters
from bria_tailored_ext.batch import Batch, Outcome, run_batch
from bria_tailored_ext.client.tailored_client import TailoredClient
from bria_tailored_ext.sandbox import Sandbox

if TYPE_CHECKING:
    from tests.conftest import VirtualClock

Look = Callable[[httpx.Request], Awaitable[None]]


def quick_png(*asked: Any, **named: Any) -> bytes:
    """A tiny picture, another one for whatever else is asked for."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    key = hashlib.sha256(repr((asked, sorted(named.items(), key=str))).encode()).hexdigest()
    pixels = zlib.compress((b"\0" + bytes.fromhex(key[:6]) * 8) * 8)
    header = struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0)
    parts = (b"IHDR", header), (b"tEXt", b"Key\0" + key.encode()), (b"IDAT", pixels), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in parts)


@pytest.fixture(autouse=True)
def _quick_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bria_tailored_ext.sandbox.files.draw", quick_png)


class Watched(httpx.AsyncBaseTransport):
    """The network; `before` is called with each request before it leaves."""

    def __init__(self) -> None:
        self._inner = httpx.AsyncHTTPTransport()
        self.before: list[Look] = []
        self.sent: list[tuple[str, str]] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        for look in self.before:
            await look(request)
        self.sent.append((request.method, request.url.path))
        return await self._inner.handle_async_request(request)

    async def aclose(self) -> None:
        await self._inner.aclose()

    def posts(self) -> int:
        return sum(method == "POST" and "/generate/" in path for method, path in self.sent)


@attrs.frozen
class Shop:
    """A sandbox, a client of it, a trained model, and a place for a batch."""

    sandbox: Sandbox
    bria: TailoredClient
    network: Watched
    model: str
    folder: Path

    @property
    def journal(self) -> Path:
        return self.folder / "journal.db"

    @property
    def out(self) -> Path:
        return self.folder / "out"

    def rows(self, count: int, first: int = 0) -> list[dict[str, Any]]:
        return [
            {"id": f"r{number}", "tailored_model_id": self.model, "prompt": f"teapot {number}"}
            for number in range(first, first + count)
        ]

    def batch(self, requests: Any, **settings: Any) -> Batch:
        return run_batch(self.bria, requests, journal=self.journal, output_dir=self.out, **settings)

    async def run(self, requests: Any, **settings: Any) -> dict[str, Outcome]:
        """Run a batch to its end; the outcomes by id."""
        async with self.batch(requests, **settings) as batch:
            told = [outcome async for outcome in batch]
        assert len({outcome.id for outcome in told}) == len(told)
        return {outcome.id: outcome for outcome in told}

    def billed(self) -> int:
        """Jobs that Bria would have charged for."""
        return sum("generate" in call.operation for call in self.sandbox.books)


async def trained_model(sandbox: Sandbox, bria: TailoredClient) -> str:
    """A model that can generate, without hours of training."""
    project = UploadModelProjectParameters(
        project_name="p", ip_medium="photography", ip_type="other"
    )
    url = sandbox.publish(b"weights", "model.safetensors")
    body = UploadModel(model_url=url, model_name="m", project_parameters=project)
    return str((await bria.models.upload_model(body=body)).id)


INSTANT = {"image": 0, "structured_prompt": 0, "video": 0, "syncing": 0}


@pytest.fixture
async def shop(tmp_path: Path, clock: VirtualClock) -> AsyncIterator[Shop]:
    network = Watched()
    async with (
        Sandbox(seed=1, durations=INSTANT) as sandbox,  # type: ignore[arg-type]
        TailoredClient(
            api_token=sandbox.api_token,
            base_url=sandbox.base_url,
            plan=None,
            transport=network,
            clock=clock,
        ) as bria,
    ):
        yield Shop(sandbox, bria, network, await trained_model(sandbox, bria), tmp_path)


@pytest.fixture
def make_model() -> Callable[[Sandbox, TailoredClient], Awaitable[str]]:
    return trained_model


def checksums(outcomes: Iterable[Outcome]) -> bool:
    """Whether every file of these is there, and is what the outcome says."""
    return all(
        outcome.file is not None
        and hashlib.sha256(outcome.file.read_bytes()).hexdigest() == outcome.sha256
        for outcome in outcomes
    )


@pytest.fixture
def files_are_whole() -> Callable[[Iterable[Outcome]], bool]:
    return checksums
