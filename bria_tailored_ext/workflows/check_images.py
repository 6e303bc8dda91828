"""Check pictures before anything is sent or spent: what Bria would refuse, and what it would spoil.

It needs the `images` extra.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import anyio.to_thread
import attrs

from bria_tailored_ext.rules.preflight import (
    by_severity,
    count_findings,
    duplicate,
    findings_of,
    near_duplicate,
)
from bria_tailored_ext.values.errors import InvalidInputError
from bria_tailored_ext.values.preflight import Finding, PictureFacts, Severity
from bria_tailored_ext.workflows.folders import Folder, IgnoredFile, read_folder
from bria_tailored_ext.workflows.pictures import ImageSource, as_list, content_of, is_url, name_of
from bria_tailored_ext.workflows.together import decoded_at_once, for_each

if TYPE_CHECKING:
    from bria_tailored_ext.workflows.inspecting import Inspected


@attrs.frozen(kw_only=True)
class CheckedPicture:
    """A picture and what is to be said of it.

    Attributes:
        name: What to call it.
        source: What was given, or found in the folder.
        facts: What it is.
        digest: The SHA-256 of its content, in hexadecimal; empty where it could not be read.
        findings: The gravest first.
        thumbnail: A small JPEG of it as Bria would see it; empty where it could not be decoded.
    """

    name: str
    source: ImageSource = attrs.field(repr=False)
    facts: PictureFacts
    digest: str
    findings: tuple[Finding, ...]
    thumbnail: bytes = attrs.field(repr=False)

    @property
    def is_refused(self) -> bool:
        """Whether Bria would refuse it."""
        return any(finding.severity is Severity.REFUSE for finding in self.findings)


@attrs.frozen(kw_only=True)
class ImageCheck:
    """What a check has found.

    Attributes:
        pictures: Every picture, in order.
        ignored: Files of the folder that are no pictures.
        findings: On the pictures as a set.
        folder: Where they are; `None` where single pictures were given.
    """

    pictures: tuple[CheckedPicture, ...]
    ignored: tuple[IgnoredFile, ...]
    findings: tuple[Finding, ...]
    folder: Path | None = None

    @property
    def refused(self) -> tuple[CheckedPicture, ...]:
        """The pictures that Bria would refuse."""
        return tuple(picture for picture in self.pictures if picture.is_refused)

    @property
    def is_good(self) -> bool:
        """Whether Bria would refuse nothing, neither a picture nor the set."""
        refusals = (finding.severity is Severity.REFUSE for finding in self.findings)
        return not self.refused and not any(refusals)


async def check_images(
    images: str | os.PathLike[str] | Iterable[ImageSource],
    *,
    increase_resolution: bool = True,
    on_progress: Callable[[int, int], None] | None = None,
) -> ImageCheck:
    """Check the pictures of a folder, or these. Nothing is sent, and no token is needed.

    Every picture is decoded whole, in worker threads, as many at once as there are processors and
    four at most. Of a folder, files that begin like a picture or have the name of one are checked,
    links to files among them; sub-folders are not entered, and hidden files are left out. An URL is
    not fetched.

    Args:
        images: A folder, or pictures.
        increase_resolution: Whether Bria is going to be asked to enlarge small pictures.
        on_progress: Called with how many are done and how many there are.

    Raises:
        InvalidInputError: There is no such folder.
        ConfigurationError: The `images` extra is not installed.
    """
    sources: Sequence[ImageSource]
    folder: Folder | None = None
    if isinstance(images, str | os.PathLike):
        folder = await anyio.to_thread.run_sync(read_folder, images)
        sources = folder.pictures
    else:
        sources = as_list(images)
    names = [name_of(source, index) for index, source in enumerate(sources)]
    inspected = await _inspected(sources, names, on_progress)
    alike = await anyio.to_thread.run_sync(_alike, names, inspected)
    judge = partial(findings_of, increase_resolution=increase_resolution)
    pictures = tuple(
        CheckedPicture(
            name=name,
            source=source,
            facts=each.facts,
            digest=each.digest,
            # What resembles another is a warning: after what Bria refuses, before the notes.
            findings=by_severity((*_judged(judge, each, name, source), *alike[index])),
            thumbnail=each.thumbnail,
        )
        for index, (name, source, each) in enumerate(zip(names, sources, inspected, strict=True))
    )
    refused = sum(picture.is_refused for picture in pictures)
    return ImageCheck(
        pictures=pictures,
        ignored=folder.ignored if folder else (),
        findings=count_findings(len(pictures) - refused, refused),
        folder=folder.path if folder else None,
    )


async def _inspected(
    sources: Sequence[ImageSource],
    names: Sequence[str],
    on_progress: Callable[[int, int], None] | None,
) -> list[Inspected]:
    found: dict[int, Inspected] = {}

    async def one(index: int, source: ImageSource) -> None:
        found[index] = await anyio.to_thread.run_sync(_inspect, source, names[index])
        if on_progress:
            on_progress(len(found), len(sources))

    await for_each(sources, one, at_once=decoded_at_once())
    return [found[index] for index in range(len(sources))]


def _inspect(source: ImageSource, name: str) -> Inspected:
    from bria_tailored_ext.workflows.inspecting import Inspected, inspect

    if is_url(source):
        return Inspected(facts=PictureFacts())
    try:
        return inspect(content_of(source, name))
    except InvalidInputError as error:
        reason = str(error).removeprefix(f"{name} ").removeprefix("cannot be read: ").rstrip(".")
        return Inspected(facts=PictureFacts(unreadable=reason))


def _judged(
    judge: Callable[..., tuple[Finding, ...]], each: Inspected, name: str, source: ImageSource
) -> tuple[Finding, ...]:
    if not is_url(source):
        return judge(each.facts, name=name if isinstance(source, str | os.PathLike) else "")
    words = "It is an URL, which Bria fetches and nobody has looked at. Check the file behind it."
    return (Finding(code="not_looked_at", severity=Severity.NOTE, message=words),)


def _alike(names: Sequence[str], inspected: Sequence[Inspected]) -> list[list[Finding]]:
    """For each picture, the first one before it that is the same, or looks nearly the same."""
    return [
        _resemblance(each, names[:index], inspected[:index]) for index, each in enumerate(inspected)
    ]


def _resemblance(
    each: Inspected, names: Sequence[str], before: Sequence[Inspected]
) -> list[Finding]:
    for name, other in zip(names, before, strict=True):
        if each.digest and each.digest == other.digest:
            return [duplicate(name)]
    for name, other in zip(names, before, strict=True):
        if each.likeness and other.likeness and each.likeness.is_near(other.likeness):
            return [near_duplicate(name)]
    return []
