"""Why a figure falls short: kept by hand in `findings.toml`, so that no run writes over it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

FINDINGS = Path(__file__).with_name("findings.toml")
NONE_YET = "No cause has been found yet."


@cache
def findings(path: Path = FINDINGS) -> Mapping[str, Mapping[str, str]]:
    """Per question and key of a target the finding.

    Raises:
        ValueError: A finding is no text.
    """
    read = tomllib.loads(path.read_text(encoding="utf-8"))
    for question, texts in read.items():
        if not isinstance(texts, dict) or not all(isinstance(each, str) for each in texts.values()):
            raise ValueError(f"{path.name}: [{question}] holds keys of targets and texts alone.")
    return {
        question: {key: " ".join(text.split()) for key, text in texts.items()}
        for question, texts in read.items()
    }


def finding(question: str, target: Mapping[str, Any]) -> str:
    """What was found out about a target that falls short; nothing where it is met."""
    if target["is_met"]:
        return ""
    return findings().get(question, {}).get(target["key"], NONE_YET)
