"""Sweeps: several variants of one model, trained side by side, so that a person can choose."""

from __future__ import annotations

from bria_tailored_ext.sweep.plan import SweepPlan, plan_sweep
from bria_tailored_ext.sweep.run import SweepProgress, SweepResult, run_sweep
from bria_tailored_ext.sweep.training import TrainedVariant
from bria_tailored_ext.sweep.variants import Sweep, Variant, read_sweep

__all__ = [
    "Sweep",
    "SweepPlan",
    "SweepProgress",
    "SweepResult",
    "TrainedVariant",
    "Variant",
    "plan_sweep",
    "read_sweep",
    "run_sweep",
]
