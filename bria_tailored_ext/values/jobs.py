"""Jobs as values: what kinds there are, what states, and what comes out."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from base64 import b64encode
from collections.abc import Awaitable, Callable, Mapping
from enum import Enum
from html import escape
from pathlib import Path
from typing import Any, TypeAlias

import attrs

from bria_tailored_ext.values.media import HEAD, media_type

__all__ = ["ImageResult", "JobKind", "JobState", "Result", "StructuredPromptResult", "VideoResult"]

_LARGEST_SHOWN = 8 * 2**20
"""Bytes of a saved file that a notebook takes into its page; it keeps them in its own file."""


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


def _shown(url: str) -> str:
    """An URL as a repr may show it: results are printed into logs."""
    address, mark, _ = url.partition("?")
    return repr(address + ("?…" if mark else ""))


@attrs.frozen(kw_only=True)
class Result:
    """What every kind of job can tell.

    Attributes:
        request_id: The job's id.
        seed: The seed that was used, always an integer, whatever the wire sent.
        prompt: The prompt, as Bria repeats it.
        refined_prompt: The prompt as Bria refined it.
        warning: Something that Bria wants said about this result.
        extra: Everything else that the answer held, by name. Of two that are called the same, the
            one that stood beside the result is called `answer.` and that name.
    """

    request_id: str
    seed: int | None = None
    prompt: str | None = None
    refined_prompt: str | None = None
    warning: str | None = None
    extra: Mapping[str, Any] = attrs.field(factory=dict[str, Any], hash=False)

    def __reduce__(self) -> tuple[Any, ...]:
        # The client stays behind, and its token with it.
        names = (each.name for each in attrs.fields(type(self)) if not each.name.startswith("_"))
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
class _FileResult(Result, ABC):
    """A result that is a file."""

    _download: Download = attrs.field(default=_no_download, repr=False, eq=False)
    _saved: list[Path] = attrs.field(factory=list[Path], init=False, repr=False, eq=False)

    async def save(self, path: str | Path) -> Path:
        """Fetch it into a file, whole or not at all, and return the path. The token is not sent.

        An URL that has expired is asked for anew, once.

        Raises:
            DownloadError: It could not be fetched whole, or is not what it should be; what stood
                at `path` before stands there still.
        """
        await self._download(self._url(), Path(path))
        self._saved[:] = [Path(path)]
        return Path(path)

    @abstractmethod
    def _url(self) -> str:
        """Where the file is."""

    def _source(self) -> str:
        """What a page shows: the saved file itself, else the URL, which expires."""
        for path in self._saved:
            try:
                if path.stat().st_size <= _LARGEST_SHOWN:
                    data = path.read_bytes()
                    kind = media_type(data[:HEAD]) or ""
                    if kind.startswith(("image/", "video/")):
                        return f"data:{kind};base64,{b64encode(data).decode()}"
            except OSError:
                pass  # Moved or deleted since: the URL may still show it.
        url = self._url()
        return url if url.lower().startswith(("https://", "http://")) else ""

    def _page(self, element: str) -> str:
        facts = [f"job {self.request_id}"] if self.request_id else []
        facts += [f"seed {self.seed}"] if self.seed is not None else []
        facts += [f"saved as {self._saved[0]}"] if self._saved else ["not saved: its URL expires"]
        facts += [self.warning] if self.warning else []
        return f"<figure>{element}<figcaption>{escape(', '.join(facts))}</figcaption></figure>"


@attrs.frozen(kw_only=True)
class ImageResult(_FileResult):
    """A picture.

    A notebook shows it: from the URL, which its page then holds, or, once saved, from the file.

    Attributes:
        image_url: Where it is. It expires: images after about 3 days. Source: Bria's status page.
        structured_prompt: The JSON that it was drawn from, as the string that Bria sent.
    """

    image_url: str = attrs.field(repr=_shown)
    structured_prompt: str | None = None

    def parsed(self) -> Any:
        """The structured prompt as Python values; `None` if there is none.

        Raises:
            ValueError: It is not JSON.
        """
        return None if self.structured_prompt is None else json.loads(self.structured_prompt)

    def _url(self) -> str:
        return self.image_url

    def _repr_html_(self) -> str:
        words = escape(self.prompt or "")
        style = "max-width: 100%; max-height: 512px"
        return self._page(f'<img src="{escape(self._source())}" alt="{words}" style="{style}">')


@attrs.frozen(kw_only=True)
class VideoResult(_FileResult):
    """A clip.

    A notebook shows it: from the URL, which its page then holds, or, once saved, from the file.

    Attributes:
        video_url: Where it is. It expires.
    """

    video_url: str = attrs.field(repr=_shown)

    def _url(self) -> str:
        return self.video_url

    def _repr_html_(self) -> str:
        style = "max-width: 100%; max-height: 512px"
        return self._page(
            f'<video src="{escape(self._source())}" controls loop style="{style}"></video>'
        )
