"""What a sweep would do, and what of it Bria would bill."""

from __future__ import annotations

import attrs

from bria_tailored_ext.sweep.variants import Sweep


@attrs.frozen(kw_only=True)
class SweepPlan:
    """What a sweep would do, from its beginning; what a former run has done is not taken off.

    Attributes:
        trainings: Models that are created and trained.
        clones: Datasets that are cloned, because their variants change them.
        refinements: Refinements of visual schemas, each billed.
        pictures: Pictures that are drawn, each billed.
    """

    trainings: int
    clones: int
    refinements: int
    pictures: int

    @property
    def billed(self) -> int:
        """Calls that Bria bills."""
        return self.trainings + self.refinements + self.pictures


def plan_sweep(sweep: Sweep) -> SweepPlan:
    """What a sweep would do. Nothing is sent."""
    return SweepPlan(
        trainings=len(sweep.variants),
        clones=sum(variant.needs_clone for variant in sweep.variants),
        refinements=sum(len(variant.instructions) for variant in sweep.variants),
        pictures=sweep.pictures,
    )
