"""Programs of others, which `make peers` installs under `.peers/`: what they need to run."""

from __future__ import annotations

import io
import json
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from bria_tailored_ext.sandbox import Sandbox

ROOT = Path(__file__).parents[2]
PEERS = ROOT / ".peers"
V1 = "/v1/tailored-gen"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of these are slow, and there only where `make peers` has been."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.slow)


def peer(*parts: str) -> Path:
    """A program of `.peers/`; without it the test is skipped, or fails under `make peers`."""
    program = PEERS.joinpath(*parts)
    if not program.exists():
        if os.environ.get("BRIA_PEERS"):
            pytest.fail(f"{program} is missing, though `make peers` installs it.")
        pytest.skip("others' programs are not installed: run `make peers`")
    return program


@pytest.fixture
def peers_python() -> Path:
    """The interpreter that has schemathesis and bria-client."""
    return peer("venv", "bin", "python")


@pytest.fixture
def prism() -> Path:
    """Stoplight's mock server."""
    return peer("node", "node_modules", ".bin", "prism")


@pytest.fixture
def document() -> dict[str, Any]:
    """The built document."""
    text = (ROOT / "bria_tailored_ext" / "sandbox" / "document.json").read_text()
    built: dict[str, Any] = json.loads(text)
    return built


def picture(index: int) -> bytes:
    """A small picture."""
    out = io.BytesIO()
    Image.new("RGB", (256, 256), (40 * index, 90, 200)).save(out, "PNG")
    return out.getvalue()


def _ok(http: httpx.Client, method: str, path: str, **body: Any) -> Any:
    answer = http.request(method, path, json=body)
    assert answer.is_success, answer.text
    return answer.json() if answer.content else None


def filled(sandbox: Sandbox) -> int:
    """Fill a sandbox with one of everything; give the id of the trained model."""
    with httpx.Client(
        base_url=sandbox.base_url, headers={"api_token": sandbox.api_token}, timeout=60
    ) as http:
        kind = {"ip_medium": "illustration", "ip_type": "stylized_scene"}
        project = _ok(http, "POST", f"{V1}/projects", project_name="P", **kind)["id"]
        dataset = _ok(http, "POST", f"{V1}/datasets", project_id=project, name="D")["id"]
        _ok(http, "PUT", f"{V1}/datasets/{dataset}", visual_schema='{"style": "flat"}')
        for index in range(5):
            url = sandbox.publish(picture(index), f"{index}.png")
            _ok(http, "POST", f"{V1}/datasets/{dataset}/images", image_url=url)
        sandbox.advance(60)
        _ok(http, "PUT", f"{V1}/datasets/{dataset}", status="completed")
        body = {"name": "M", "dataset_id": dataset, "training_mode": "expert"}
        model = int(_ok(http, "POST", f"{V1}/models", **body)["id"])
        _ok(http, "POST", f"{V1}/models/{model}/start_training")
        sandbox.advance(hours=7)
        advanced = {"project_id": project, "name": "A", "upload_type": "advanced"}
        _ok(http, "POST", f"{V1}/datasets", **advanced)
        draft = _ok(http, "POST", f"{V1}/datasets", project_id=project, name="E")["id"]
        url = sandbox.publish(picture(0), "x.png")
        _ok(http, "POST", f"{V1}/datasets/{draft}/images", image_url=url)
    return model


@contextmanager
def running(command: list[str], port: int, *, seconds: float = 60.0) -> Iterator[None]:
    """A server in a process of its own, from when its port answers until the end of the block."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        try:
            _wait(process, port, time.monotonic() + seconds)
            yield
        finally:
            process.terminate()


def _wait(process: subprocess.Popen[bytes], port: int, deadline: float) -> None:
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            said = process.stdout.read().decode() if process.poll() and process.stdout else ""
            assert process.poll() is None, said
            assert time.monotonic() < deadline, "the server did not come up"
            time.sleep(0.1)
        else:
            return
