"""The submits of a batch: intent on disk, one POST, and what its answer means."""

from __future__ import annotations

import base64
from collections.abc import Generator
from contextlib import contextmanager
from copy import copy
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import anyio.lowlevel
import anyio.to_thread
import attrs

from bria_tailored.models import VideoRequest
from bria_tailored_ext.batch import entries, verdicts
from bria_tailored_ext.batch.columns import IMAGE_FILE
from bria_tailored_ext.batch.costs import Prices
from bria_tailored_ext.batch.outcomes import Request
from bria_tailored_ext.batch.progress import Counts, Under
from bria_tailored_ext.batch.rows import Row
from bria_tailored_ext.batch.stopping import Stopping
from bria_tailored_ext.batch.writer import JournalWriter
from bria_tailored_ext.client.job import Job
from bria_tailored_ext.client.tailored_client import TailoredClient
from bria_tailored_ext.rules import patience
from bria_tailored_ext.rules.jobs import SUBMIT_PATHS
from bria_tailored_ext.values.errors import (
    ApiError,
    BriaError,
    InvalidInputError,
    JournalError,
    NoAnswerError,
    SubmitOutcomeUnknown,
)
from bria_tailored_ext.values.jobs import JobKind

GRACE = 2.0
"""Seconds that submits have to be answered in, when everything else is being cancelled."""

_PAUSES = (1.0, 5.0, 15.0)
"""Seconds between submits that could not reach Bria."""

_BUSY = 10.0
"""Seconds before another submit where Bria takes no more for now, and does not say how long."""


@attrs.frozen
class NotSubmitted(Exception):
    """A submit did not make a job.

    Attributes:
        verdict: What that means.
        error: Why.
    """

    verdict: verdicts.Verdict
    error: BriaError


class Submitter:
    """Submits requests, each at most once unless its first submit certainly did not arrive.

    Args:
        bria: The client.
        journal: Where the intent is written before, and the job's id after.
        run: This run's number.
        counts: Of this run.
        stopping: Whether the batch is to go on.
        prices: What a submit may cost.
        folder: Where `image_file` starts from.
    """

    def __init__(
        self,
        bria: TailoredClient,
        journal: JournalWriter,
        run: int,
        counts: Counts,
        stopping: Stopping,
        prices: Prices,
        folder: Path,
    ) -> None:
        self._bria = bria
        self._journal = journal
        self._run = run
        self._counts = counts
        self._stopping = stopping
        self._folder = folder
        self._prices = {kind: prices.of(kind) or 0 for kind in JobKind}
        self._posting: set[anyio.CancelScope] = set()
        self._grace = float("inf")
        self._left_before = self._left()

    def price(self, row: Row) -> int:
        """What one submit may cost, in millionths of a dollar."""
        return self._prices[row.kind]

    async def submit(self, under: Under) -> Job[Any]:
        """Make one job of a request; its id is on disk when this returns.

        Raises:
            NotSubmitted: There is no job, or nobody knows.
            JournalError: The journal cannot be written.
        """
        row = under.row
        try:
            request = await self._request(under)
        except InvalidInputError as error:
            # Before the intent: it has nothing to do with Bria.
            under.finished_at = self.now()
            self._counts.spent -= self.price(row)
            await self._fail(under, error, cost=0)
            raise NotSubmitted(verdicts.Verdict.FAILED, error) from error
        under.intended_at = self.now()
        await self._intend(under)
        try:
            job = await self._posted(request)
        except JournalError:
            raise
        except BriaError as error:
            verdict = verdicts.of_submit(error)
            named = getattr(error, "request_id", None)
            if verdict is not verdicts.Verdict.UNKNOWN or not isinstance(named, str) or not named:
                await self._note(under, verdict, error)
                raise NotSubmitted(verdict, error) from error
            # The answer broke off, but it had named the job.
            job = self._bria.job(named)
        under.submits += 1
        under.request_id, under.submitted_at = job.request_id, self.now()
        self._counts.submitted += 1
        await self._shielded(
            partial(entries.submitted, name=row.id, request_id=job.request_id, now=self.now())
        )
        return job

    async def let_submits_answer(self) -> None:
        """Sleep until cancelled; then give the submits under way a little time, and no more.

        None at all if the journal breaks: an id could not be kept, and what has not left yet
        is not to be paid for. The intents in the journal tell of the others.
        """
        try:
            await self._journal.broken.wait()
            self._hurry(0.0)
            await anyio.sleep_forever()
        finally:
            self._hurry(GRACE)

    def _hurry(self, seconds: float) -> None:
        self._grace = min(seconds, self._grace)
        for scope in self._posting:
            scope.deadline = anyio.current_time() + self._grace

    def take_back(self) -> None:
        """After a cancellation: if no submit had left without an answer, none is unknown."""
        if self._left() - self._left_before <= self._counts.answered:
            prices = {kind.value: price for kind, price in self._prices.items()}
            self._journal.post(partial(entries.none_sent, run=self._run, prices=prices))

    def now(self) -> float:
        """Unix seconds."""
        return self._bria.clock.now().timestamp()

    async def _intend(self, under: Under) -> None:
        entry = partial(
            entries.intent,
            row=under.row,
            run=self._run,
            cost=self.price(under.row),
            now=under.intended_at or 0.0,
        )
        try:
            await self._journal.write(entry)
        except BaseException:
            # Cancelled while it was being written: nothing has left.
            self._take_back_one(under)
            raise

    def _take_back_one(self, under: Under) -> None:
        self._journal.post(partial(entries.not_sent, name=under.row.id, cost=self.price(under.row)))

    async def _posted(self, request: Request) -> Job[Any]:
        """The job of one POST, sent again only while it certainly never arrived."""
        tries = 0
        while True:
            try:
                return await self._post(request)
            except BriaError as error:
                match verdicts.of_submit(error):
                    case verdicts.Verdict.TOO_MANY if not self._stopping.now:
                        # The account is busy elsewhere: the batch goes slower, and goes on.
                        pause = max(patience.asked_for(error), _BUSY)
                    case verdicts.Verdict.UNREACHABLE if (
                        tries < len(_PAUSES) and not self._stopping.now
                    ):
                        pause = _PAUSES[tries]
                    case _:
                        raise
                tries += 1
                with self._stopping.waiting():
                    await self._bria.clock.sleep(pause)
                if self._stopping.now:
                    raise

    async def _post(self, request: Request) -> Job[Any]:
        with self._answerable() as scope:
            try:
                job: Job[Any] = await self._bria.submit(request)
            except (ApiError, NoAnswerError, SubmitOutcomeUnknown):
                self._counts.answered += 1
                raise
            self._counts.answered += 1
            return job
        # The time for an answer is over: the intent in the journal says that nobody knows.
        if self._journal.failure is not None:
            raise self._journal.failure
        await anyio.lowlevel.checkpoint_if_cancelled()
        raise AssertionError(f"{scope} was cancelled alone")

    @contextmanager
    def _answerable(self) -> Generator[anyio.CancelScope]:
        """A place that cancellation reaches only after `GRACE`: an answer is paid for."""
        deadline = anyio.current_time() + self._grace
        with anyio.CancelScope(shield=True, deadline=deadline) as scope:
            self._posting.add(scope)
            try:
                yield scope
            finally:
                self._posting.discard(scope)

    async def _note(self, under: Under, verdict: verdicts.Verdict, error: BriaError) -> None:
        name, price, now = under.row.id, self.price(under.row), self.now()
        match verdict:
            case verdicts.Verdict.UNKNOWN:
                under.submits += 1
                entry = partial(entries.unknown, name=name, run=self._run, error=error, now=now)
            case verdicts.Verdict.FAILED:
                under.submits += 1
                under.finished_at = now
                self._counts.spent -= price
                await self._fail(under, error, cost=price)
                return
            case _:
                self._counts.spent -= price
                entry = partial(entries.not_sent, name=name, cost=price)
        await self._shielded(entry)

    async def _fail(self, under: Under, error: BriaError, *, cost: int) -> None:
        await self._shielded(
            partial(
                entries.failed,
                row=under.row,
                run=self._run,
                error=error,
                cost=cost,
                now=under.finished_at or 0.0,
            )
        )

    async def _shielded(self, entry: entries.Write) -> None:
        # What an answer said is written down, whatever is being cancelled.
        with anyio.CancelScope(shield=True):
            await self._journal.write(entry)

    async def _request(self, under: Under) -> Request:
        request = under.request
        if isinstance(request, VideoRequest) and f'"{IMAGE_FILE}":' in under.row.body:
            path = self._folder / request.image
            try:
                data = await anyio.to_thread.run_sync(path.read_bytes)
            except (OSError, ValueError) as error:
                raise InvalidInputError(f"image_file {path} cannot be read: {error}.") from error
            # A copy: megabytes of base64 are not kept for the outcome.
            request = copy(request)
            request.image = base64.b64encode(data).decode()
        return request

    def _left(self) -> int:
        """Submits that left this client, each counted once however often it was tried."""
        endpoints = self._bria.statistics().endpoints
        rows = [endpoints.get(f"POST {path}") for path in SUBMIT_PATHS.values()]
        return sum(row.attempts - row.retries for row in rows if row)
