"""The books: every billed call once, and nothing else."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from tests.sandbox.conftest import base64_of, id_of, picture

if TYPE_CHECKING:
    from tests.sandbox.conftest import Caller

pytestmark = pytest.mark.anyio


async def test_each_job_is_one_line_with_its_request_id(bria: Caller) -> None:
    """Request id, operation, model, price and time; a repeated submit is a second line."""
    model_id = id_of(await bria.trained())
    ask = {"tailored_model_id": str(model_id), "prompt": "a cat"}
    submitted = [
        await bria.ok("POST", "/v2/image/generate/tailored", ask),
        await bria.ok("POST", "/v2/image/generate/tailored", ask),
        await bria.ok("POST", "/v2/structured_prompt/generate/tailored", {**ask, "sync": True}),
        await bria.ok(
            "POST",
            "/v2/video/generate/tailored/image-to-video",
            {**ask, "image": base64_of(picture())},
        ),
    ]
    lines = bria.sandbox.books[1:]
    assert [line.request_id for line in lines] == [each["request_id"] for each in submitted]
    assert [line.operation for line in lines] == [
        "image-generate-tailored",
        "image-generate-tailored",
        "structured-prompt-generate-tailored",
        "generate-video-from-tailored-image",
    ]
    assert {line.model_id for line in lines} == {model_id}
    assert [line.price for line in lines[:3]] == [
        Decimal("0.03"),
        Decimal("0.03"),
        Decimal("0.02"),
    ]


async def test_training_and_visual_identity_are_billed(bria: Caller) -> None:
    """A visual schema, its refinement, and the start of a training."""
    images = [base64_of(picture(index)) for index in range(5)]
    await bria.ok("POST", "/v1/tailored-gen/generate_visual_schema", {"images": images})
    refine = {"structured_prompt": "{}", "instruction": "warmer"}
    refine_path = "/v1/tailored-gen/refine_structured_prompt"
    await bria.ok("POST", refine_path, {**refine, "dataset_id": id_of(await bria.dataset())})
    model = await bria.trained()
    assert [(line.operation, line.model_id) for line in bria.sandbox.books] == [
        ("generate-visual-schema", None),
        ("refine-json", None),
        ("start-training", id_of(model)),
    ]
    assert len({line.request_id for line in bria.sandbox.books}) == 3


async def test_looking_and_being_refused_cost_nothing(bria: Caller) -> None:
    """Only what was taken on is billed."""
    model = await bria.trained()
    before = bria.sandbox.books
    ask = {"tailored_model_id": str(id_of(model)), "prompt": "a cat", "seed": "x"}
    assert (await bria("POST", "/v2/image/generate/tailored", ask)).status_code == 400
    assert (await bria("GET", "/v2/status/x")).status_code == 404
    assert (await bria("POST", f"{model}/start_training", {})).status_code == 409
    await bria.ok("GET", model)
    assert bria.sandbox.books == before


async def test_books_can_be_read_over_http_without_a_token(bria: Caller) -> None:
    """The same lines, and what they come to."""
    assert (await bria.http.get("/sandbox/books")).json() == {"calls": [], "total": 0.0}
    await bria.trained()
    (line,) = bria.sandbox.books
    told = (await bria.http.get("/sandbox/books")).json()
    assert told["total"] == float(line.price)
    (call,) = told["calls"]
    assert call.pop("time").endswith("Z")
    assert call == {
        "request_id": line.request_id,
        "operation": "start-training",
        "model_id": line.model_id,
        "price": float(line.price),
    }


async def test_books_are_values(bria: Caller) -> None:
    """What was handed out does not change when more is billed."""
    before = bria.sandbox.books
    await bria.trained()
    assert before == ()
    assert isinstance(bria.sandbox.books, tuple)
