"""The page of a sweep: a row for each prompt and seed, a column for each variant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bria_tailored_ext.batch import Outcome
from bria_tailored_ext.batch.pages import rendered
from bria_tailored_ext.edge.on_disk import replacing
from bria_tailored_ext.sweep.training import TrainedVariant
from bria_tailored_ext.sweep.variants import Sweep, Variant, picture_id
from bria_tailored_ext.values.errors import BriaError


def write_page(
    folder: Path,
    sweep: Sweep,
    trained: Sequence[TrainedVariant],
    failed: Mapping[str, BriaError],
    drawn: Mapping[str, Outcome],
) -> Path:
    """Write `index.html` beside the pictures, and give its path."""
    models = {each.variant.name: each for each in trained}
    page = rendered(
        "bria_tailored_ext.sweep",
        "page.html.jinja",
        sweep=sweep,
        columns=[_column(each, models.get(each.name), failed) for each in sweep.variants],
        rows=[
            {
                "prompt": prompt,
                "seed": seed,
                "cells": [
                    _cell(folder, drawn.get(picture_id(each, prompt, seed)))
                    for each in sweep.variants
                ],
            }
            for prompt in sweep.prompts
            for seed in sweep.seeds
        ],
    )
    path = folder / "index.html"
    with replacing(path) as file:
        file.write(page)
    return path


def _column(
    variant: Variant, trained: TrainedVariant | None, failed: Mapping[str, BriaError]
) -> dict[str, Any]:
    settings = [f"{name} {value}" for name, value in variant.parameters.to_dict().items()]
    settings += [f"“{instruction}”" for instruction in variant.instructions]
    if variant.images:
        settings.append(f"{len(set(variant.images))} of the images")
    return {
        "name": variant.name,
        "settings": settings or ["as it is"],
        "model": trained.model.id if trained else None,
        "error": str(failed[variant.name]) if variant.name in failed else None,
    }


def _cell(folder: Path, outcome: Outcome | None) -> dict[str, str | None]:
    if outcome is None:
        return {"file": None, "why": "not drawn"}
    if outcome.file is None:
        return {"file": None, "why": str(outcome.error or outcome.state.value)}
    return {"file": outcome.file.relative_to(folder).as_posix(), "why": None}
