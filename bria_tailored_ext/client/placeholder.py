"""A handle on a picture that a legacy v1 endpoint is still making."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Generator
from pathlib import Path
from typing import Any, Protocol

import attrs

from bria_tailored_ext.client.saving import Source, saver
from bria_tailored_ext.client.waiting import Expired, wait_until
from bria_tailored_ext.rules import files, jobs, pace
from bria_tailored_ext.values.clock import Clock
from bria_tailored_ext.values.errors import JobFailed, WaitTimeout
from bria_tailored_ext.values.jobs import ImageResult, JobState

__all__ = ["Placeholder"]


class PlaceholderSource(Source, Protocol):
    """What a placeholder needs of the client that it came from."""

    clock: Clock


class Placeholder:
    """A picture that v1 has promised with an URL. It is made whether or not anybody waits for it.

    It waits as a `Job` does, but by looks at the URL itself, which cost nothing of the plan and
    carry no token: v1 knows no status.

    Attributes:
        url: Where the picture will be.
        uuid: Bria's id of it, if the answer named one.
        seed: Its seed, if the answer named one.
    """

    def __init__(
        self,
        client: PlaceholderSource,
        url: str,
        look: Callable[[str], Awaitable[tuple[int, int | None]]],
        *,
        uuid: object = None,
        seed: object = None,
    ) -> None:
        self._client = client
        self._look = look
        self._status: int | None = None
        self.url = url
        self.uuid: str | None = uuid if isinstance(uuid, str) else None
        self.seed: int | None = jobs.read_seed(seed)
        self.state: JobState = JobState.IN_PROGRESS

    def __repr__(self) -> str:
        return f"<Placeholder {self._name}: {self.state.value}>"

    def __await__(self) -> Generator[Any, Any, ImageResult]:
        """`await placeholder` is `await placeholder.result()`."""
        return self.result().__await__()

    @property
    def _name(self) -> str:
        return self.url.partition("?")[0]

    async def poll(self) -> JobState:
        """Look once, unless the picture is known to be ready or failed.

        Raises:
            DownloadError: The URL is none.
            NoAnswerError: Its server did not answer.
        """
        if not self.state.is_final:
            self._status, length = await self._look(self.url)
            self.state = files.placeholder_state(self._status, length)
        return self.state

    async def wait(self, *, timeout: float | None = 600.0) -> JobState:
        """Look until the picture is ready or failed, and return which.

        Cancelling stops the waiting, not the picture.

        Args:
            timeout: Seconds from this call; `None` waits for ever.

        Raises:
            WaitTimeout: Neither yet. Wait again, do not send the request again.
            DownloadError: The URL is none.
        """
        try:
            return await wait_until(
                lambda state: state.is_final,
                self.poll,
                pace=pace.JOB,
                clock=self._client.clock,
                timeout=timeout,
            )
        except Expired as expired:
            answered = self._status or "nothing"
            raise WaitTimeout(
                f"The picture at {self._name} is not there after {expired.seconds:.0f} s and "
                f"{expired.looks} looks; its URL answers {answered}. Bria may still be making it, "
                "and it is paid for: wait again with the same placeholder.",
                request_id=self.uuid or "",
                status=str(answered),
                seconds=expired.seconds,
                polls=expired.looks,
            ) from expired.last_failure

    async def result(self, *, timeout: float | None = 600.0) -> ImageResult:
        """Wait for the picture and return it.

        Args:
            timeout: Seconds from this call; `None` waits for ever.

        Raises:
            JobFailed: Bria could not make it.
            WaitTimeout, DownloadError: As for `wait`.
        """
        if await self.wait(timeout=timeout) is JobState.FAILED:
            raise JobFailed(
                f"The picture at {self._name} failed: its URL answers {self._status} with nothing "
                "in it, and nothing more will come. Send the request again if you want another.",
                request_id=self.uuid or "",
                code=self._status,
            )
        extra = {"uuid": self.uuid} if self.uuid else {}
        result = ImageResult(request_id="", image_url=self.url, seed=self.seed, extra=extra)
        return attrs.evolve(result, download=saver(self._client, result))

    async def save(self, path: str | Path, *, timeout: float | None = 600.0) -> Path:
        """Wait for the picture and save it; see `ImageResult.save`.

        Args:
            path: Where to.
            timeout: Seconds for the waiting alone; `None` waits for ever.

        Raises:
            JobFailed, WaitTimeout: As for `result`.
            DownloadError: It could not be fetched whole.
        """
        return await (await self.result(timeout=timeout)).save(path)
