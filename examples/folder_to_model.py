"""From a folder of pictures to a trained model: `python examples/folder_to_model.py brand/`.

Run it again after a crash, and it goes on: nothing is created, uploaded, trained or paid twice.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from bria_tailored_ext import TailoredClient
from bria_tailored_ext.workflows import (
    Tailoring,
    TailoringProgress,
    check_images,
    plan_tailoring,
    tailor,
)

TAILORING = Tailoring(
    name="Teahouse",
    ip_type="stylized_scene",
    ip_medium="illustration",
    instructions=("Make the light a little warmer",),
)


def tell(progress: TailoringProgress) -> None:
    """Print what happens."""
    counted = f" ({progress.done} of {progress.total})" if progress.total else ""
    print(f"{progress.step}: {progress.told}{counted}")


async def main(folder: Path) -> None:
    """Check the pictures, show what will be billed, and go the whole road."""
    state = folder.with_suffix(".tailor.json")
    check = await check_images(folder)
    for picture in check.refused:
        print(f"{picture.name}: {picture.findings[0].message}")
    if not check.is_good:
        sys.exit("Bria would refuse these. `bria-tailored check --fix` makes corrected copies.")
    plan = await plan_tailoring(folder, TAILORING, state=state)
    print(f"{plan.pictures} pictures; {plan.billed} calls will be billed.")
    async with TailoredClient() as bria:
        tailored = await tailor(bria, folder, TAILORING, state=state, on_progress=tell)
    print(f"Model {tailored.model_id} is trained.")


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
