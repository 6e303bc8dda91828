"""Refine the captions of many images by one instruction, several at a time."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Literal

import attrs

from bria_tailored.models import DatasetImage, RefineStructuredPrompt, UpdateImageCaption
from bria_tailored_ext.client.tailored_client import TailoredClient
from bria_tailored_ext.rules.captions import fault_of
from bria_tailored_ext.rules.datasets import check_draft
from bria_tailored_ext.rules.json_changes import Change, changes_between
from bria_tailored_ext.rules.requests import check_json_object
from bria_tailored_ext.values.errors import (
    AccessDeniedError,
    AuthenticationError,
    BriaError,
    ConflictError,
    InvalidInputError,
    NoAnswerError,
    RateLimitedError,
)
from bria_tailored_ext.workflows.captions import Where, is_pending, selected
from bria_tailored_ext.workflows.dataset_contents import read_contents
from bria_tailored_ext.workflows.together import check_at_once, for_each

_CONCERNS_ALL = (
    AccessDeniedError,
    AuthenticationError,
    ConflictError,
    NoAnswerError,
    RateLimitedError,
)
"""Who gets one of these for one caption gets it for every other."""


@attrs.frozen(kw_only=True)
class RefinedCaption:
    """A caption that was refined, and written.

    Attributes:
        image: The image as it is now.
        before: Its caption before.
        changes: What the refinement changed; empty where it changed nothing.
    """

    image: DatasetImage
    before: str
    changes: tuple[Change, ...]


@attrs.frozen(kw_only=True)
class FailedCaption:
    """A caption that is as it was before.

    Attributes:
        image: The image.
        error: Why; for those that were not tried any more, what stopped the first.
        tried: Whether anything was sent, and perhaps paid for.
        refined: What Bria made of it, where only its check or its writing failed: `set_caption`
            writes it without paying for it again.
    """

    image: DatasetImage
    error: BriaError
    tried: bool
    refined: str | None = None


@attrs.frozen(kw_only=True)
class RefinementReport:
    """What became of each caption.

    Attributes:
        refined: Those that were refined and written.
        skipped: The images without a caption that could be refined; nothing was paid for them.
        failed: Those that are as they were.
        unseen: How many images there are beyond those that Bria shows.
    """

    refined: tuple[RefinedCaption, ...] = ()
    skipped: tuple[DatasetImage, ...] = ()
    failed: tuple[FailedCaption, ...] = ()
    unseen: int = 0


@attrs.frozen(kw_only=True)
class RefinementProgress:
    """What just became of one caption.

    Attributes:
        image_id: The image.
        outcome: What became of its caption.
        done: How many captions have an outcome by now, this one included.
        total: How many there are.
    """

    image_id: int
    outcome: Literal["refined", "skipped", "failed"]
    done: int
    total: int


async def refine_captions(
    bria: TailoredClient,
    dataset_id: int,
    instruction: str,
    *,
    where: Where | None = None,
    at_once: int = 4,
    on_progress: Callable[[RefinementProgress], None] | None = None,
) -> RefinementReport:
    """Refine captions by one instruction, and write each one back. Every refinement is billed.

    A caption that fails does not stop the rest. What would fail for every caption, such as a token
    that is refused, does, and those that were not tried any more are in the report too. No caption
    is refined twice: to go on, pass `where=[each.image.id for each in report.failed]`.

    Args:
        bria: The client.
        dataset_id: A draft.
        instruction: In natural language, such as "Fix the description of the hair colour".
        where: Which images: a test, such as `lambda image: "hair" in (image.caption or "")`, or
            ids or names; else all.
        at_once: How many are under way at once; the plan paces them.
        on_progress: Called as soon as it is known what became of a caption.

    Raises:
        InvalidInputError: The instruction is empty, the dataset is completed, or `where` names an
            image that it does not have. Nothing was spent.
        ApiError: The dataset cannot be read.

    Source: "Use Cases" of refine-json in Bria's document, and update-image-caption.
    """
    if not instruction.strip():
        raise InvalidInputError("The instruction is empty. Say what is to change.")
    check_at_once(at_once)
    contents = await read_contents(bria, dataset_id)
    check_draft(dataset_id, contents.dataset.status, "its captions are")
    images = selected(contents, where)
    refining = _Refining(bria, dataset_id, instruction, len(images), on_progress)
    await for_each(images, refining.one, at_once=at_once)
    return attrs.evolve(refining.report(), unseen=contents.unseen)


class _Refining:
    """One call of `refine_captions`, and what it knows by now."""

    def __init__(
        self,
        bria: TailoredClient,
        dataset_id: int,
        instruction: str,
        total: int,
        on_progress: Callable[[RefinementProgress], None] | None,
    ) -> None:
        self._bria = bria
        self._dataset_id = dataset_id
        self._instruction = instruction
        self._total = total
        self._on_progress = on_progress
        self._stopped: BriaError | None = None
        self._refined: dict[int, RefinedCaption] = {}
        self._skipped: dict[int, DatasetImage] = {}
        self._failed: dict[int, FailedCaption] = {}

    async def one(self, index: int, image: DatasetImage) -> None:
        """Refine the caption of one image and write it back."""
        before = image.caption or ""
        if fault_of(before, (), pending=is_pending(image)):
            self._skipped[index] = image
            self._tell(image, "skipped")
            return
        if self._stopped:
            self._fail(index, FailedCaption(image=image, error=self._stopped, tried=False))
            return
        refined: str | None = None
        try:
            refined = await self._refine(before)
            check_json_object("The refined caption that Bria sent", refined)
            changed = await self._bria.datasets.update_image_caption(
                self._dataset_id, image.id, body=UpdateImageCaption(caption=refined)
            )
        except BriaError as error:
            if isinstance(error, _CONCERNS_ALL):
                self._stopped = error
            self._fail(index, FailedCaption(image=image, error=error, tried=True, refined=refined))
            return
        changes = changes_between(json.loads(before), json.loads(refined))
        self._refined[index] = RefinedCaption(image=changed, before=before, changes=changes)
        self._tell(image, "refined")

    def report(self) -> RefinementReport:
        """What became of each, in the order of the dataset."""
        return RefinementReport(
            refined=tuple(self._refined[index] for index in sorted(self._refined)),
            skipped=tuple(self._skipped[index] for index in sorted(self._skipped)),
            failed=tuple(self._failed[index] for index in sorted(self._failed)),
        )

    async def _refine(self, caption: str) -> str:
        body = RefineStructuredPrompt(
            dataset_id=self._dataset_id, structured_prompt=caption, instruction=self._instruction
        )
        return (await self._bria.datasets.refine_structured_prompt(body=body)).structured_prompt

    def _fail(self, index: int, failed: FailedCaption) -> None:
        self._failed[index] = failed
        self._tell(failed.image, "failed")

    def _tell(self, image: DatasetImage, outcome: Literal["refined", "skipped", "failed"]) -> None:
        done = len(self._refined) + len(self._skipped) + len(self._failed)
        if self._on_progress:
            self._on_progress(
                RefinementProgress(image_id=image.id, outcome=outcome, done=done, total=self._total)
            )
