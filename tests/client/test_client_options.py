"""Options: other clients over the same connections, proxies, certificates, backends."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anyio
import httpx
import pytest

from bria_tailored_ext import (
    ApiError,
    Attempt,
    BriaConnectionError,
    ConfigurationError,
    Plan,
    RetryPolicy,
    TailoredClient,
    Timeouts,
)
from bria_tailored_ext.edge import backends

if TYPE_CHECKING:
    from tests.conftest import Misbehaving, Script, VirtualClock

PAIRS = [("asyncio", "httpx"), ("trio", "httpx"), ("asyncio", "aiohttp")]
EMPTY = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n[]"


@pytest.mark.anyio
async def test_with_options_changes_only_what_it_is_given(script: Script) -> None:
    """Plan, timeouts, retries, hooks and statistics are its own; the connections are shared."""
    used: list[float] = []
    seen: list[Attempt] = []

    def answer(request: httpx.Request) -> httpx.Response:
        used.append(request.extensions["timeout"]["read"])
        return httpx.Response(503)

    network = script.network(answer)
    async with script.client(network, plan=None, retry=RetryPolicy(attempts=2)) as bria:
        other = bria.with_options(timeouts=Timeouts(read=3), hooks=[seen.append])
        third = other.with_options(retry=RetryPolicy(attempts=1), hooks=[])
        for client in (bria, other, third):
            with pytest.raises(ApiError):
                await client.projects.get_projects()

    assert used == [60, 60, 3, 3, 3]
    assert len(seen) == 2
    assert [each.statistics().total.attempts for each in (bria, other, third)] == [2, 2, 1]


@pytest.mark.anyio
async def test_with_options_may_change_the_plan_or_lift_it(
    script: Script, clock: VirtualClock
) -> None:
    """`None` is no pacing; leaving it out keeps the plan."""
    network = script.network(script.answer(200, []))
    plan = Plan(requests_per_minute=1)
    async with script.client(network, clock=clock, plan=plan) as bria:
        await bria.projects.get_projects()
        await bria.with_options(plan=None).projects.get_projects()
        assert clock.slept == []
        await bria.with_options(timeouts=Timeouts()).projects.get_projects()
        assert len(clock.slept) == 1


@pytest.mark.anyio
async def test_a_client_made_with_options_is_open_while_its_origin_is(script: Script) -> None:
    """It cannot be entered, and may be made before and kept after."""
    bria = script.client(script.network(script.answer(200, [])))
    other = bria.with_options(plan=None)

    with pytest.raises(RuntimeError, match="open while"):
        async with other:
            pass
    with pytest.raises(RuntimeError, match="not open"):
        await other.projects.get_projects()
    for _ in range(2):
        async with bria:
            assert await other.projects.get_projects() == []
    with pytest.raises(RuntimeError, match="not open"):
        await other.projects.get_projects()


@pytest.mark.parametrize("value", [1, 0, -1, 2.5, True, "10"])
def test_a_number_in_flight_that_cannot_be_is_refused(value: Any) -> None:
    """Two at least, and a whole number."""
    with pytest.raises(ConfigurationError, match="max_in_flight"):
        TailoredClient(api_token="t", max_in_flight=value)


def chosen(wanted: Any, backend: str) -> str:
    async def choose() -> str:
        return backends.choose(wanted)

    return anyio.run(choose, backend=backend)


def test_the_backend_fits_the_event_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    """Aiohttp only runs on asyncio; where it is asked for in vain, that is said."""
    monkeypatch.setattr("bria_tailored_ext.edge.guard.is_set", lambda: False)

    assert chosen("httpx", "asyncio") == chosen("httpx", "trio") == "httpx"
    assert chosen("aiohttp", "asyncio") == chosen("auto", "asyncio") == "aiohttp"
    assert chosen("auto", "trio") == "httpx"
    with pytest.raises(ConfigurationError, match="asyncio alone"):
        chosen("aiohttp", "trio")


@pytest.mark.parametrize(
    ("found", "words"), [(None, "not installed"), ("3.14.3", "too old"), ("3.9.5", "too old")]
)
def test_an_aiohttp_that_will_not_do_is_left_alone(
    monkeypatch: pytest.MonkeyPatch, found: str | None, words: str
) -> None:
    """`auto` does without it; who insists reads the remedy."""

    def version(_name: str) -> str:
        if found is None:
            raise PackageNotFoundError
        return found

    monkeypatch.setattr("bria_tailored_ext.edge.guard.is_set", lambda: False)
    monkeypatch.setattr(backends, "version", version)

    assert chosen("auto", "asyncio") == "httpx"
    with pytest.raises(ConfigurationError, match=f"{words}.*pip install"):
        chosen("aiohttp", "asyncio")


def test_an_unknown_backend_is_refused() -> None:
    """When the client is made."""
    with pytest.raises(ConfigurationError, match="auto, httpx or aiohttp"):
        TailoredClient(api_token="t", http_backend="requests")  # type: ignore[arg-type]


@pytest.fixture
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in ("http", "https", "all", "no"):
        monkeypatch.delenv(f"{name}_proxy", raising=False)
        monkeypatch.delenv(f"{name.upper()}_PROXY", raising=False)
    return monkeypatch


def ask(pair: tuple[str, Any], **settings: Any) -> Any:
    async def run() -> Any:
        options: dict[str, Any] = {"retry": RetryPolicy(attempts=1), **settings}
        async with TailoredClient(
            api_token="secret", http_backend=pair[1], plan=None, **options
        ) as bria:
            return await bria.projects.get_projects()

    return anyio.run(run, backend=pair[0])


@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize("way", ["explicit", "environment"])
def test_a_proxy_is_used(
    misbehaving: Misbehaving, no_proxies: pytest.MonkeyPatch, free_port: int, pair: Any, way: str
) -> None:
    """Given, or named by the environment: nobody listens where the API would be."""
    proxy, nobody = misbehaving(EMPTY), f"http://127.0.0.1:{free_port}"
    if way == "environment":
        no_proxies.setenv("HTTP_PROXY", proxy)

    given = {"proxy": proxy} if way == "explicit" else {}
    assert ask(pair, base_url=nobody, **given) == []


@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize("listed", ["127.0.0.1", "127.0.0.1:{port}", "*", None])
def test_the_environment_can_be_told_to_leave_it(
    misbehaving: Misbehaving,
    no_proxies: pytest.MonkeyPatch,
    free_port: int,
    pair: Any,
    listed: str | None,
) -> None:
    """`NO_PROXY` by host, by host and port, for all; or `trust_env=False`."""
    url = misbehaving(EMPTY)
    no_proxies.setenv("HTTP_PROXY", f"http://127.0.0.1:{free_port}")
    if listed:
        no_proxies.setenv("NO_PROXY", listed.format(port=url.rpartition(":")[2]))

    assert ask(pair, base_url=url, trust_env=bool(listed)) == []


@pytest.mark.parametrize("pair", PAIRS)
def test_a_proxy_that_is_not_there_is_a_failed_connection(free_port: int, pair: Any) -> None:
    """Nothing arrived at Bria."""
    with pytest.raises(BriaConnectionError, match="did not reach"):
        ask(pair, base_url="http://127.0.0.1:9", proxy=f"http://127.0.0.1:{free_port}")


@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize("proxy", ["nonsense", "ftp://u:hidden@127.0.0.1:1"])
def test_a_proxy_that_cannot_be_one_is_a_configuration_error(pair: Any, proxy: str) -> None:
    """Its password is not repeated."""
    with pytest.raises(ConfigurationError, match="proxy") as caught:
        ask(pair, base_url="http://127.0.0.1:9", proxy=proxy)

    assert "hidden" not in str(caught.value)


OPENSSL = shutil.which("openssl")


@pytest.fixture
def over_tls(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A server with a certificate of its own, and where that lies."""
    import threading

    key, bundle = tmp_path / "key.pem", tmp_path / "certificate.pem"
    command = (
        f"{OPENSSL} req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost"
        f" -addext subjectAltName=IP:127.0.0.1 -keyout {key} -out {bundle}"
    )
    subprocess.run(command.split(), check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(bundle, key)
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.05)
    stopped = threading.Event()

    def serve() -> None:
        while not stopped.is_set():
            try:
                raw, _ = listener.accept()
                raw.settimeout(5)
                with context.wrap_socket(raw, server_side=True) as connection:
                    connection.recv(65536)
                    connection.sendall(EMPTY)
            except OSError:
                continue

    thread = threading.Thread(target=serve)
    thread.start()
    yield f"https://127.0.0.1:{listener.getsockname()[1]}", bundle
    stopped.set()
    thread.join()
    listener.close()


@pytest.mark.skipif(OPENSSL is None or sys.platform == "win32", reason="no openssl to make one")
@pytest.mark.parametrize("pair", PAIRS)
def test_a_certificate_is_checked_by_what_is_given(over_tls: tuple[str, Path], pair: Any) -> None:
    """Refused without; accepted by a context, by a bundle, or unchecked."""
    url, bundle = over_tls

    with pytest.raises(BriaConnectionError, match=r"(?i)certificate"):
        ask(pair, base_url=url)
    for verify in (ssl.create_default_context(cafile=bundle), str(bundle), False):
        assert ask(pair, base_url=url, verify=verify) == []


@pytest.mark.parametrize("pair", PAIRS)
def test_a_bundle_that_is_not_there_is_a_configuration_error(pair: Any, tmp_path: Path) -> None:
    """And no FileNotFoundError from inside ssl."""
    with pytest.raises(ConfigurationError, match="bundle"):
        ask(pair, base_url="http://127.0.0.1:9", verify=str(tmp_path / "missing.pem"))


@pytest.mark.anyio
async def test_one_tls_context_serves_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    """It costs 20 ms and 0.8 MB: a client makes one, and clients with options make none."""
    made = []
    real = httpx.create_ssl_context

    def create(*args: Any, **options: Any) -> ssl.SSLContext:
        context = real(*args, **options)
        if not isinstance(options.get("verify"), ssl.SSLContext):
            made.append(context)
        return context

    monkeypatch.setattr(httpx, "create_ssl_context", create)
    monkeypatch.setattr("httpx._transports.default.create_ssl_context", create)
    async with TailoredClient(api_token="t", http_backend="httpx") as bria:
        for _ in range(3):
            assert bria.with_options(plan=None).api

    assert len(made) == 1
