"""What a user of Bria's own client does, run by an interpreter that has it.

Arguments: the model's id and the URL of a webhook. BRIA_BASE_URL and BRIA_API_TOKEN say where.
"""

import asyncio
import json
import sys
from typing import Any

from bria_client import (  # type: ignore[import-not-found]
    BriaAsyncClient,
    BriaSyncClient,
)

IMAGE = "image/generate/tailored"


def told(response: Any) -> dict[str, Any]:
    """What is worth comparing of a response."""
    result = response.result.model_dump() if response.result is not None else None
    return {"status": str(response.status), "id": response.request_id, "result": result}


def synchronous(payload: dict[str, Any], webhook: str) -> dict[str, Any]:
    """Submit and poll, read a result at once, and ask for a webhook."""
    with BriaSyncClient() as client:
        submitted = client.submit(endpoint=IMAGE, payload=payload)
        polled = client.poll(submitted, interval=1, timeout=30)
        at_once = client.run(endpoint=IMAGE, payload=payload)
        hooked = client.submit(endpoint=IMAGE, payload=payload, webhook_url=webhook)
        wrong = client.submit(endpoint=IMAGE, payload={**payload, "steps_num": 1})
    return {
        "polled": told(polled),
        "at_once": told(at_once),
        "hooked": hooked.request_id,
        "wrong": wrong.error.model_dump() if wrong.error else None,
    }


async def asynchronous(payload: dict[str, Any]) -> dict[str, Any]:
    """The same with the other client."""
    async with BriaAsyncClient() as client:
        submitted = await client.submit(endpoint=IMAGE, payload=payload)
        return told(await client.poll(submitted, interval=1, timeout=30))


def main() -> None:
    """Do all of it, and tell what came of it as JSON."""
    model, webhook = sys.argv[1:]
    payload = {"tailored_model_id": model, "prompt": "a teapot", "negative_prompt": None}
    found = synchronous(payload, webhook)
    found["async"] = asyncio.run(asynchronous(payload))
    print(json.dumps(found, default=str))


main()
