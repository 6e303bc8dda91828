"""Jobs as values: what kinds there are, what states, and what comes out."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from enum import Enum
from pathlib import Path
from typing import Any, TypeAlias

import attrs


class JobKind(Enum):
    """What a job makes."""

    IMAGE = "image"
    STRUCTURED_PROMPT = "structured_prompt"
    VIDEO = "video"


class JobState(Enum):
    """Where a job stands. `status` is the wire's word; this is ours."""

    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    FAILED = "failed"
    UNKNOWN = "unknown"
    """Bria itself does not know. Not final: a later look may tell."""

    @property
    def is_final(self) -> bool:
        """Whether the job can no longer change."""
        return self in (JobState.COMPLETED, JobState.FAILED)


Download: TypeAlias = Callable[[str, Path], Awaitable[None]]
"""Fetches an URL into a file, whole or not at all."""


async def _no_download(_url: str, _path: Path) -> None:
    raise RuntimeError("This result came without a client. Save it from `await job.result()`.")


def _without_client(kind: type[Result], facts: dict[str, Any]) -> Result:
    return kind(**facts)


@attrs.frozen(kw_only=True)
class Result:
    """What every kind of job can tell.

    Attributes:
        request_id: The job's id.
        seed: The seed that was used, always an integer, whatever the wire sent.
        prompt: The prompt, as Bria repeats it.
        refined_prompt: The prompt as Bria refined it.
        warning: Something that Bria wants said about this result.
        extra: Everything else that the answer held, by name.
    """

    request_id: str
    seed: int | None = None
    prompt: str | None = None
    refined_prompt: str | None = None
    warning: str | None = None
    extra: Mapping[str, Any] = attrs.field(factory=dict[str, Any])

    def __reduce__(self) -> tuple[Any, ...]:
        # The client stays behind, and its token with it.
        names = (each.name for each in attrs.fields(type(self)) if each.name != "_download")
        return _without_client, (type(self), {name: getattr(self, name) for name in names})


@attrs.frozen(kw_only=True)
class StructuredPromptResult(Result):
    """A structured prompt.

    Attributes:
        structured_prompt: The JSON, as the string that Bria sent; send it back as it is.
    """

    structured_prompt: str

    def parsed(self) -> Any:
        """The structured prompt as Python values.

        Raises:
            ValueError: It is not JSON.
        """
        return json.loads(self.structured_prompt)


@attrs.frozen(kw_only=True)
class ImageResult(Result):
    """A picture.

    Attributes:
        image_url: Where it is. It expires: images after about 3 days. Source: Bria's status page.
        structured_prompt: The JSON that it was drawn from, as the string that Bria sent.
    """

    image_url: str
    structured_prompt: str | None = None
    _download: Download = attrs.field(default=_no_download, repr=False, eq=False)

    async def save(self, path: str | Path) -> Path:
        """Fetch the picture into a file, whole or not at all. The token is not sent.

        Raises:
            DownloadError: It could not be fetched whole; nothing stands at `path`.
        """
        await self._download(self.image_url, Path(path))
        return Path(path)


@attrs.frozen(kw_only=True)
class VideoResult(Result):
    """A clip.

    Attributes:
        video_url: Where it is. It expires.
    """

    video_url: str
    _download: Download = attrs.field(default=_no_download, repr=False, eq=False)

    async def save(self, path: str | Path) -> Path:
        """Fetch the clip into a file, whole or not at all. The token is not sent.

        Raises:
            DownloadError: It could not be fetched whole; nothing stands at `path`.
        """
        await self._download(self.video_url, Path(path))
        return Path(path)
