"""Audit captions: which are missing, are no JSON, or lack what the visual schema has."""

from __future__ import annotations

import attrs

from bria_tailored.models import DatasetImage
from bria_tailored_ext.client.tailored_client import TailoredClient
from bria_tailored_ext.rules.captions import Fault, fault_of, schema_keys
from bria_tailored_ext.workflows.captions import is_pending
from bria_tailored_ext.workflows.dataset_contents import read_contents


@attrs.frozen(kw_only=True)
class CaptionFinding:
    """One image whose caption is not as it should be.

    Attributes:
        image: The image.
        fault: What is wrong.
        lacking: The keys of the schema that the caption lacks, where that is what is wrong.
    """

    image: DatasetImage
    fault: Fault
    lacking: tuple[str, ...] = ()

    def __str__(self) -> str:
        keys = f": {', '.join(self.lacking)}" if self.lacking else ""
        return f"{self.image.image_name or self.image.id}: {self.fault}{keys}"


@attrs.frozen(kw_only=True)
class CaptionAudit:
    """The captions of a dataset, held against its visual schema.

    Attributes:
        sound: The images whose caption is as it should be.
        findings: The others.
        lacking_everywhere: The keys of the schema that not one caption has: it was changed after
            they were made, or Bria keeps these for the schema alone.
        unseen: How many images there are beyond those that Bria shows.
    """

    sound: tuple[DatasetImage, ...]
    findings: tuple[CaptionFinding, ...]
    lacking_everywhere: tuple[str, ...] = ()
    unseen: int = 0

    def __str__(self) -> str:
        """A sentence, and a line for each finding."""
        told = f"{len(self.sound)} captions are sound, {len(self.findings)} are not"
        told += f", {self.unseen} could not be seen." if self.unseen else "."
        return "\n".join([told, *(f"  {finding}" for finding in self.findings)])


async def audit_captions(
    bria: TailoredClient, dataset_id: int, *, ignoring: tuple[str, ...] = ()
) -> CaptionAudit:
    """Find the captions that are missing, being made, no JSON object, or lack keys of the schema.

    Nothing is changed. `regenerate_captions` and `refine_captions` take the findings:
    `where=[finding.image.id for finding in audit.findings]`.

    Args:
        bria: The client.
        dataset_id: Any dataset.
        ignoring: Keys of the schema that captions need not have.

    Raises:
        ApiError: The dataset cannot be read.
    """
    contents = await read_contents(bria, dataset_id)
    keys = tuple(
        key for key in schema_keys(contents.dataset.visual_schema or None) if key not in ignoring
    )
    sound: list[DatasetImage] = []
    findings: list[CaptionFinding] = []
    for image in contents.images:
        fault = fault_of(image.caption or None, keys, pending=is_pending(image))
        if fault is None:
            sound.append(image)
        else:
            findings.append(CaptionFinding(image=image, fault=fault.fault, lacking=fault.lacking))
    return CaptionAudit(
        sound=tuple(sound),
        findings=tuple(findings),
        lacking_everywhere=_everywhere(keys, len(sound), findings),
        unseen=contents.unseen,
    )


def _everywhere(
    keys: tuple[str, ...], sound: int, findings: list[CaptionFinding]
) -> tuple[str, ...]:
    told = [set(each.lacking) for each in findings if each.fault == "lacks keys"]
    if sound or not told:
        return ()
    common = set[str].intersection(*told)
    return tuple(key for key in keys if key in common)
