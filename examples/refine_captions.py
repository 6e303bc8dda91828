"""Change the captions of a draft by one instruction, and see what it changed.

`python examples/refine_captions.py DATASET_ID "Call the teapot Lora" teapot` refines the captions
that hold the word "teapot"; without the last argument, all of them. Every caption is billed.
"""

from __future__ import annotations

import asyncio
import sys

from bria_tailored_ext import DatasetImage, TailoredClient
from bria_tailored_ext.workflows import audit_captions, refine_captions


async def main(dataset_id: int, instruction: str, word: str = "") -> None:
    """Refine, show each change, and look whether the captions still fit the visual schema."""

    def holds_the_word(image: DatasetImage) -> bool:
        return word in (image.caption or "")

    async with TailoredClient() as bria:
        report = await refine_captions(bria, dataset_id, instruction, where=holds_the_word)
        for caption in report.refined:
            print(f"{caption.image.image_name}: {len(caption.changes)} changes")
            for change in caption.changes:
                print(f"  {change}")
        for failed in report.failed:
            print(f"{failed.image.image_name} is as it was: {failed.error}")
        print(await audit_captions(bria, dataset_id))
    if report.failed:
        sys.exit("Run it again with the ids that failed: where=[each.image.id for each in failed].")


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), *sys.argv[2:]))
