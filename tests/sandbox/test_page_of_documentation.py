"""The documentation's page on the sandbox names what there is. Its examples: tests/docs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

from bria_tailored_ext.sandbox import Fault
from bria_tailored_ext.sandbox.durations import DEFAULTS
from bria_tailored_ext.sandbox.faults import FaultKind

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "sandbox.md").read_text(encoding="utf-8")


def test_every_kind_of_fault_and_of_time_is_named() -> None:
    """A reader finds what there is."""
    faults = re.findall(r'`Fault\("(\w+)"', PAGE)
    assert set(faults) == set(get_args(FaultKind))
    assert all(f"| `{kind}` |" in PAGE for kind in DEFAULTS)


def test_every_fault_in_the_table_can_be_made() -> None:
    """As it is written there."""
    made = [eval(text, {"Fault": Fault}) for text in re.findall(r"`(Fault\([^`]*\))`", PAGE)]  # noqa: S307
    assert len(made) >= len(get_args(FaultKind))
