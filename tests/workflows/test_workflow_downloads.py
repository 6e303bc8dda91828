"""Models and datasets as files."""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING

import pytest

from bria_tailored_ext import ApiError, DownloadError
from bria_tailored_ext.workflows import DatasetFiles, download_dataset, download_model

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Script
    from tests.workflows.conftest import Studio

pytestmark = pytest.mark.anyio

ZIP = b"PK\x05\x06" + bytes(18)
MODEL_LOOK = "GET /v1/tailored-gen/models/7/download"
DATASET_LOOK = "GET /v1/datasets/3/download"


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def test_a_trained_model_becomes_a_file(studio: Studio, tmp_path: Path) -> None:
    """The sandbox's is a .safetensors file without tensors."""
    model = await studio.trained()
    told: list[tuple[int, int | None]] = []

    path = await download_model(
        studio.bria,
        model.id,
        tmp_path / "model.safetensors",
        on_progress=lambda done, whole: told.append((done, whole)),
    )

    data = path.read_bytes()
    assert json.loads(data[8:])["__metadata__"]["model_id"] == str(model.id)
    assert told == [(len(data), len(data))]
    assert left_in(tmp_path) == ["model.safetensors"]


async def test_a_model_that_is_not_trained_has_no_file(studio: Studio, tmp_path: Path) -> None:
    """Bria's own answer says why, and nothing is written."""
    model_id = await studio.model()

    with pytest.raises(ApiError):
        await download_model(studio.bria, model_id, tmp_path / "model.safetensors")

    assert left_in(tmp_path) == []


async def test_a_model_whose_url_has_expired_is_asked_for_again(
    script: Script, tmp_path: Path
) -> None:
    """The file's host never sees the token, Bria does."""
    network = script.network(
        script.answer(200, {"download_url": "https://s3.test/m?Signature=OLD"}),
        script.answer(403, b"<Error/>"),
        script.answer(200, {"download_url": "https://s3.test/m?Signature=NEW"}),
        script.answer(200, b"\x08\0\0\0\0\0\0\0{}      "),
    )

    async with script.client(network) as bria:
        await download_model(bria, 7, str(tmp_path / "m.safetensors"))

    assert network.asked == [MODEL_LOOK, "GET /m", MODEL_LOOK, "GET /m"]
    assert ["api_token" in each.headers for each in network.seen] == [True, False, True, False]
    assert network.seen[3].url.query == b"Signature=NEW"


async def test_a_failed_download_names_the_model(script: Script, tmp_path: Path) -> None:
    """And what its URL answered."""
    network = script.network(
        script.answer(200, {"download_url": "https://s3.test/m"}), script.answer(500, b"")
    )

    async with script.client(network) as bria:
        with pytest.raises(DownloadError, match=r"m\.bin \(model 7\).*answered 500"):
            await download_model(bria, 7, tmp_path / "m.bin")


async def test_a_dataset_and_its_captions_become_files(script: Script, tmp_path: Path) -> None:
    """Each from its own URL."""
    urls = {"download_url": "https://s3.test/d", "captions_url": "https://s3.test/c"}
    network = script.network(
        script.answer(200, urls), script.answer(200, ZIP), script.answer(200, {"1.png": "{}"})
    )

    async with script.client(network) as bria:
        files = await download_dataset(
            bria, 3, tmp_path / "d.zip", captions=tmp_path / "captions.json"
        )

    assert files == DatasetFiles(path=tmp_path / "d.zip", captions=tmp_path / "captions.json")
    assert network.asked == [DATASET_LOOK, "GET /d", "GET /c"]
    assert zipfile.ZipFile(io.BytesIO((tmp_path / "d.zip").read_bytes())).namelist() == []
    assert json.loads((tmp_path / "captions.json").read_text()) == {"1.png": "{}"}


@pytest.mark.parametrize("told", [None, "", "https://s3.test/c"])
@pytest.mark.parametrize("wanted", [False, True])
async def test_captions_are_fetched_only_where_they_are_wanted_and_there(
    script: Script, tmp_path: Path, told: str | None, wanted: bool
) -> None:
    """Bria has none where some were written by hand."""
    urls = {"download_url": "https://s3.test/d", "captions_url": told}
    network = script.network(
        script.answer(200, urls), script.answer(200, ZIP), script.answer(200, {})
    )

    async with script.client(network) as bria:
        files = await download_dataset(
            bria, 3, tmp_path / "d.zip", captions=tmp_path / "c.json" if wanted else None
        )

    assert (files.captions is not None) == (wanted and bool(told))
    assert (tmp_path / "c.json").exists() == (wanted and bool(told))


async def test_captions_whose_url_has_expired_are_asked_for_again(
    script: Script, tmp_path: Path
) -> None:
    """Unless there are none any more."""
    urls = {"download_url": "https://s3.test/d", "captions_url": "https://s3.test/c"}
    network = script.network(
        script.answer(200, urls),
        script.answer(200, ZIP),
        script.answer(403, b""),
        script.answer(200, {"download_url": "https://s3.test/d"}),
    )

    async with script.client(network) as bria:
        with pytest.raises(DownloadError, match="no file of its captions any more"):
            await download_dataset(bria, 3, tmp_path / "d.zip", captions=tmp_path / "c.json")

    assert left_in(tmp_path) == ["d.zip"]
