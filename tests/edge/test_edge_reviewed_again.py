"""What the second review of the edge found, so that it does not come back."""

from __future__ import annotations

import gc
import json
import os
import shutil
import socket
import ssl
import subprocess
import sys
import time
import traceback
import warnings
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import anyio
import anyio.to_thread
import httpx
import pytest

from bria_tailored_ext import (
    BriaTimeoutError,
    DownloadError,
    ImageRequest,
    RetryPolicy,
    SubmitOutcomeUnknown,
    TailoredClient,
    Timeouts,
)
from bria_tailored_ext.edge.fetching import checked
from bria_tailored_ext.edge.gate import STREAM
from bria_tailored_ext.values.configuration import HttpBackend

if TYPE_CHECKING:
    from tests.conftest import Misbehaving, Script

IMAGE = ImageRequest(tailored_model_id="7", prompt="a cup")
BACKENDS: list[tuple[str, HttpBackend]] = [
    ("asyncio", "httpx"),
    ("trio", "httpx"),
    ("asyncio", "aiohttp"),
]
SECRET = "a-token-that-nobody-may-see"


class Certified:
    """A server that speaks TLS for one request, and then no more.

    Attributes:
        url: Where it listens.
        trust: Who trusts it.
    """

    def __init__(self, openssl: str, folder: Path) -> None:
        key, bundle = folder / "key.pem", folder / "certificate.pem"
        asked = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
        named = "-subj /CN=localhost -addext subjectAltName=DNS:localhost"
        files = ["-keyout", str(key), "-out", str(bundle)]
        command = [openssl, *asked.split(), *named.split(), *files]
        subprocess.run(command, check=True, capture_output=True)
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(bundle, key)
        self.trust = ssl.create_default_context(cafile=bundle)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"https://localhost:{self._listener.getsockname()[1]}"

    def answer_with_noise(self, first: bytes) -> None:
        raw, _ = self._listener.accept()
        beside = raw.dup()
        with beside, self._context.wrap_socket(raw, server_side=True) as speaking:
            while not speaking.recv(65536).endswith(b"}"):
                pass
            if first:
                speaking.sendall(first)
            # A record that nobody can have encrypted.
            beside.sendall(b"\x17\x03\x03\x00\x20" + os.urandom(32))
            time.sleep(0.1)

    def hear_it_hang_up(self) -> None:
        peer = self._listener.accept()[0]
        with peer:
            peer.settimeout(2)
            with suppress(ConnectionResetError):
                while peer.recv(65536):
                    pass

    def close(self) -> None:
        self._listener.close()


@pytest.fixture
def certified(tmp_path: Path) -> Iterator[Certified]:
    openssl = shutil.which("openssl")
    if openssl is None or sys.platform == "win32":
        pytest.skip("no openssl to make a certificate")
    server = Certified(openssl, tmp_path)
    yield server
    server.close()


@pytest.mark.parametrize(("loop", "backend"), BACKENDS)
@pytest.mark.parametrize("first", [b"", b"HTTP/1.1 202 Accepted\r\nContent-Length: 50\r\n\r\n{"])
def test_noise_in_place_of_tls_leaves_a_submit_unknown(
    certified: Certified, loop: str, backend: HttpBackend, first: bytes
) -> None:
    """It was sent: a bare SSLError would read as if it had not been."""

    async def main() -> None:
        client = TailoredClient(
            api_token=SECRET,
            base_url=certified.url,
            verify=certified.trust,
            plan=None,
            http_backend=backend,
        )
        async with client as bria, anyio.create_task_group() as group:
            group.start_soon(anyio.to_thread.run_sync, certified.answer_with_noise, first)
            with pytest.raises(SubmitOutcomeUnknown):
                await bria.submit(IMAGE)

    anyio.run(main, backend=loop)


@pytest.mark.parametrize("loop", ["asyncio", "trio"])
def test_a_cancelled_handshake_leaves_no_socket(certified: Certified, loop: str) -> None:
    """Httpcore leaves it to the garbage collector, which warns of it."""

    async def main() -> None:
        client = TailoredClient(
            api_token=SECRET,
            base_url=certified.url,
            verify=certified.trust,
            plan=None,
            http_backend="httpx",
        )
        async with client as bria:
            with anyio.move_on_after(0.1) as scope:
                await bria.models.get_models()
            assert scope.cancelled_caught
            await anyio.to_thread.run_sync(certified.hear_it_hang_up)

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        anyio.run(main, backend=loop)
        gc.collect()


@pytest.mark.parametrize(("loop", "backend"), BACKENDS)
@pytest.mark.parametrize("how", ["cancelled", "the body breaks"])
def test_no_frame_of_an_error_holds_the_token(
    certified: Certified, loop: str, backend: HttpBackend, how: str
) -> None:
    """Reports of errors print the locals of every frame, those of a cancellation too."""

    async def broken() -> AsyncIterator[bytes]:
        yield b"{"
        await anyio.sleep(0.05)
        raise ValueError("it broke")

    async def main() -> str:
        base_url = certified.url.replace("https", "http")
        client = TailoredClient(
            api_token=SECRET, base_url=base_url, plan=None, http_backend=backend
        )
        async with client as bria:
            http = bria.api.get_async_httpx_client()
            content = broken() if how != "cancelled" else b"{}"
            try:
                with anyio.fail_after(0.5):
                    await http.post("/v1/a", content=content)
            except (TimeoutError, ValueError) as error:
                told = traceback.TracebackException.from_exception(error, capture_locals=True)
                return "".join(told.format())
        raise AssertionError("it did not fail")

    assert SECRET not in anyio.run(main, backend=loop)


@pytest.mark.parametrize(("loop", "backend"), BACKENDS)
def test_what_a_broken_answer_repeats_of_the_token_is_taken_out(
    misbehaving: Misbehaving, loop: str, backend: HttpBackend
) -> None:
    """Aiohttp's errors quote the bytes that they could not read."""
    url = misbehaving(b"HTTP/1.1 401 No\r\nContent-Length: 2\r\n\r\n{}token " + SECRET.encode())

    async def main() -> str:
        client = TailoredClient(
            api_token=SECRET,
            base_url=url,
            plan=None,
            http_backend=backend,
            retry=RetryPolicy(attempts=1),
        )
        async with client as bria:
            try:
                await bria.models.get_models()
            except Exception as error:
                told = traceback.TracebackException.from_exception(error)
                return "".join(told.format())
        raise AssertionError("it did not fail")

    assert SECRET not in anyio.run(main, backend=loop)


@pytest.mark.anyio
async def test_headers_that_never_come_are_not_waited_for_even_if_streamed(script: Script) -> None:
    """A byte now and then satisfies every read timeout."""

    class Silent(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            await anyio.sleep(5)
            return httpx.Response(200)

    options = {"timeouts": Timeouts(whole=0.05), "retry": RetryPolicy(attempts=1)}
    async with script.client(Silent(), **options) as bria:
        http = bria.api.get_async_httpx_client()
        with pytest.raises(BriaTimeoutError):
            await http.get("/v1/a", extensions={STREAM: True})


@pytest.mark.anyio
async def test_a_token_that_cannot_be_had_loses_no_paid_job(script: Script) -> None:
    """Whoever gives the token may fail; after the submit nobody asks him any more."""
    asked: list[int] = []

    def token() -> str:
        asked.append(len(network.seen))
        return SECRET

    network = script.network(script.answer(202, {"request_id": "7f3c", "status_url": "u"}))

    class Deliveries:
        url = "https://here.test/hook"

        def attach(self, listener: object, *, token: str | None = None) -> partial[None]:
            return partial(setattr, self, "ended", True)

        def delivered(self, request_id: str, *, token: str | None = None) -> None:
            return None

    options = {"api_token": token, "webhooks": Deliveries()}
    async with script.client(network, **options) as bria:
        job = await bria.submit(IMAGE)
    assert (job.request_id, max(asked)) == ("7f3c", 0)


@pytest.mark.anyio
@pytest.mark.parametrize("name", ["\ud800", "..", ".", "x" * 70_000])
async def test_an_id_that_nobody_can_ask_for_is_told_at_the_submit(
    script: Script, name: str
) -> None:
    """Not at a look later on, as a UnicodeEncodeError, or as the answer of another address."""
    answer = script.answer(202, json.dumps({"request_id": name}).encode())
    async with script.client(script.network(answer)) as bria:
        with pytest.raises(SubmitOutcomeUnknown, match="id"):
            await bria.submit(IMAGE)
        with pytest.raises(ValueError, match="id"):
            bria.job(name)


def test_a_host_that_only_seems_one_is_no_url(tmp_path: Path) -> None:
    """Httpx finds it out when the host is read."""
    with pytest.raises(DownloadError):
        checked("https://xn--/")
