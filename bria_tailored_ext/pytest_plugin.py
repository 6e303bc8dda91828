"""The pytest plugin, found on install: fixtures with a sandbox, and a guard around the whole run.

Under pytest, no client of ours leaves loopback: neither in a test nor in a conftest or a module
that is only imported. The plugin also keeps httpx's own transport in place of the aiohttp one,
which mocking libraries such as respx do not see. A test that means to reach Bria says so with
`@pytest.mark.bria_network`.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Generator, Iterator
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from bria_tailored_ext.client.tailored_client import TailoredClient
    from bria_tailored_ext.sandbox import Sandbox

# As `edge.guard` has it, without importing httpx into every suite that finds this plugin.
_VARIABLE = "PYTEST_BRIA_LOOPBACK_ONLY"
_GUARDED = pytest.StashKey[bool]()

loopback_only: bool = False
"""Whether the guard is set in this process: `edge.guard` and the generated package look here."""


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Set the guard before any code of the suite runs, and lift it when pytest is done.

    What pytest cleans up, it cleans up after a failed start as well.
    """
    _guard_until_done(early_config)


def pytest_configure(config: pytest.Config) -> None:
    """Make the markers known, and the fixture of pytest-asyncio if that is active."""
    config.addinivalue_line(
        "markers", "bria_network: this test may reach hosts beyond loopback, where calls are billed"
    )
    config.addinivalue_line(
        "markers", "bria_sandbox(**options): how the fixture `bria_sandbox` makes its Sandbox"
    )
    # Where the plugin comes from a conftest, the hook above has been already.
    _guard_until_done(config)
    if config.pluginmanager.hasplugin("asyncio"):
        config.pluginmanager.register(_with_asyncio(), "bria_tailored_with_asyncio")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Lift the guard for a test that is marked, its fixtures included, and set it for others."""
    former = _guarded()
    _guard(item.get_closest_marker("bria_network") is None)
    try:
        return (yield)
    finally:
        # An inner pytest, in a test of a plugin, leaves the outer test as it was.
        _guard(former)


@pytest.fixture
def bria_sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """A fresh local stand-in for Bria, for one test.

    An hour passes in it each second: a training takes seconds. Other options of `Sandbox` come
    from `@pytest.mark.bria_sandbox(speed=0, seed=7)`; a test's own count more than those of its
    class or module. While it runs, `BRIA_BASE_URL` and `BRIA_API_TOKEN` lead every client to it.
    """
    try:
        from bria_tailored_ext.sandbox import Sandbox
    except ImportError as error:
        raise pytest.UsageError(
            f"The fixture bria_sandbox needs {error.name}, which is not installed."
            " Run: pip install 'bria-tailored[sandbox]'"
        ) from error
    options: dict[str, Any] = {"speed": 3600.0}
    # The closest comes first, and counts most.
    for marker in reversed(list(request.node.iter_markers("bria_sandbox"))):
        options = {**options, **marker.kwargs}
    with Sandbox(**options) as sandbox, pytest.MonkeyPatch.context() as patch:
        patch.setenv("BRIA_BASE_URL", sandbox.base_url)
        patch.setenv("BRIA_API_TOKEN", sandbox.api_token)
        yield sandbox


@pytest.fixture
def bria(request: pytest.FixtureRequest) -> TailoredClient:
    """An open client of that sandbox, without pacing, in the event loop of the test.

    Works under anyio's own plugin, on asyncio and trio, and under pytest-asyncio.
    """
    if "anyio_backend" in request.fixturenames:
        client: TailoredClient = request.getfixturevalue("_bria_in_anyio")
    elif request.config.pluginmanager.hasplugin("asyncio"):
        client = request.getfixturevalue("_bria_in_asyncio")
    else:
        raise pytest.UsageError(
            "The fixture bria needs an async test: mark it with `@pytest.mark.anyio`, or install"
            " pytest-asyncio. A test that is not async can use bria_sandbox and its base_url."
        )
    return client


@pytest.fixture
async def _bria_in_anyio(bria_sandbox: Sandbox) -> AsyncIterator[TailoredClient]:
    async with _client_of(bria_sandbox) as client:
        yield client


def _guard_until_done(config: pytest.Config) -> None:
    former = _guarded()
    _guard(True)
    if _GUARDED not in config.stash:
        config.stash[_GUARDED] = True
        config.add_cleanup(lambda: _guard(former))


def _guarded() -> bool:
    return loopback_only or _VARIABLE in os.environ


def _guard(wanted: bool) -> None:
    global loopback_only
    loopback_only = wanted
    if wanted:
        os.environ[_VARIABLE] = "1"
    else:
        os.environ.pop(_VARIABLE, None)


def _client_of(sandbox: Sandbox) -> TailoredClient:
    from bria_tailored_ext.client.tailored_client import TailoredClient

    return TailoredClient(api_token=sandbox.api_token, base_url=sandbox.base_url, plan=None)


def _with_asyncio() -> ModuleType:
    """A plugin of its own, since only with pytest-asyncio there is the decorator that it needs."""
    import pytest_asyncio

    @pytest_asyncio.fixture
    async def _bria_in_asyncio(bria_sandbox: Sandbox) -> AsyncIterator[TailoredClient]:
        async with _client_of(bria_sandbox) as client:
            yield client

    plugin = ModuleType("bria_tailored_with_asyncio")
    vars(plugin)["_bria_in_asyncio"] = _bria_in_asyncio
    return plugin
