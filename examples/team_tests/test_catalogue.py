"""What the team wants to hold, tested for nothing: `pytest examples/team_tests`."""

from __future__ import annotations

from pathlib import Path

import pytest
from catalogue import draw_catalogue

from bria_tailored_ext import TailoredClient
from bria_tailored_ext.sandbox import Fault, Sandbox

pytestmark = [pytest.mark.anyio, pytest.mark.bria_sandbox(durations={"image": 0})]
PRODUCTS = {"lora": "a teapot", "ada": "a cup"}


async def test_every_product_has_a_picture(
    bria: TailoredClient, bria_sandbox: Sandbox, model_id: int, tmp_path: Path
) -> None:
    """And each is paid for once."""
    assert await draw_catalogue(bria, model_id, PRODUCTS, tmp_path) == {}

    assert sorted(path.name for path in tmp_path.iterdir()) == ["ada.png", "lora.png"]
    assert len(bria_sandbox.books) == len(PRODUCTS)
    assert bria_sandbox.paid_twice == ()


@pytest.mark.bria_sandbox(faults=[Fault("status", status=422, operation="generate_image", count=1)])
async def test_a_refused_product_does_not_stop_the_others(
    bria: TailoredClient, model_id: int, tmp_path: Path
) -> None:
    """Such as by content moderation: its words are kept."""
    refused = await draw_catalogue(bria, model_id, PRODUCTS, tmp_path)

    assert len(refused) == 1
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.bria_sandbox(faults=[Fault("status", status=503, operation="get_status", count=2)])
async def test_a_bad_minute_at_bria_loses_nothing(
    bria: TailoredClient, bria_sandbox: Sandbox, model_id: int, tmp_path: Path
) -> None:
    """The Status Service is down for two looks."""
    assert await draw_catalogue(bria, model_id, PRODUCTS, tmp_path) == {}
    assert len(bria_sandbox.books) == len(PRODUCTS)
