"""The programs on the page on webhooks are servers: each is served, and told by the sandbox."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import anyio
import httpx
import pytest

from bria_tailored_ext.sandbox import Sandbox
from bria_tailored_ext.sandbox.webhook_signature import signature_headers

if TYPE_CHECKING:
    from tests.conftest import Serving
    from tests.docs.conftest import Page, Session

PAGE = "docs/webhooks.md"


def outcomes(sandbox: Sandbox) -> list[str]:
    """What came of each delivery; the sandbox writes it down a moment after its answer."""
    for _ in range(200):
        if sandbox.webhooks:
            break
        time.sleep(0.01)
    return [each.outcome for each in sandbox.webhooks]


def test_the_fastapi_program_draws_a_picture(
    pages: dict[str, Page],
    session: type[Session],
    ready_sandbox: Sandbox,
    serving: Serving,
    free_port: int,
) -> None:
    """Client and receiver in one application, on one event loop."""
    running = session({}, ready_sandbox.add_trained_model())
    names = anyio.run(running.run, [pages[PAGE].block("FastAPI(")], PAGE)
    base = serving(names["app"], free_port)
    answer = httpx.post(f"{base}/pictures", params={"prompt": "a teapot"}, timeout=20)

    assert answer.json()["image_url"].endswith(".png")
    assert outcomes(ready_sandbox) == ["delivered"]


def test_the_program_without_a_framework_draws_a_picture(
    pages: dict[str, Page], ready_sandbox: Sandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    """Uvicorn serves the receiver, beside the client."""
    source = pages[PAGE].block("uvicorn.Server")
    model = f'"{ready_sandbox.add_trained_model()}"'
    exec(compile(source.replace('"7"', model), PAGE, "exec"), {"__name__": "page"})  # noqa: S102

    assert ".png" in capsys.readouterr().out
    assert outcomes(ready_sandbox) == ["delivered"]


@pytest.mark.anyio
async def test_the_check_for_other_frameworks_checks(
    pages: dict[str, Page], session: type[Session], ready_sandbox: Sandbox
) -> None:
    """It knows what Bria signed from what it did not."""
    body = b'{"request_id": "7f3c", "status": "COMPLETED"}'

    class Request:
        headers = signature_headers(
            body,
            api_token=ready_sandbox.api_token,
            webhook_id="7f3c",
            timestamp=int(time.time()),
        )

    block = pages[PAGE].block("verify_signature")
    good = await session({"request": Request, "raw_body": body}, 7).run([block], PAGE)
    assert good["request_id"] == "7f3c"

    bad = await session({"request": Request, "raw_body": b"{}"}, 7).run([block], PAGE)
    assert "request_id" not in bad
