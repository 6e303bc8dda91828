"""The pytest plugin: a test must never bill anybody."""

from __future__ import annotations

import asyncio

import httpx
import pytest
import respx

from bria_tailored_ext import TailoredClient
from bria_tailored_ext.edge import backends, guard
from bria_tailored_ext.values.errors import ConfigurationError

pytest_plugins = ["pytester"]

BRIA = "https://engine.prod.bria-api.com"


@pytest.mark.anyio
async def test_a_client_in_a_test_does_not_reach_bria() -> None:
    """One sentence with the remedy, and no connection."""
    async with TailoredClient(api_token="real", base_url=BRIA, plan=None) as bria:
        with pytest.raises(ConfigurationError, match="bria_network"):
            await bria.models.get_models()


def test_not_even_over_aiohttp() -> None:
    """The backend that mocking libraries do not see is guarded as well."""

    async def ask() -> None:
        async with TailoredClient(api_token="real", base_url=BRIA, http_backend="aiohttp") as bria:
            await bria.models.get_models()

    with pytest.raises(ConfigurationError, match="bria_network"):
        asyncio.run(ask())


@pytest.mark.anyio
async def test_what_respx_answers_passes_the_guard() -> None:
    """A mocked Bria is the usual way to test; its host is named, and nothing is sent."""
    async with TailoredClient(api_token="real", base_url=BRIA, plan=None) as bria:
        with respx.mock(base_url=BRIA) as mock:
            mock.get("/v1/tailored-gen/models").respond(json=[{"id": 7}])
            models = await bria.models.get_models()
    assert [model.id for model in models] == [7]


@pytest.mark.parametrize(
    ("host", "passes"),
    [
        ("127.0.0.1", True),
        ("127.8.9.10", True),
        ("::1", True),
        ("[::1]", True),
        ("localhost", True),
        ("LOCALHOST.", True),
        ("engine.prod.bria-api.com", False),
        ("10.0.0.1", False),
        ("0.0.0.0", False),  # noqa: S104 - a host that is asked for
        ("localhost.example", False),
    ],
)
def test_only_loopback_passes(host: str, passes: bool) -> None:
    """A name that merely looks local does not."""
    if passes:
        guard.check(host)
    else:
        with pytest.raises(ConfigurationError, match="may be billed"):
            guard.check(host)


def test_the_attribute_that_the_guard_needs_is_there() -> None:
    """It is httpcore's own and undocumented; an upgrade that renames it is seen here."""
    transport = httpx.AsyncHTTPTransport()
    guard.watch(transport)
    assert isinstance(vars(transport)["_pool"]._network_backend, guard._GuardedNetwork)


def test_a_marked_test_is_free_and_an_unmarked_one_is_not(pytester: pytest.Pytester) -> None:
    """The plugin is found on install; the marker lifts the guard for one test."""
    pytester.makepyfile(
        """
        import os
        import pytest

        def test_guarded():
            assert os.environ["PYTEST_BRIA_LOOPBACK_ONLY"]

        @pytest.mark.bria_network
        def test_free():
            assert "PYTEST_BRIA_LOOPBACK_ONLY" not in os.environ
        """
    )
    result = pytester.runpytest_subprocess("--strict-markers", "-W", "error", "-p", "no:asyncio")
    result.assert_outcomes(passed=2)


def test_the_guard_stands_while_tests_are_collected(pytester: pytest.Pytester) -> None:
    """A conftest and a module that call Bria when they are imported bill nobody either."""
    text = """
        import os

        assert os.environ["PYTEST_BRIA_LOOPBACK_ONLY"]
        """
    pytester.makeconftest(text)
    pytester.makepyfile(
        text
        + """
        import anyio
        import pytest
        from bria_tailored_ext import TailoredClient
        from bria_tailored_ext.values.errors import ConfigurationError

        async def ask():
            async with TailoredClient(api_token="real") as bria:
                await bria.models.get_models()

        with pytest.raises(ConfigurationError, match="bria_network"):
            anyio.run(ask)

        def test_nothing():
            pass
        """
    )
    result = pytester.runpytest_subprocess("-W", "error", "-p", "no:asyncio")
    result.assert_outcomes(passed=1)


@pytest.mark.parametrize("broken", [False, True])
def test_after_pytest_the_environment_is_as_before(pytester: pytest.Pytester, broken: bool) -> None:
    """Who runs pytest inside a program of his own gets his network back, also after an error."""
    pytester.makeconftest("raise RuntimeError" if broken else "")
    pytester.makepyfile(
        run="""
        import os
        import pytest

        del os.environ["PYTEST_BRIA_LOOPBACK_ONLY"]  # It is that of the test around this one.
        code = pytest.main(["-q", "-p", "no:asyncio", "."])
        print("ended", int(code), os.environ.get("PYTEST_BRIA_LOOPBACK_ONLY"))
        """
    )
    printed = pytester.runpython(pytester.path / "run.py").stdout.str()
    assert f"ended {4 if broken else 5} None" in printed


async def _chosen() -> str:
    return backends.choose("auto")


def test_outside_of_tests_aiohttp_is_chosen_on_asyncio(monkeypatch: pytest.MonkeyPatch) -> None:
    """Under the guard it is httpx's own pool, which mocking libraries see."""
    assert asyncio.run(_chosen()) == "httpx"
    monkeypatch.delenv(guard.VARIABLE)
    assert asyncio.run(_chosen()) == "aiohttp"
