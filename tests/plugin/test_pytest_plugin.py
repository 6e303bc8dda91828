"""The pytest plugin: a test must never bill anybody."""

from __future__ import annotations

import asyncio

import pytest

from bria_tailored_ext import pytest_plugin
from bria_tailored_ext.edge import backends, guard

pytest_plugins = ["pytester"]


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
        from bria_tailored_ext.edge import guard
        print("ended", int(code), guard.is_set())
        """
    )
    printed = pytester.runpython(pytester.path / "run.py").stdout.str()
    assert f"ended {4 if broken else 5} False" in printed


async def _chosen() -> str:
    return backends.choose("auto")


def test_outside_of_tests_aiohttp_is_chosen_on_asyncio(monkeypatch: pytest.MonkeyPatch) -> None:
    """Under the guard it is httpx's own pool, which mocking libraries see."""
    assert asyncio.run(_chosen()) == "httpx"
    monkeypatch.delenv(guard.VARIABLE)
    monkeypatch.setattr(pytest_plugin, "loopback_only", False)
    assert asyncio.run(_chosen()) == "aiohttp"
