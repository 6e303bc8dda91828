"""The books: every billed call once, and nothing else."""

from __future__ import annotations

import hashlib
import json
import math
from decimal import Decimal
from typing import Any

import httpx
import pytest

from bria_tailored_ext.sandbox import Sandbox
from tests.sandbox.conftest import Caller, base64_of, id_of, picture

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
        "generate-image",
        "generate-image",
        "generate-structured-prompt",
        "generate-video",
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
        ("refine-structured-prompt", None),
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
    assert (await bria.http.get("/sandbox/books")).json() == {
        "calls": [],
        "total": 0.0,
        "paid_twice": [],
    }
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
        "body_sha256": hashlib.sha256(b"{}").hexdigest(),
    }


async def test_books_are_values(bria: Caller) -> None:
    """What was handed out does not change when more is billed."""
    before = bria.sandbox.books
    await bria.trained()
    assert before == ()
    assert isinstance(bria.sandbox.books, tuple)


async def test_what_is_bought_a_second_time_is_found(bria: Caller) -> None:
    """The same operation, model and body; another seed or another model is another purchase."""
    dataset = await bria.completed()
    for _ in range(2):
        model = await bria.model(dataset=dataset)
        await bria.ok("POST", f"{model}/start_training", {})
    bria.sandbox.advance(hours=7)
    ask = {"tailored_model_id": str(id_of(model)), "prompt": "a cat", "seed": 1}
    path = "/v2/image/generate/tailored"
    await bria.ok("POST", path, ask)
    await bria.ok("POST", path, {**ask, "seed": 2})
    none_yet = bria.sandbox.paid_twice
    assert none_yet == ()
    again = await bria.ok("POST", path, ask)
    assert [call.request_id for call in bria.sandbox.paid_twice] == [again["request_id"]]
    told = (await bria.http.get("/sandbox/books")).json()
    assert told["paid_twice"] == [again["request_id"]]


async def test_body_is_told_by_its_digest(bria: Caller) -> None:
    """Of the bytes as they came, so that it can be compared with what a client meant to send."""
    ask = {"tailored_model_id": str(id_of(await bria.trained())), "prompt": "a cat"}
    answer = await bria("POST", "/v2/image/generate/tailored", ask)
    sent = hashlib.sha256(answer.request.content).hexdigest()
    assert bria.sandbox.books[-1].body_sha256 == sent


async def test_prices_can_be_chosen(anyio_backend: str) -> None:
    """By the operation's name, written either way; by its digits, not as a binary fraction."""
    assert anyio_backend
    prices: dict[str, Any] = {
        "start_training": 0.1,
        "generate-image": "1.25",
        "refine_structured_prompt": 0,
    }
    sandbox = Sandbox(speed=0, seed=1, prices=prices)
    transport = httpx.ASGITransport(app=sandbox.application)
    async with httpx.AsyncClient(transport=transport, base_url="http://sandbox.test") as http:
        bria = Caller(sandbox, http)
        ask = {"tailored_model_id": str(id_of(await bria.trained())), "prompt": "a cat"}
        await bria.ok("POST", "/v2/image/generate/tailored", ask)
    assert [call.price for call in sandbox.books] == [Decimal("0.1"), Decimal("1.25")]


@pytest.mark.parametrize(
    ("prices", "words"),
    [
        ({"generate_imagery": 1}, "no operation 'generate_imagery'"),
        ({"generate_image": -1}, "0 or more US dollars"),
        ({"generate_image": "dear"}, "0 or more US dollars"),
        ({"generate_image": math.nan}, "0 or more US dollars"),
    ],
)
async def test_impossible_prices_are_refused(prices: Any, words: str) -> None:
    """A misspelt name would leave the usual price in force."""
    with pytest.raises(ValueError, match=words):
        Sandbox(prices=prices)


async def test_the_same_purchase_is_seen_however_it_is_written(bria: Caller) -> None:
    """Neither the order of keys, nor spaces, nor where the answer goes make it another one."""
    model_id = str(id_of(await bria.trained()))
    path = "/v2/image/generate/tailored"
    ask = {"tailored_model_id": model_id, "prompt": "a cat\u2026"}
    written = [
        json.dumps(ask),
        json.dumps(dict(reversed(ask.items())), indent=2, ensure_ascii=False),
        json.dumps({**ask, "webhook_url": "http://127.0.0.1:1/hook?job=2", "sync": False}),
        json.dumps({**ask, "seed": 7}),
    ]
    headers = {"api_token": bria.sandbox.api_token, "Content-Type": "application/json"}
    for body in written:
        answer = await bria.http.post(path, content=body.encode(), headers=headers)
        assert answer.status_code == 202
    first, *again, another = bria.sandbox.books[-4:]
    assert list(bria.sandbox.paid_twice) == again
    assert len({line.body_sha256 for line in (first, *again, another)}) == 4
