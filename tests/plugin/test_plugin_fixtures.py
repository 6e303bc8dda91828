"""The plugin's fixtures, as a user's own suite has them."""

from __future__ import annotations

import subprocess
import sys
from textwrap import dedent

import pytest

pytest_plugins = ["pytester"]

# Without it, pytest-asyncio warns, and here warnings are errors.
SCOPE = ("-o", "asyncio_default_fixture_loop_scope=function")
SYNC = """
    import os
    import urllib.request

    import pytest

    def test_environment_leads_there(bria_sandbox):
        assert os.environ["BRIA_BASE_URL"] == bria_sandbox.base_url
        assert os.environ["BRIA_API_TOKEN"] == bria_sandbox.api_token
        assert urllib.request.urlopen(bria_sandbox.base_url + "/sandbox/books").status == 200

    def test_it_is_fresh_and_the_environment_as_before(bria_sandbox):
        assert bria_sandbox.books == ()

    def test_without_it_nothing_is_set():
        assert "BRIA_BASE_URL" not in os.environ

    @pytest.mark.bria_sandbox(speed=0, api_token="mine")
    def test_options_come_from_the_marker(bria_sandbox):
        assert bria_sandbox.api_token == "mine"
"""
ASYNC = """
    import pytest

    MARK

    FIXTURE
    async def project(bria):
        return (await bria.projects.get_projects(), bria)

    async def test_client_is_open(bria, bria_sandbox):
        assert await bria.projects.get_projects() == []

    async def test_own_fixtures_can_use_it(project, bria):
        assert project == ([], bria)
"""


def suite(pytester: pytest.Pytester, text: str, *arguments: str) -> pytest.RunResult:
    """Run a suite in a process of its own, warnings being errors."""
    pytester.makepyfile(dedent(text))
    return pytester.runpytest_subprocess("--strict-markers", "-W", "error", *arguments)


def test_a_sync_test_has_a_sandbox_of_its_own(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It listens, the environment leads to it, and both are over with the test."""
    monkeypatch.delenv("BRIA_BASE_URL", raising=False)
    monkeypatch.delenv("BRIA_API_TOKEN", raising=False)
    suite(pytester, SYNC, "-p", "no:asyncio").assert_outcomes(passed=4)


def test_the_closest_marker_counts_most(pytester: pytest.Pytester) -> None:
    """A test says more than its class, and its class more than the module."""
    text = """
        import pytest

        pytestmark = pytest.mark.bria_sandbox(api_token="module", speed=0)

        def test_module(bria_sandbox):
            assert bria_sandbox.api_token == "module"

        @pytest.mark.bria_sandbox(api_token="class")
        class TestClass:
            def test_class(self, bria_sandbox):
                assert bria_sandbox.api_token == "class"

            @pytest.mark.bria_sandbox(api_token="test")
            def test_own(self, bria_sandbox):
                assert bria_sandbox.api_token == "test"
                overview = bria_sandbox.base_url + "/sandbox/overview"
                assert '"speed":0' in urllib.request.urlopen(overview).read().decode()
    """
    suite(pytester, "import urllib.request\n" + dedent(text), "-p", "no:asyncio").assert_outcomes(
        passed=3
    )


def test_the_client_works_under_anyio_on_both_event_loops(pytester: pytest.Pytester) -> None:
    """Marked as anyio wants it, each test runs twice."""
    text = ASYNC.replace("MARK", "pytestmark = pytest.mark.anyio")
    result = suite(pytester, text.replace("FIXTURE", "@pytest.fixture"), "-p", "no:asyncio")
    result.assert_outcomes(passed=4)


@pytest.mark.parametrize("mode", ["strict", "auto"])
def test_the_client_works_under_pytest_asyncio(pytester: pytest.Pytester, mode: str) -> None:
    """In both of its modes."""
    text = ASYNC.replace("MARK", "import pytest_asyncio\n    pytestmark = pytest.mark.asyncio")
    text = text.replace("FIXTURE", "@pytest_asyncio.fixture")
    suite(pytester, text, *SCOPE, f"--asyncio-mode={mode}").assert_outcomes(passed=2)


def test_with_both_plugins_the_mark_decides(pytester: pytest.Pytester) -> None:
    """A suite may have tests of both kinds."""
    text = """
        import pytest

        @pytest.mark.anyio
        async def test_of_anyio(bria):
            assert await bria.projects.get_projects() == []

        @pytest.mark.asyncio
        async def test_of_asyncio(bria):
            assert await bria.projects.get_projects() == []
    """
    suite(pytester, text, *SCOPE).assert_outcomes(passed=3)


def test_a_sync_test_that_asks_for_the_client_is_told_what_to_do(
    pytester: pytest.Pytester,
) -> None:
    """There is no event loop to open it in."""
    result = suite(pytester, "def test_it(bria): pass", "-p", "no:asyncio")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*mark it with `@pytest.mark.anyio`*"])


def test_the_plugin_costs_a_suite_without_it_nothing() -> None:
    """Neither httpx nor the sandbox is imported until a fixture is used."""
    code = (
        "import sys, bria_tailored_ext.pytest_plugin;"
        "print([name for name in ('httpx', 'numpy', 'uvicorn', 'anyio') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
