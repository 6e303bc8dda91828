"""Bria's own client, unmodified: it submits, polls, reads results, and verifies webhooks."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from bria_tailored_ext.sandbox import Sandbox
from tests.peers.conftest import filled

HERE = Path(__file__).parent
Run = Callable[..., Any]


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A sandbox in which jobs take a second or less."""
    with Sandbox(seed=1, durations={"image": 0.5}) as sandbox:
        yield sandbox


@pytest.fixture
def run(sandbox: Sandbox, peers_python: Path) -> Run:
    """Runs a script with Bria's client, which finds the sandbox by its environment."""

    def run(name: str, *arguments: str, text: str | None = None) -> str:
        environment = {"BRIA_BASE_URL": sandbox.base_url, "BRIA_API_TOKEN": sandbox.api_token}
        done = subprocess.run(
            [str(peers_python), str(HERE / name), *arguments],
            capture_output=True,
            text=True,
            input=text,
            env={**os.environ, **environment},
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


@contextmanager
def receiver() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A webhook's URL, and what arrives there."""
    arrived: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            told = {"headers": dict(self.headers), "body": base64.b64encode(body).decode()}
            arrived.append(told)
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/hook", arrived
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_brias_client_submits_polls_reads_and_verifies(sandbox: Sandbox, run: Run) -> None:
    """With its sync client and its async one; a tampered delivery does not pass."""
    model = filled(sandbox)
    with receiver() as (webhook, arrived):
        found = json.loads(run("with_bria_client.py", str(model), webhook))
        deadline = time.monotonic() + 20
        while not arrived and time.monotonic() < deadline:
            time.sleep(0.05)
    for way in ("polled", "at_once", "async"):
        assert found[way]["status"] == "COMPLETED", found
        url = found[way]["result"]["image_url"]
        assert httpx.get(url).content.startswith(b"\x89PNG")
    assert found["wrong"]["code"] == 400
    assert "steps_num" in found["wrong"]["details"]
    (delivery,) = arrived
    assert json.loads(base64.b64decode(delivery["body"]))["request_id"] == found["hooked"]
    tampered = {**delivery, "body": base64.b64encode(b"{}").decode()}
    lines = "\n".join(json.dumps(each) for each in (delivery, tampered))
    assert run("verifying.py", text=lines).split() == ["True", "False"]
