"""A visual identity whose every paid step is in a state file before the next is paid."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from bria_tailored_ext.client.tailored_client import TailoredClient
from bria_tailored_ext.workflows.define_visual_identity import (
    VisualIdentity,
    define_visual_identity,
)
from bria_tailored_ext.workflows.pictures import ImageSource
from bria_tailored_ext.workflows.state_file import StateFile


async def keep_identity(
    bria: TailoredClient,
    dataset_id: int,
    *,
    state: StateFile,
    step: str,
    instructions: Sequence[str],
    images: Iterable[ImageSource] = (),
    schema: str | None = None,
    on_paid: Callable[[int], None] | None = None,
) -> None:
    """Define a visual identity, or go on with one; what was paid for is not paid again.

    Args:
        bria: The client.
        dataset_id: A draft.
        state: Remembers the schema, how many instructions it follows, and whether it is applied.
        step: Under which name.
        instructions: Refinements, in order.
        images: What the schema is generated from.
        schema: What to begin with instead.
        on_paid: Told how many instructions the schema follows now.

    Raises:
        VisualIdentityError: A refinement failed; what came before it is in the state file.
        InvalidInputError, ApiError, SubmitOutcomeUnknown: As for `define_visual_identity`.
    """
    former: dict[str, Any] = state.get(step) or {"schema": schema, "refined": 0}
    if former.get("applied"):
        return
    before: int = former["refined"]

    def keep(identity: VisualIdentity) -> None:
        refined = before + len(identity.instructions)
        state.put(step, {"schema": identity.schema, "refined": refined})
        if on_paid:
            on_paid(refined)

    identity = await define_visual_identity(
        bria,
        dataset_id,
        images,
        instructions=instructions[before:],
        schema=former["schema"],
        on_progress=keep,
    )
    made = {"schema": identity.schema, "refined": len(instructions), "applied": True}
    state.put(step, made)
