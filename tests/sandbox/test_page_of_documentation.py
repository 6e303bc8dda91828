"""The documentation's page on the sandbox names what there is. Its examples: tests/docs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, get_args

import pytest

from bria_tailored_ext.sandbox import Fault
from bria_tailored_ext.sandbox.durations import DEFAULTS
from bria_tailored_ext.sandbox.faults import FaultKind

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "sandbox.md").read_text(encoding="utf-8")


TABLE = PAGE.partition("| `Fault(...)` | what goes wrong")[2].partition("\n\n")[0]
ROWS = dict(re.findall(r'^\| `"(\w+)"` \| (.*) \|$', TABLE, re.MULTILINE))


def test_every_kind_of_fault_and_of_time_is_named() -> None:
    """A reader finds what there is."""
    assert set(ROWS) == set(get_args(FaultKind))
    assert all(f"| `{kind}` |" in PAGE for kind in DEFAULTS)


@pytest.mark.parametrize("kind", ROWS)
def test_every_fault_of_the_table_takes_what_its_row_names(kind: Any) -> None:
    """And has the status that the row gives, where none is asked for."""
    options: dict[str, Any] = dict.fromkeys(re.findall(r"`(\w+)=`", ROWS[kind]), 500)
    assert Fault(kind, **options)
    for status in re.findall(r"`status=`(?: |\s)\((\d+)\)", ROWS[kind]):
        assert Fault(kind).shown_status == int(status)


def test_every_fault_in_the_text_can_be_made() -> None:
    """As it is written there."""
    made = [eval(text, {"Fault": Fault}) for text in re.findall(r"`(Fault\([^`.]*\))`", PAGE)]  # noqa: S307
    assert made
