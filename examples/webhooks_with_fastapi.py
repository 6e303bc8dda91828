"""A service that draws pictures, and is told by Bria when they are ready, so that it need not ask.

With `WEBHOOK_URL` (https://example.com/bria/webhooks) and `MODEL_ID` in the environment:
`uvicorn webhooks_with_fastapi:app --app-dir examples`
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, HTTPException
from starlette.routing import Route

from bria_tailored_ext import (
    BriaError,
    ImageRequest,
    InvalidInputError,
    TailoredClient,
    ValidationError,
    WaitTimeout,
)
from bria_tailored_ext.webhooks import WebhookReceiver

MODEL_ID = os.environ["MODEL_ID"]
receiver = WebhookReceiver(os.environ["WEBHOOK_URL"])


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """One client for the whole service."""
    async with TailoredClient(webhooks=receiver) as bria:
        app.state.bria = bria
        yield


app = FastAPI(lifespan=lifespan)
app.router.routes.append(Route("/bria/webhooks", receiver))


@app.post("/pictures")
async def submit(prompt: str) -> dict[str, str]:
    """Submit a picture, and return at once."""
    bria: TailoredClient = app.state.bria
    try:
        job = await bria.submit(ImageRequest(tailored_model_id=MODEL_ID, prompt=prompt))
    except (InvalidInputError, ValidationError) as error:
        raise HTTPException(422, str(error)) from error
    return {"request_id": job.request_id}


@app.get("/pictures/{request_id}")
async def picture(request_id: str) -> dict[str, object]:
    """Wait for a picture, for 20 seconds at most; after a 503, ask again."""
    bria: TailoredClient = app.state.bria
    try:
        result = await bria.job(request_id).result(timeout=20)
    except BriaError as error:
        raise HTTPException(503 if isinstance(error, WaitTimeout) else 502, str(error)) from error
    return {"image_url": getattr(result, "image_url", None), "seed": result.seed}
