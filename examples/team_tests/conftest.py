"""What all tests of the team share."""

from __future__ import annotations

import pytest

from bria_tailored_ext.sandbox import Sandbox


@pytest.fixture
def anyio_backend() -> str:
    """The team's application runs on asyncio."""
    return "asyncio"


@pytest.fixture
def model_id(bria_sandbox: Sandbox) -> int:
    """A trained model."""
    return bria_sandbox.add_trained_model("Teahouse")
