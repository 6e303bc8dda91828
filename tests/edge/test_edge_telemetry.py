"""OpenTelemetry's own instrumentation of httpx works on our stack, attempt by attempt."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from bria_tailored_ext import Attempt, RetryPolicy, TailoredClient


@pytest.fixture
def flaky() -> Iterator[str]:
    """A server that is busy once and then answers with no models."""
    statuses = iter([503])

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(next(statuses, 200))
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"[]")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    HTTPXClientInstrumentor().instrument(tracer_provider=provider)
    yield exporter
    HTTPXClientInstrumentor().uninstrument()
    provider.shutdown()


@pytest.mark.anyio
async def test_every_attempt_is_a_span_and_a_call_of_the_hook(
    flaky: str, spans: InMemorySpanExporter
) -> None:
    """A retried request shows as two, with their statuses, and nowhere with the token."""
    seen: list[Attempt] = []
    async with TailoredClient(
        api_token="very-secret",
        base_url=flaky,
        http_backend="httpx",
        retry=RetryPolicy(first_pause=0),
        hooks=[seen.append],
    ) as bria:
        assert await bria.models.get_models() == []

    finished = spans.get_finished_spans()
    assert [dict(span.attributes or {}).get("http.status_code") for span in finished] == [503, 200]
    assert [(attempt.number, attempt.status) for attempt in seen] == [(1, 503), (2, 200)]
    assert {attempt.route for attempt in seen} == {"GET /v1/tailored-gen/models"}
    assert "very-secret" not in "".join(span.to_json() for span in finished) + repr(seen)
