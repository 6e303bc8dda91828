"""The whole way over a real socket: from a project to files on disk."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.sandbox.conftest import base64_of, picture

if TYPE_CHECKING:
    from tests.sandbox.conftest import Caller

pytestmark = pytest.mark.anyio
V1 = "/v1/tailored-gen"


async def identity(live: Caller, dataset_id: int, pictures: list[str]) -> str:
    """Generate a schema and refine it, as the document's training process says."""
    schema = await live.ok("POST", f"{V1}/generate_visual_schema", {"images": pictures})
    body = {
        "dataset_id": dataset_id,
        "structured_prompt": schema["visual_schema"],
        "instruction": "make it warmer",
    }
    refined = await live.ok("POST", f"{V1}/refine_structured_prompt", body)
    return str(refined["structured_prompt"])


async def test_from_project_to_files(live: Caller) -> None:
    """Every step of Bria's documented process, in order, with its time moved by hand."""
    project = await live.ok(
        "POST",
        f"{V1}/projects",
        {"project_name": "Teapots", "ip_medium": "illustration", "ip_type": "stylized_scene"},
    )
    dataset = await live.ok(
        "POST", f"{V1}/datasets", {"project_id": project["id"], "name": "teapots v1"}
    )
    path = f"{V1}/datasets/{dataset['id']}"
    pictures = [base64_of(picture(index, 1024, 1024)) for index in range(6)]
    schema = await identity(live, dataset["id"], pictures)
    await live.ok("PUT", path, {"visual_schema": schema})
    for index, data in enumerate(pictures):
        body = {"file": data, "image_name": f"teapot_{index}.png", "increase_resolution": False}
        await live.ok("POST", f"{path}/images", body)
    live.sandbox.advance(60)
    whole = await live.ok("GET", path)
    assert whole["captions_update_status"] == "completed"
    assert all(json.loads(image["caption"]) for image in whole["images"])
    assert (await live.ok("PUT", path, {"status": "completed"}))["status"] == "completed"

    model = await live.ok("POST", f"{V1}/models", {"name": "M", "dataset_id": dataset["id"]})
    await live.ok("POST", f"{V1}/models/{model['id']}/start_training", {})
    live.sandbox.advance(hours=4)
    trained = await live.ok("GET", f"{V1}/models/{model['id']}")
    assert trained["status"] == "Completed"

    ask: dict[str, Any] = {"tailored_model_id": str(model["id"]), "prompt": "a teapot at dawn"}
    prompt = await live.finished("/v2/structured_prompt/generate/tailored", ask)
    image = await live.finished(
        "/v2/image/generate/tailored",
        {**ask, "structured_prompt": prompt["structured_prompt"], "seed": 7},
    )
    drawn = await live.http.get(image["image_url"])
    assert drawn.content.startswith(b"\x89PNG")
    part = await live.http.get(image["image_url"], headers={"range": "bytes=0-7"})
    assert part.content == drawn.content[:8]
    video = await live.finished(
        "/v2/video/generate/tailored/image-to-video",
        {"tailored_model_id": str(model["id"]), "image": image["image_url"]},
    )
    assert (await live.http.get(video["video_url"])).content[4:8] == b"ftyp"
    weights = await live.ok("GET", f"{V1}/models/{model['id']}/download")
    assert b"no weights" in (await live.http.get(weights["download_url"])).content
    assert [line.operation for line in live.sandbox.books] == [
        "generate-visual-schema",
        "refine-structured-prompt",
        "start-training",
        "generate-structured-prompt",
        "generate-image",
        "generate-video",
    ]
