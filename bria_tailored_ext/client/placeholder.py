"""A handle on a picture that a legacy v1 endpoint is still making."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Protocol

import attrs

from bria_tailored_ext.client.handle import Handle, read_description
from bria_tailored_ext.client.saving import Source, saver
from bria_tailored_ext.client.waiting import Expired, wait_until
from bria_tailored_ext.rules import files, jobs, pace
from bria_tailored_ext.values.clock import Clock
from bria_tailored_ext.values.errors import JobFailed, WaitTimeout
from bria_tailored_ext.values.events import JobEvent
from bria_tailored_ext.values.jobs import ImageResult, JobKind, JobState

__all__ = ["Placeholder"]


class PlaceholderSource(Source, Protocol):
    """What a placeholder needs of the client that it came from."""

    clock: Clock


class Peek(Protocol):
    """A client's looks at URLs."""

    async def __call__(self, url: str, *, patient: bool) -> tuple[int, int | None]:
        """The status and the length of what an URL gives; retried by policy, or taken once."""
        ...


class PlaceholderTaker(Protocol):
    """A client that can take up a placeholder."""

    def placeholder(
        self,
        url: str,
        *,
        submitted_at: datetime | None = ...,
        uuid: str | None = ...,
        seed: int | None = ...,
    ) -> Placeholder:
        """A handle on a picture that was promised earlier."""
        ...


class Placeholder(Handle[ImageResult]):
    """A picture that v1 has promised with an URL. It is made whether or not anybody waits for it.

    It is a handle as a `Job` is, but looks at the URL itself, which costs nothing of the plan and
    carries no token: v1 knows no status. `await placeholder` is `await placeholder.result()`.

    Attributes:
        url: Where the picture will be.
        uuid: Bria's id of it, if the answer named one.
        seed: Its seed, if the answer named one.
    """

    def __init__(
        self,
        client: PlaceholderSource,
        url: str,
        look: Peek,
        *,
        submitted_at: datetime | None = None,
        uuid: object = None,
        seed: object = None,
    ) -> None:
        self._client = client
        self._look = look
        self._submitted_at = submitted_at
        self._state = JobState.IN_PROGRESS
        self._status: int | None = None
        self._changes = 0
        self.url = url
        self.uuid: str | None = uuid if isinstance(uuid, str) else None
        self.seed: int | None = jobs.read_seed(seed)

    @property
    def kind(self) -> JobKind:
        """What it makes: always a picture."""
        return JobKind.IMAGE

    @property
    def submitted_at(self) -> datetime | None:
        """When it was submitted, in UTC; `None` where nobody said."""
        return self._submitted_at

    @property
    def state(self) -> JobState:
        """Its state at the last look."""
        return self._state

    @property
    def _name(self) -> str:
        # Not the query, which holds a signature.
        return self.url.partition("?")[0]

    @property
    def _clock(self) -> Clock:
        return self._client.clock

    def to_dict(self) -> dict[str, str]:
        """What `from_dict` needs to go on elsewhere: values that JSON knows, no token.

        Its URL is signed: whoever has it has the picture.
        """
        seed = None if self.seed is None else str(self.seed)
        named = {"url": self.url, "uuid": self.uuid, "seed": seed}
        return {name: value for name, value in named.items() if value is not None} | self._facts()

    @staticmethod
    def from_dict(bria: PlaceholderTaker, known: Mapping[str, str]) -> Placeholder:
        """A handle on the picture that `to_dict` described. Nothing is sent.

        Raises:
            InvalidInputError: It is no description of a placeholder.
        """
        found = read_description(known, "url", "placeholder")
        return bria.placeholder(
            found.key,
            submitted_at=found.submitted_at,
            uuid=known.get("uuid"),
            seed=jobs.read_seed(known.get("seed")),
        )

    async def poll(self) -> JobState:
        """Look once, unless it is known to be ready or failed. A failed look is retried by policy.

        Raises:
            DownloadError: The URL is none.
            NoAnswerError: Its server did not answer.
        """
        return await self._see(patient=True)

    async def wait(self, *, timeout: float | None = 600.0) -> JobState:
        """Look until the picture is ready or failed, and return which.

        Cancelling stops the waiting, not the picture.

        Args:
            timeout: Seconds from this call; `None` waits for ever.

        Raises:
            WaitTimeout: Neither yet. Wait again, do not send the request again.
            DownloadError: The URL is none.
        """
        await self._wait(None, timeout)
        return self.state

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

    async def _see(self, *, patient: bool) -> JobState:
        if not self._state.is_final:
            status, length = await self._look(self.url, patient=patient)
            state = files.placeholder_state(status, length)
            # Of two looks at a time, the slower one may be of before the end.
            if not self._state.is_final:
                self._changes += self._changes == 0 or state is not self._state
                self._state, self._status = state, status
        return self._state

    def _is_over(self, told: int | None) -> bool:
        return self._state.is_final or (told is not None and self._changes > told)

    async def _wait(self, told: int | None, timeout: float | None) -> None:
        """Wait until it is final, or has changed more often than is told of already."""
        if self._is_over(told):
            return
        try:
            await wait_until(
                lambda _: self._is_over(told),
                # A look that fails is followed by another at the pace of the wait.
                lambda: self._see(patient=False),
                pace=pace.JOB,
                clock=self._clock,
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

    async def _changed(self, told: int, timeout: float | None) -> tuple[int, JobEvent]:
        await self._wait(told, timeout)
        return self._changes, JobEvent(
            request_id=self.uuid or "",
            state=self._state,
            status=str(self._status),
            seen_at=self._clock.now(),
        )
