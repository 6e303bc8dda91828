"""A batch at work: requests in, outcomes out, everything in the journal first."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from functools import partial
from pathlib import Path
from typing import Any, cast

import anyio
from anyio.abc import TaskGroup

from bria_tailored_ext.batch import entries, schema, verdicts
from bria_tailored_ext.batch.journaled_errors import error_of
from bria_tailored_ext.batch.outcomes import Outcome, OutcomeState
from bria_tailored_ext.batch.progress import Counts, Under, instant, taken_up
from bria_tailored_ext.batch.rows import Row
from bria_tailored_ext.batch.saving import Saver
from bria_tailored_ext.batch.settings import Settings
from bria_tailored_ext.batch.sources import Requests, changed, file_of, pieces
from bria_tailored_ext.batch.stopping import Stopping
from bria_tailored_ext.batch.submitting import NotSubmitted, Submitter
from bria_tailored_ext.batch.writer import JournalWriter
from bria_tailored_ext.client.job import Job
from bria_tailored_ext.client.tailored_client import TailoredClient
from bria_tailored_ext.edge.looking import STATUS_ROUTE
from bria_tailored_ext.values.errors import BatchInputError, BriaError, UnexpectedAnswerError
from bria_tailored_ext.values.jobs import Result

_BACKLOG = 1000
"""Finished jobs that may wait for their download before submits are held up."""

_PAGE = 200
"""Requests of earlier runs that are read from the journal at once."""

_LOOKS = 3
"""Answers that cannot be read before a job is taken to have no other."""

_RESUBMITS = 3
"""Submits of unknown fate that are followed by another, where that is the user's policy."""

_SAMPLE_SECONDS = 5.0
"""Between two points of the charts."""

Tell = Callable[[Outcome], Awaitable[None]]


class Engine:
    """One run over one journal.

    Args:
        bria: The client.
        requests: What to do.
        settings: How.
        journal: The writer of the journal.
        run: This run's number.
        counts: Of this run; others may read them.
        tell: Takes each outcome; what it waits for holds up the batch.
    """

    def __init__(
        self,
        bria: TailoredClient,
        requests: Requests,
        settings: Settings,
        journal: JournalWriter,
        run: int,
        counts: Counts,
        tell: Tell,
    ) -> None:
        self._bria = bria
        self._requests = requests
        self._settings = settings
        self._journal = journal
        self._run = run
        self._counts = counts
        self._tell_consumer = tell
        self.stopping: Stopping = Stopping(settings, counts)
        file = file_of(requests)
        folder = file.parent if file else Path()
        self._submitter = Submitter(
            bria, journal, run, counts, self.stopping, settings.prices, folder
        )
        self._saver = Saver(journal, run, settings, bria.clock)
        self._in_flight = anyio.Semaphore(settings.in_flight, fast_acquire=True)
        self._submits = anyio.Semaphore(settings.submits_at_once, fast_acquire=True)
        self._under_way: set[str] = set()
        self._last = 0
        self._next_sample = 0.0
        self._backlog = anyio.Semaphore(_BACKLOG, fast_acquire=True)
        self._downloads = anyio.Semaphore(settings.downloads_at_once, fast_acquire=True)

    async def run(self) -> None:
        """Work until every request has an outcome, or the batch stops.

        Raises:
            BatchStopped: It stopped before the end; what was paid for is finished.
            BatchInputError: A request cannot be one, or is another than the journal's.
            JournalError: The journal cannot be written.
        """
        finished = False
        self._sample()
        try:
            async with anyio.create_task_group() as around:
                around.start_soon(self._submitter.let_submits_answer)
                async with anyio.create_task_group() as under_way:
                    await self._feed(under_way)
                around.cancel_scope.cancel()
            finished = True
        except ExceptionGroup as group:
            raise _first(group) from None
        finally:
            if not finished:
                self._submitter.take_back()
            self._sample()
        self.stopping.raise_if_stopped()

    async def _feed(self, tasks: TaskGroup) -> None:
        try:
            await self._take_up(tasks)
            async with aclosing(pieces(self._requests)) as found:
                while piece := await self._next(found):
                    if not await self._begin(tasks, piece):
                        return
        except Exception as error:
            # What is paid for is finished all the same; then this is raised.
            self.stopping.stop_for(error)

    async def _next(self, found: AsyncGenerator[list[Row], None]) -> list[Row]:
        """Some requests; none at the end, and when the batch stops."""
        none: list[Row] = []
        with self.stopping.waiting():
            return await anext(found, none)
        return none

    async def _begin(self, tasks: TaskGroup, piece: list[Row]) -> bool:
        """Submit what the journal does not know yet; whether the batch goes on."""
        ids = [row.id for row in piece]
        known = await self._journal.write(partial(entries.lookup, ids=ids))
        for row in piece:
            found = known.get(row.id)
            if self._is_new(row, found) and not await self._start(tasks, Under(row=row)):
                return False
        return True

    def _is_new(self, row: Row, found: entries.Found | None) -> bool:
        if found is None:
            if row.id in self._under_way:
                raise _twice(row)
            return True
        if found.digest != row.digest:
            raise BatchInputError(changed(row), problems=(changed(row),))
        if found.number > self._last:
            raise _twice(row)
        self._counts.already_final += found.state in schema.FINAL and found.run != self._run
        return False

    async def _take_up(self, tasks: TaskGroup) -> None:
        """Go on with what earlier runs left, whatever the input has to say about it."""
        self._last = await self._journal.write(entries.last_number)
        after = 0
        while not self.stopping.now:
            page = await self._journal.write(
                partial(
                    entries.pending,
                    after=after,
                    last=self._last,
                    limit=_PAGE,
                    failed=self._settings.retry_failed,
                )
            )
            if not page:
                return
            for number, known in page:
                after = number
                if not await self._go_on(tasks, known, taken_up(known)):
                    return

    async def _go_on(self, tasks: TaskGroup, known: entries.Known, under: Under) -> bool:
        state = known.state
        if state == schema.FAILED and not verdicts.may_try_again(known.columns["error_kind"]):
            return True
        if state == schema.UNKNOWN and self._settings.on_unknown != "resubmit":
            await self._settle(under, error_of(known.columns), fresh=False)
            return True
        if state in (schema.SUBMITTED, schema.FINISHED) and under.request_id:
            await self._in_flight.acquire()
            self._counts.in_flight += 1
            # With its kind and age, the looks at it are well aimed.
            job = self._bria.job(
                under.request_id, under.row.kind, submitted_at=instant(under.submitted_at)
            )
            tasks.start_soon(self._one, under, job)
            return not self.stopping.now
        under.request_id = under.submitted_at = under.finished_at = None
        return await self._start(tasks, under)

    async def _start(self, tasks: TaskGroup, under: Under) -> bool:
        """Submit a request as soon as there is a place for it; whether the batch goes on."""
        await self._in_flight.acquire()
        await self._submits.acquire()
        if self.stopping.now or not self.stopping.may_spend(under.row.kind):
            self._submits.release()
            self._in_flight.release()
            return False
        self._counts.in_flight += 1
        self._under_way.add(under.row.id)
        tasks.start_soon(self._one, under, None)
        return True

    async def _one(self, under: Under, job: Job[Any] | None) -> None:
        """One request, from its submit or its job to its outcome."""
        try:
            job = job or await self._submit(under)
            result = None if job is None else await self._result(under, job)
            if result is None:
                return
            await self._saver.finish(under, result)
            await self._backlog.acquire()
        finally:
            # From here on the journal knows it.
            self._under_way.discard(under.row.id)
            self._counts.in_flight -= 1
            self._in_flight.release()
        self._counts.finished += 1
        self._counts.saving += 1
        try:
            await self._save(under, result)
        finally:
            self._counts.saving -= 1
            self._backlog.release()

    async def _submit(self, under: Under) -> Job[Any] | None:
        """The job of a request; `None` if there is none, and that has been told."""
        try:
            while True:
                try:
                    return await self._submitter.submit(under)
                except NotSubmitted as refused:
                    if not self._again(under, refused.verdict):
                        await self._refused(under, refused)
                        return None
        finally:
            self._submits.release()

    def _again(self, under: Under, verdict: verdicts.Verdict) -> bool:
        """Whether a submit of unknown fate is followed by another, by the user's policy."""
        under.resubmits += 1
        return (
            verdict is verdicts.Verdict.UNKNOWN
            and self._settings.on_unknown == "resubmit"
            and under.resubmits <= _RESUBMITS
            and not self.stopping.now
            and self.stopping.may_spend(under.row.kind)
        )

    async def _refused(self, under: Under, refused: NotSubmitted) -> None:
        match refused.verdict:
            case verdicts.Verdict.ACCOUNT:
                self.stopping.stop_for_account(refused.error)
            case verdicts.Verdict.UNREACHABLE if not self.stopping.now:
                self.stopping.stop_unreachable(refused.error)
            case verdicts.Verdict.UNREACHABLE | verdicts.Verdict.TOO_MANY:
                pass  # The batch stops already; it is planned for the next run.
            case verdicts.Verdict.UNKNOWN:
                await self._settle(under, refused.error)
            case verdicts.Verdict.FAILED:
                await self._tell(under, OutcomeState.FAILED, refused.error)

    async def _settle(self, under: Under, error: BriaError | None, *, fresh: bool = True) -> None:
        """Leave an unknown one, of this run or an earlier one, as the user's policy wants it."""
        state = OutcomeState.UNKNOWN
        if self._settings.on_unknown == "skip":
            state = OutcomeState.SKIPPED
            await self._journal.write(partial(entries.skipped, name=under.row.id, run=self._run))
        await self._tell(under, state, error, fresh=fresh)

    async def _fail(self, under: Under, error: BriaError) -> None:
        under.finished_at = self._submitter.now()
        await self._journal.write(
            partial(
                entries.failed,
                row=under.row,
                run=self._run,
                error=error,
                cost=0,
                now=under.finished_at,
            )
        )
        await self._tell(under, OutcomeState.FAILED, error)

    async def _result(self, under: Under, job: Job[Any]) -> Result | None:
        """What a job made; `None` if that is nothing, and that has been told."""
        try:
            return await self._patient_result(job)
        except BriaError as error:
            is_final = isinstance(error, UnexpectedAnswerError) and job.state.is_final
            if verdicts.ends_job(error) or is_final:
                await self._fail(under, error)
                return None
            if isinstance(error, verdicts.REFUSED_BY_THE_ACCOUNT):
                self.stopping.stop_for_account(error)
            await self._journal.write(
                partial(entries.trouble, name=under.row.id, run=self._run, error=error)
            )
            await self._tell(under, OutcomeState.OPEN, error)
            return None

    async def _patient_result(self, job: Job[Any]) -> Result:
        for look in range(1, _LOOKS + 1):
            try:
                result: Result = await job.result(timeout=self._settings.timeout)
                return result
            except UnexpectedAnswerError:
                # Rubbish from something on the way says nothing about the job.
                if job.state.is_final or look == _LOOKS:
                    raise
        raise AssertionError("the last look returns or raises")

    async def _save(self, under: Under, result: Result) -> None:
        try:
            async with self._downloads:
                await self._saver.save(under, result)
        except BriaError as error:
            await self._journal.write(
                partial(entries.trouble, name=under.row.id, run=self._run, error=error)
            )
            await self._tell(under, OutcomeState.UNSAVED, error)
        else:
            await self._tell(under, OutcomeState.COMPLETED, None)

    async def _tell(
        self, under: Under, state: OutcomeState, error: BriaError | None, *, fresh: bool = True
    ) -> None:
        self._counts.outcomes[state] += 1
        if fresh:
            self.stopping.note(state, error)
        if self._bria.clock.monotonic() >= self._next_sample:
            self._sample()
        await self._tell_consumer(under.outcome(state, self._settings.output_dir, error))

    def _sample(self) -> None:
        self._next_sample = self._bria.clock.monotonic() + _SAMPLE_SECONDS
        self._journal.post(partial(entries.sample, values=self._sampled()))

    def _sampled(self) -> tuple[float, ...]:
        counts, total = self._counts, self._bria.statistics().endpoints.get(STATUS_ROUTE)
        outcomes = counts.outcomes
        return (
            self._run,
            self._submitter.now(),
            counts.submitted,
            counts.finished,
            outcomes[OutcomeState.COMPLETED],
            outcomes[OutcomeState.FAILED] + outcomes[OutcomeState.UNKNOWN],
            total.attempts if total else 0,
            total.refusals if total else 0,
        )


def _twice(row: Row) -> BatchInputError:
    sentence = f"The id {row.id!r} is there twice. Each request of a batch needs one of its own."
    return BatchInputError(sentence, problems=(sentence,))


def _first(group: ExceptionGroup[Exception]) -> Exception:
    first = group.exceptions[0]
    while isinstance(first, ExceptionGroup):
        first = cast("ExceptionGroup[Exception]", first).exceptions[0]
    return first
