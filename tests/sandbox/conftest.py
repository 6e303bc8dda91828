"""What the sandbox's tests share: pictures, a caller, and the upstream document."""

from __future__ import annotations

import base64
import functools
import io
import json
import re
import struct
import zlib
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema.protocols import Validator
from jsonschema.validators import validator_for
from PIL import Image

from bria_tailored_ext.sandbox import Sandbox

ROOT = Path(__file__).parents[2]
UPSTREAM = ROOT / "openapi" / "upstream" / "tailored-generation.json"

# What the sandbox answers although the document does not list it, each with the reason.
UNDOCUMENTED = {
    (None, 401): "every operation needs the token, also where the document forgets to say so",
    ("upload-image", 413): "12 MB at most, from Bria's documentation",
    ("upload-image", 460): "Bria could not fetch the image URL, from Bria's documentation",
    ("generate-visual-schema", 413): "12 MB at most",
    ("generate-visual-schema", 460): "Bria could not fetch the image URL",
    ("generate-video-from-tailored-image", 413): "12 MB at most",
    ("generate-video-from-tailored-image", 460): "Bria could not fetch the image URL",
    ("regenerate-all-captions", 400): "no schema: accepting would mean polling for ever",
    ("regenerate-all-captions", 409): "a completed dataset is frozen",
    ("update-project", 400): "a field of the wrong type",
    ("update-model", 400): "a field of the wrong type",
    ("clone-dataset", 400): "a field of the wrong type",
}
# Enum words that answers have beyond the document's list for that one operation.
OPEN_WORDS = {"pending", "manual", "syncing", "completed", None}


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    """Run every async test on both event loops."""
    return str(request.param)


@functools.cache
def picture(
    index: int = 0, width: int = 256, height: int = 256, kind: str = "PNG", mode: str = "RGB"
) -> bytes:
    """Make a small picture, another one for each index."""
    image = Image.new(mode, (width, height))
    colour = (40 * index % 256, 90, 255 - 30 * index % 256)
    image.paste(colour, (width // 4, height // 4, width // 2, height // 2))
    out = io.BytesIO()
    image.save(out, kind)
    return out.getvalue()


def header(width: int, height: int) -> bytes:
    """The beginning of a PNG that says how large it is, and ends there."""
    about = b"IHDR" + struct.pack(">II5B", width, height, 8, 2, 0, 0, 0)
    chunks = [about, b"IDAT", b"IEND"]
    told = [struct.pack(">I", len(c) - 4) + c + struct.pack(">I", zlib.crc32(c)) for c in chunks]
    return b"\x89PNG\r\n\x1a\n" + b"".join(told)


def base64_of(data: bytes) -> str:
    """Encode as uploads do."""
    return base64.b64encode(data).decode()


@functools.cache
def document() -> Mapping[tuple[str, str], dict[str, Any]]:
    """The upstream document's operations by method and versioned path template.

    The richer twins at the top level of the document win over those in `paths`.
    """
    upstream = json.loads(UPSTREAM.read_text())
    twins = {path: item for path, item in upstream.items() if path.startswith("/")}
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for path, item in [*upstream["paths"].items(), *twins.items()]:
        for method, operation in item.items():
            version = operation["servers"][0]["url"].rsplit("/", 1)[-1]
            found[method.upper(), f"/{version}{path}"] = operation
    return found


def operation_of(method: str, path: str) -> dict[str, Any] | None:
    """Find the operation of the document that a request is for; exact paths go first."""
    for (verb, template), operation in sorted(
        document().items(), key=lambda entry: entry[0][1].count("{")
    ):
        pattern = re.sub(r"\{[^}]+\}", r"[^/]+", template)
        if verb == method and re.fullmatch(pattern, path):
            return operation
    return None


def check_against_document(method: str, path: str, response: httpx.Response) -> None:
    """Fail if an answer has a status or a body that the document does not describe."""
    operation = operation_of(method, path)
    if operation is None:
        return
    name, status = operation["operationId"], response.status_code
    responses = operation["responses"]
    excused = (name, status) in UNDOCUMENTED or (None, status) in UNDOCUMENTED
    assert str(status) in responses or excused, f"{name} answered {status}: {response.text}"
    content = responses.get(str(status), {}).get("content")
    if status < 300 and content is None:
        assert response.content == b"", f"{name} answers {status} without a body"
    if content is not None and not (status == 200 and operation["operationId"] in _SYNC):
        _checks(name, status).validate(response.json())


@functools.cache
def _checks(name: str, status: int) -> Validator:
    """The strict schema of an operation's answer, itself checked once and not at every answer."""
    (operation,) = (each for each in document().values() if each["operationId"] == name)
    content = operation["responses"][str(status)]["content"]
    schema = _strict(content["application/json"]["schema"])
    validator = validator_for(schema)
    validator.check_schema(schema)
    return validator(schema)


_SYNC = ("image-generate-tailored", "structured-prompt-generate-tailored")


def _strict(schema: Any) -> Any:
    """Turn a schema of the document into one that allows nothing beyond it."""
    if isinstance(schema, list):
        return [_strict(entry) for entry in schema]
    if not isinstance(schema, dict):
        return schema
    told = {key: _strict(value) for key, value in schema.items() if key not in _PROSE}
    if "properties" in told:
        told["properties"] = {key: _strict(value) for key, value in schema["properties"].items()}
        told["additionalProperties"] = False
    if "enum" in told:
        told["enum"] = [*told["enum"], *OPEN_WORDS]
    # `caption` is not marked nullable everywhere, but can be null everywhere.
    if told.get("type") == "string":
        told["type"] = ["string", "null"]
    elif told.pop("nullable", False):
        told["type"] = [told["type"], "null"]
    return told


_PROSE = ("description", "example", "examples", "default", "format")


class Caller:
    """Somebody who uses the API, and checks each answer against the document."""

    def __init__(self, sandbox: Sandbox, http: httpx.AsyncClient) -> None:
        self.sandbox = sandbox
        self.http = http

    async def __call__(self, method: str, path: str, body: Any = None) -> httpx.Response:
        """Send one request with the token."""
        response = await self.http.request(
            method, path, json=body, headers={"api_token": self.sandbox.api_token}
        )
        check_against_document(method, httpx.URL(path).path, response)
        return response

    async def ok(self, method: str, path: str, body: Any = None) -> Any:
        """Send one request that must succeed, and give its JSON."""
        response = await self(method, path, body)
        assert response.is_success, f"{method} {path}: {response.status_code} {response.text}"
        return response.json() if response.content else None

    async def project(self, **changes: Any) -> int:
        """Make a project and give its id."""
        body = {"project_name": "P", "ip_medium": "illustration", "ip_type": "stylized_scene"}
        made = await self.ok("POST", "/v1/tailored-gen/projects", {**body, **changes})
        return int(made["id"])

    async def dataset(self, project_id: int | None = None, **changes: Any) -> str:
        """Make a dataset and give its path."""
        project_id = await self.project() if project_id is None else project_id
        body = {"project_id": project_id, "name": "D", **changes}
        made = await self.ok("POST", "/v1/tailored-gen/datasets", body)
        return f"/v1/tailored-gen/datasets/{made['id']}"

    async def upload(self, dataset: str, data: bytes | None = None, **fields: Any) -> Any:
        """Upload a picture and give the image."""
        body = {"file": base64_of(picture() if data is None else data), **fields}
        return await self.ok("POST", f"{dataset}/images", body)

    async def draft(self, images: int = 5, schema: str | None = '{"style": "flat"}') -> str:
        """Make a draft with images, captioned if there is a schema, and give its path."""
        dataset = await self.dataset()
        if schema is not None:
            await self.ok("PUT", dataset, {"visual_schema": schema})
        for index in range(images):
            await self.upload(dataset, picture(index), image_name=f"teapot {index}.png")
        self.sandbox.advance(60)
        return dataset

    async def completed(self, **draft: Any) -> str:
        """Make a completed dataset and give its path."""
        dataset = await self.draft(**draft)
        await self.ok("PUT", dataset, {"status": "completed"})
        return dataset

    async def model(self, training_mode: str = "fully_automated", dataset: str = "") -> str:
        """Make a model of a completed dataset and give its path."""
        dataset = dataset or await self.completed()
        body = {"name": "M", "dataset_id": id_of(dataset), "training_mode": training_mode}
        made = await self.ok("POST", "/v1/tailored-gen/models", body)
        return f"/v1/tailored-gen/models/{made['id']}"

    async def trained(self, training_mode: str = "fully_automated", **parameters: Any) -> str:
        """Make a trained model and give its path."""
        model = await self.model(training_mode)
        await self.ok("POST", f"{model}/start_training", parameters)
        self.sandbox.advance(hours=7)
        return model

    async def finished(self, path: str, body: Any) -> dict[str, Any]:
        """Submit a job, let its time pass, and give its result."""
        accepted = await self.ok("POST", path, body)
        self.sandbox.advance(600)
        status = await self.ok("GET", accepted["status_url"])
        assert status["status"] == "COMPLETED"
        result: dict[str, Any] = status["result"]
        return result


def id_of(path: str) -> int:
    """The id at the end of a path."""
    return int(path.rsplit("/", 1)[-1])


@pytest.fixture
def sandbox() -> Sandbox:
    """A sandbox whose time only moves by hand, and which does not listen."""
    return Sandbox(speed=0, seed=1)


@pytest.fixture
async def bria(sandbox: Sandbox, anyio_backend: str) -> AsyncIterator[Caller]:
    """A caller of the application, without a socket."""
    transport = httpx.ASGITransport(app=sandbox.application)
    async with httpx.AsyncClient(transport=transport, base_url="http://sandbox.test") as http:
        yield Caller(sandbox, http)


@pytest.fixture
async def live(anyio_backend: str) -> AsyncIterator[Caller]:
    """A caller of a sandbox that really listens; its time only moves by hand."""
    async with (
        Sandbox(speed=0, seed=1) as sandbox,
        httpx.AsyncClient(base_url=sandbox.base_url, timeout=60) as http,
    ):
        yield Caller(sandbox, http)
