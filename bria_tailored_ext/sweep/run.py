"""`run_sweep`: train the variants side by side, draw with each, and lay the pictures out."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from functools import partial
from importlib.util import find_spec
from itertools import product
from pathlib import Path
from typing import TypeAlias

import anyio
import anyio.to_thread
import attrs

from bria_tailored.models import ImageRequest
from bria_tailored_ext.batch import Outcome, run_batch
from bria_tailored_ext.batch.report import read_outcomes
from bria_tailored_ext.client.tailored_client import TailoredClient
from bria_tailored_ext.sweep.training import TrainedVariant, VariantRoad, check_original
from bria_tailored_ext.sweep.variants import Sweep, Variant, picture_id
from bria_tailored_ext.values.errors import BriaError, ConfigurationError
from bria_tailored_ext.workflows.state_file import StateFile
from bria_tailored_ext.workflows.together import for_each

_WORKFLOW = "sweep"


@attrs.frozen(kw_only=True)
class SweepProgress:
    """Something that has happened in a sweep.

    Attributes:
        variant: Where.
        told: What, in a sentence.
    """

    variant: str
    told: str


Listener: TypeAlias = Callable[[SweepProgress], None]


@attrs.frozen(kw_only=True)
class SweepResult:
    """What a sweep has made.

    Attributes:
        trained: The variants whose models are trained, in the sweep's order.
        failed: The others, by name, with their errors.
        pictures: How many pictures there are.
        missing: How many there are not.
        page: The page that shows them side by side.
    """

    trained: tuple[TrainedVariant, ...]
    failed: tuple[tuple[str, BriaError], ...]
    pictures: int
    missing: int
    page: Path


async def run_sweep(
    bria: TailoredClient,
    sweep: Sweep,
    *,
    output_dir: str | os.PathLike[str],
    on_progress: Listener | None = None,
    timeout: float | None = None,
) -> SweepResult:
    """Train every variant, draw the same prompts with the same seeds on each, and show them.

    Trainings run at Bria at the same time. One that fails does not stop the others. Called again
    with the same folder after a crash it goes on: nothing is created, trained or drawn twice. See
    `plan_sweep` for what is billed.

    Args:
        bria: The client.
        sweep: What is compared.
        output_dir: Where the state, the journal, the pictures and `index.html` go.
        on_progress: Called as things happen.
        timeout: Seconds to wait for each training; `None` waits for ever.

    Raises:
        InvalidInputError: The dataset is not completed, lacks an image, or the folder belongs to
            another sweep. Nothing was created.
        ConfigurationError: The page cannot be written, for want of Jinja.
        BatchStopped: The account refuses to draw; call it again when that is mended.
    """
    if find_spec("jinja2") is None:
        raise ConfigurationError(
            "The page of a sweep needs Jinja. Run: pip install 'bria-tailored[cli]'"
        )
    # Absolute, as the batch writes the places of its files down.
    folder = Path(await anyio.Path(output_dir).absolute())
    original = await check_original(bria, sweep)
    failed: dict[str, BriaError] = {}

    async def go(variant: Variant, state: StateFile) -> TrainedVariant | None:
        tell = _Telling(on_progress, variant.name)
        try:
            return await VariantRoad(bria, sweep, variant, original, state, tell).go(timeout)
        except BriaError as error:
            tell(f"it failed: {error}")
            failed[variant.name] = error
            return None

    with StateFile.opened(folder / "sweep.json", _WORKFLOW, sweep.settings()) as state:
        trained = await _train(sweep, partial(go, state=state))
        drawn = await _draw(bria, sweep, trained, folder, on_progress)
    # Imported here: the page needs an extra that training does not.
    from bria_tailored_ext.sweep.page import write_page

    page = await anyio.to_thread.run_sync(write_page, folder, sweep, trained, failed, drawn)
    pictures = sum(outcome.file is not None for outcome in drawn.values())
    return SweepResult(
        trained=trained,
        failed=tuple(failed.items()),
        pictures=pictures,
        missing=sweep.pictures - pictures,
        page=page,
    )


async def _train(
    sweep: Sweep, go: Callable[[Variant], Awaitable[TrainedVariant | None]]
) -> tuple[TrainedVariant, ...]:
    """The variants whose models are trained, in the sweep's order."""
    trained: dict[int, TrainedVariant] = {}

    async def train(index: int, variant: Variant) -> None:
        if (made := await go(variant)) is not None:
            trained[index] = made

    # All at once: a training waits hours, and costs nothing to wait for.
    await for_each(sweep.variants, train, at_once=len(sweep.variants))
    return tuple(trained[index] for index in sorted(trained))


async def _draw(
    bria: TailoredClient,
    sweep: Sweep,
    trained: tuple[TrainedVariant, ...],
    folder: Path,
    on_progress: Listener | None,
) -> dict[str, Outcome]:
    """Every picture, by its id: drawn now, or in a former run."""
    journal = folder / "pictures.db"
    whose: dict[str, str] = {}
    rows: list[dict[str, object]] = []
    for each, prompt, seed in product(trained, sweep.prompts, sweep.seeds):
        name = picture_id(each.variant, prompt, seed)
        whose[name] = each.variant.name
        rows.append({"id": name, **_request(sweep, each, prompt, seed)})
    if not rows:
        return {}
    async with run_batch(
        bria,
        rows,
        journal=journal,
        output_dir=folder / "pictures",
        name="{id}.{ext}",
        gallery=False,
    ) as batch:
        async for outcome in batch:
            _Telling(on_progress, whose[outcome.id])(f"{outcome.id}: {outcome.state.value}.")
    # A former run may have drawn what is no longer asked for.
    return {each.id: each for each in read_outcomes(journal) if each.id in whose}


def _request(sweep: Sweep, trained: TrainedVariant, prompt: str, seed: int) -> dict[str, object]:
    request = ImageRequest(tailored_model_id=str(trained.model.id), prompt=prompt, seed=seed)
    if sweep.aspect_ratio is not None:
        request.aspect_ratio = sweep.aspect_ratio
    return request.to_dict()


class _Telling:
    """Tells what happens to one variant, and nothing twice in a row."""

    def __init__(self, listener: Listener | None, variant: str) -> None:
        self._listener = listener
        self._variant = variant
        self._last = ""

    def __call__(self, told: str) -> None:
        if self._listener and told != self._last:
            self._listener(SweepProgress(variant=self._variant, told=told))
        self._last = told
