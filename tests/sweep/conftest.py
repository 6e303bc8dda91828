"""The studio of the workflows' tests serves sweeps too."""

from __future__ import annotations

from tests.workflows.conftest import pictures, studio

__all__ = ["pictures", "studio"]
