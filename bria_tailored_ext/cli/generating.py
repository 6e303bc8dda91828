"""`bria-tailored generate`: the submits, the wait, the files, and what an interrupt leaves."""

from __future__ import annotations

import re
import signal
from pathlib import Path
from typing import Any, cast

import anyio
import anyio.to_thread
import attrs
import click
from anyio.abc import TaskStatus

from bria_tailored.models import ImageRequest, StructuredPromptRequest, VideoRequest
from bria_tailored_ext.batch import Prices
from bria_tailored_ext.batch.names import ending
from bria_tailored_ext.batch.outcomes import Request
from bria_tailored_ext.cli.account import open_client, print_json, when_interrupted
from bria_tailored_ext.cli.application import INTERRUPTED, exit_code
from bria_tailored_ext.cli.resources import check_target, counted
from bria_tailored_ext.cli.saying import say
from bria_tailored_ext.cli.telling import Telling, telling
from bria_tailored_ext.client.job import Job
from bria_tailored_ext.client.tailored_client import TailoredClient
from bria_tailored_ext.edge.on_disk import replacing
from bria_tailored_ext.values.errors import (
    BriaError,
    DownloadError,
    JobFailed,
    JobNotFound,
    WaitTimeout,
)
from bria_tailored_ext.values.jobs import (
    ImageResult,
    JobKind,
    JobState,
    Result,
    StructuredPromptResult,
    VideoResult,
)
from bria_tailored_ext.workflows.pictures import prepare


@attrs.frozen(kw_only=True)
class Choices:
    """What the command line asks for."""

    requests: tuple[Request, ...]
    resumed: tuple[str, ...]
    out: Path | None
    replace: bool
    timeout: float
    plan: str
    as_json: bool

    @property
    def count(self) -> int:
        """How many jobs there are."""
        return len(self.requests) + len(self.resumed)


@attrs.define(kw_only=True)
class _Made:
    """One job, and what has become of it."""

    job: Job[Result]
    result: Result | None = None
    file: Path | None = None
    error: BriaError | None = None
    is_finished: bool = False

    @property
    def is_open(self) -> bool:
        """Whether there is something to go on with: it was interrupted, or only the wait failed."""
        if self.error is None:
            return not self.is_finished
        return not isinstance(self.error, JobFailed | JobNotFound)


def run(choices: Choices) -> int:
    """Do it all, tell of it, and give the exit code."""
    if choices.out is not None and not choices.out.is_dir():
        # Before it is paid for. Of several, each gets a name that is free.
        check_target(choices.out, replace=choices.replace or choices.count > 1)
    one = _Run(choices)
    with when_interrupted(one.submitted):
        return anyio.run(one.go)


class _Run:
    """One run of the command."""

    def __init__(self, choices: Choices) -> None:
        self._choices = choices
        self._made: list[_Made] = []
        self._error: BriaError | None = None
        self._interrupted = False
        self._submitting: anyio.CancelScope | None = None
        self._is_lost = False
        self._names: set[Path] = set()

    def submitted(self) -> str:
        """What was submitted, for an interrupt before or after all of it."""
        if not self._made:
            return "Nothing was sent."
        return f"What was submitted is paid for: {self._again(self._made)}"

    async def go(self) -> int:
        """Submit, wait, save, and tell of it."""
        with telling() as tell:
            async with open_client(self._choices.plan) as bria:
                requests = [await _with_picture(each) for each in self._choices.requests]
                async with anyio.create_task_group() as tasks:
                    # Heard from before the first submit on.
                    await tasks.start(self._listen, tasks.cancel_scope, tell)
                    await self._submit(bria, requests, tell)
                    await self._wait(tell)
                    tasks.cancel_scope.cancel()
        return self._conclude()

    async def _listen(
        self,
        scope: anyio.CancelScope,
        tell: Telling,
        *,
        task_status: TaskStatus[None] = anyio.TASK_STATUS_IGNORED,
    ) -> None:
        with anyio.open_signal_receiver(signal.SIGINT, signal.SIGTERM) as signals:
            task_status.started()
            async for _signal in signals:
                scope.cancel()
                if self._submitting is not None and not self._interrupted:
                    tell.say(
                        "Waiting for the answer to the submit, so that its id is not lost. "
                        "Ctrl-C again leaves at once."
                    )
                elif self._submitting is not None:
                    self._is_lost = True
                    self._submitting.cancel()
                self._interrupted = True
                if self._submitting is None:
                    return

    async def _submit(self, bria: TailoredClient, requests: list[Request], tell: Telling) -> None:
        self._made = [_Made(job=bria.job(each)) for each in self._choices.resumed]
        if requests:
            tell.say(_price(requests))
        for request in requests:
            if self._interrupted:
                return
            try:
                job = await self._one(bria, request)
            except BriaError as error:
                self._error = error
                return
            if job is None:
                return
            self._made.append(_Made(job=job))
            tell.say(f"Submitted as job {job.request_id}.")

    async def _one(self, bria: TailoredClient, request: Request) -> Job[Result] | None:
        """Submit one. An interrupt waits for its answer, the second one does not."""
        job: Job[Result] | None = None
        with anyio.CancelScope(shield=True) as self._submitting:
            # One of the three overloads stands for all of them here.
            job = await bria.submit(cast("ImageRequest", request))
        self._submitting = None
        return job

    async def _wait(self, tell: Telling) -> None:
        if not self._made:
            return
        tell.now("Waiting for Bria", *self._counts())
        async with anyio.create_task_group() as tasks:
            for made in self._made:
                tasks.start_soon(self._finish, made, tell)
        tell.hide()

    async def _finish(self, made: _Made, tell: Telling) -> None:
        try:
            made.result = result = await made.job.result(timeout=self._choices.timeout)
            if result.warning:
                tell.say(f"Bria says of job {made.job.request_id}: {result.warning}")
            await self._save(made, result)
        except BriaError as error:
            made.error = error
        made.is_finished = True
        tell.now("Waiting for Bria", *self._counts())

    def _counts(self) -> tuple[int, int] | tuple[None, None]:
        if len(self._made) < 2:
            return None, None
        return sum(each.is_finished for each in self._made), len(self._made)

    async def _save(self, made: _Made, result: Result) -> None:
        """Put a result into its file.

        Raises:
            DownloadError: It could not be fetched, or not be written.
        """
        if isinstance(result, StructuredPromptResult):
            if self._choices.out is not None:
                path = self._path(result, "json")
                await anyio.to_thread.run_sync(_write, path, result.structured_prompt)
                made.file = path
        elif isinstance(result, ImageResult):
            made.file = await result.save(self._path(result, ending(result.image_url, "png")))
        elif isinstance(result, VideoResult):
            made.file = await result.save(self._path(result, ending(result.video_url, "mp4")))

    def _path(self, result: Result, ext: str) -> Path:
        """Where a result goes. Of several, none goes where another or an older file is."""
        out = self._choices.out
        own = re.sub(r"[^\w.-]", "_", result.request_id).lstrip(".") or "result"
        if out is None or out.is_dir():
            return (out or Path()) / f"{own}.{ext}"
        if self._choices.count == 1:
            return out
        number = 1
        while True:
            path = out.with_name(f"{out.stem}-{number}{out.suffix or f'.{ext}'}")
            if path not in self._names and not path.exists():
                self._names.add(path)
                return path
            number += 1

    def _conclude(self) -> int:
        if self._choices.as_json:
            print_json({"jobs": [_as_data(each) for each in self._made]})
        else:
            for made in self._made:
                _tell(made)
        errors = [made.error for made in self._made if made.error is not None]
        for error in errors:
            say(f"Error: {_sentence(error)}", err=True)
        if self._error is not None:
            errors.append(self._error)
            say(f"Error: {self._error}", err=True)
        if self._interrupted:
            say(f"\nInterrupted. {self._where_it_stands()}", err=True)
        open_jobs = [each for each in self._made if each.is_open]
        if open_jobs:
            click.echo(f"To go on, without paying again:\n  {self._again(open_jobs)}", err=True)
        if self._interrupted:
            return INTERRUPTED
        return max(map(exit_code, errors)) if errors else 0

    def _where_it_stands(self) -> str:
        left = len(self._choices.requests) + len(self._choices.resumed) - len(self._made)
        if self._is_lost:
            return "One submit had no answer yet: it may have been billed, and its id is not known."
        if left:
            return f"{counted(left, 'request')} of {self._choices.count} never left."
        return "What was submitted goes on at Bria and is paid for."

    def _again(self, jobs: list[_Made]) -> str:
        ids = " ".join(f"--resume {each.job.request_id}" for each in jobs)
        out = "" if self._choices.out is None else f" --out {_quoted(self._choices.out)}"
        replace = " --replace" if self._choices.replace else ""
        return f"bria-tailored generate {ids}{out}{replace}"


async def _with_picture(request: Request) -> Request:
    """The request, with the picture of a clip checked and ready to be sent.

    Raises:
        InvalidInputError: It cannot be read, or Bria would refuse it.
    """
    if not isinstance(request, VideoRequest):
        return request
    picture = await prepare(request.image, 0)
    return attrs.evolve(request, image=picture.wire)


def _price(requests: list[Request]) -> str:
    kinds = {
        ImageRequest: (JobKind.IMAGE, "picture"),
        StructuredPromptRequest: (JobKind.STRUCTURED_PROMPT, "structured prompt"),
        VideoRequest: (JobKind.VIDEO, "clip"),
    }
    kind, noun = kinds[type(requests[0])]
    price = getattr(Prices(), kind.value)
    what = counted(len(requests), noun)
    if price is None:
        return f"Bria bills {what}; it publishes no price for that."
    return f"Bria bills {what}: about ${price * len(requests)}, by its documentation."


def _sentence(error: BriaError) -> str:
    if isinstance(error, WaitTimeout):
        return (
            f"Job {error.request_id} is still {error.status} after {error.seconds:.0f} s. It goes "
            "on at Bria and is paid for."
        )
    return str(error)


def _tell(made: _Made) -> None:
    if made.file is not None:
        seed = getattr(made.result, "seed", None)
        click.echo(f"Saved {made.file}" + ("." if seed is None else f" (seed {seed})."))
    elif isinstance(made.result, StructuredPromptResult):
        click.echo(made.result.structured_prompt)


def _as_data(made: _Made) -> dict[str, Any]:
    result = made.result
    state = made.job.state
    data: dict[str, Any] = {
        "request_id": made.job.request_id,
        "kind": made.job.kind.value if made.job.kind else None,
        "state": (JobState.COMPLETED if result else state).value,
        "file": None if made.file is None else str(made.file),
        "error": None if made.error is None else str(made.error),
    }
    for name in ("seed", "prompt", "refined_prompt", "structured_prompt", "warning"):
        data[name] = getattr(result, name, None)
    return data


def _quoted(path: Path) -> str:
    import shlex

    return shlex.quote(str(path))


def _write(path: Path, text: str) -> None:
    try:
        with replacing(path) as file:
            file.write(text)
    except OSError as error:
        raise DownloadError(
            f"{path} cannot be written: {error.strerror}. Choose another place.", path=str(path)
        ) from error
