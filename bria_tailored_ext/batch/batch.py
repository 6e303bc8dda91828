"""`run_batch`: thousands of requests, none lost, none paid for twice."""

from __future__ import annotations

import json
import sqlite3
from contextlib import ExitStack
from decimal import Decimal
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

import anyio
import anyio.to_thread
from anyio.abc import TaskGroup

from bria_tailored_ext.batch import entries
from bria_tailored_ext.batch.costs import MILLIONTHS, Estimate, Prices, estimate
from bria_tailored_ext.batch.engine import Engine
from bria_tailored_ext.batch.journal import is_journal, locked_journal, readable_journal
from bria_tailored_ext.batch.outcomes import BatchStatistics, Outcome
from bria_tailored_ext.batch.progress import Counts
from bria_tailored_ext.batch.settings import OnUnknown, Settings
from bria_tailored_ext.batch.sources import Checked, Requests, check_file, file_of
from bria_tailored_ext.batch.stopping import check_prices
from bria_tailored_ext.batch.writer import JournalWriter
from bria_tailored_ext.client.tailored_client import TailoredClient
from bria_tailored_ext.values.errors import ConfigurationError
from bria_tailored_ext.values.plan import Plan, PlanName, resolve_plan

_UNTAKEN = 100
"""Outcomes that may wait for the consumer before the batch does."""


def run_batch(
    bria: TailoredClient,
    requests: Requests,
    *,
    journal: str | Path,
    output_dir: str | Path,
    name: str = "{id}-{seed}.{ext}",
    on_unknown: OnUnknown = "report",
    retry_failed: bool = False,
    in_flight: int = 200,
    submits_at_once: int = 8,
    downloads_at_once: int = 16,
    max_failures: int | None = 25,
    max_cost: Decimal | float | str | None = None,
    prices: Prices | None = None,
    timeout: float | None = 3600.0,
    gallery: bool = True,
) -> Batch:
    """Submit requests, wait for them, save what comes, and tell of each as it is done.

        async with run_batch(bria, "prompts.jsonl", journal="j.db", output_dir="out") as batch:
            async for outcome in batch:
                print(outcome.id, outcome.state, outcome.file)

    Started again with the same journal, it goes on: what has a job is never submitted again, and
    what is final is not touched and not told again. Whoever takes outcomes slowly holds up the
    batch: some hundred may wait, then nothing more is submitted. Leaving the `async with` early
    stops the batch; what is running at Bria then is in the journal, for the next run.

    Args:
        bria: An open client; its plan sets the pace.
        requests: Generated request models or dicts of their fields, from an iterable or an async
            iterable; or a file, `.jsonl`, `.csv`, `.parquet` or a grid in `.yaml`, which is
            checked as a whole before the first submit.
        journal: The SQLite file that knows what was intended and what came of it.
        output_dir: Where files, `manifest.jsonl` and `index.html` go; made if it is not there.
        name: How files are named, of `{id}`, `{seed}`, `{model}`, `{kind}` and `{ext}`.
        on_unknown: What becomes of a request whose submit may or may not have been carried out:
            "report" it, "resubmit" it at the risk of paying twice, or "skip" it for good.
        retry_failed: Whether requests that failed in an earlier run are submitted again; not
            those that moderation refused.
        in_flight: Jobs under way at once.
        submits_at_once: Submits under way at once: what a dying process may leave unknown.
        downloads_at_once: Files fetched at once, beside the submits.
        max_failures: Stop after so many failures in a row; `None` for never.
        max_cost: Stop before all runs of this journal may have spent more, in US dollars.
        prices: What requests cost.
        timeout: Seconds to wait for one job; `None` for ever. It stays open for the next run.
        gallery: Whether to write `manifest.jsonl` and `index.html` at the end of the run.

    Returns:
        An async iterator of outcomes, which is also an async context manager.

    Raises:
        ConfigurationError: A setting cannot be right.

    Entering it raises:
        BatchInputError: The file is wrong; says where. Nothing was sent.
        JournalInUse: Another process works with the journal.
        JournalError: It is no journal, or of another version; it was left as it was.

    Iterating raises, after the outcomes of everything that was paid for:
        BatchStopped: The account refuses, a limit was reached, or Bria cannot be reached.
        BatchInputError: A request of the iterable is wrong.
        JournalError: The journal cannot be written.
    """
    settings = Settings(
        journal=Path(journal),
        output_dir=Path(output_dir),
        name=name,
        on_unknown=on_unknown,
        retry_failed=retry_failed,
        in_flight=in_flight,
        submits_at_once=submits_at_once,
        downloads_at_once=downloads_at_once,
        max_failures=max_failures,
        max_cost=max_cost,
        prices=prices or Prices(),
        timeout=timeout,
        gallery=gallery,
    )
    return Batch(bria, requests, settings)


class Batch:
    """A batch, from `async with` to its end. Made by `run_batch`, used once.

    Its tasks live inside the `async with`, so that none outlives it.
    """

    def __init__(self, bria: TailoredClient, requests: Requests, settings: Settings) -> None:
        self._bria = bria
        self._requests = requests
        self._settings = settings
        self._counts = Counts()
        self._engine: Engine | None = None
        self._stop_asked = False
        self._failure: Exception | None = None
        self._tasks: TaskGroup | None = None
        self._run_number = 0
        self._used = False
        self.checked: Checked | None = None
        """What the check of the file found; `None` for an iterable."""

    async def __aenter__(self) -> Self:
        if self._used:
            raise RuntimeError("A batch is used once. Call run_batch again to go on.")
        self._used = True
        await self._check()
        with ExitStack() as stack:
            self._journal = _opened(stack, self._settings)
            send, self._outcomes = anyio.create_memory_object_stream[Outcome](_UNTAKEN)
            stack.callback(self._outcomes.close)
            self._tell = send
            self._tasks = anyio.create_task_group()
            await self._tasks.__aenter__()
            self._tasks.start_soon(self._work)
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop what is still under way, and close the journal."""
        assert self._tasks is not None  # noqa: S101 - it was entered
        with self._stack:
            self._tasks.cancel_scope.cancel()
            # Its tasks raise nothing; what the body raised goes on without a group around it.
            await self._tasks.__aexit__(None, None, None)

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Outcome:
        if self._tasks is None:
            raise RuntimeError(
                "Use a batch as `async with run_batch(...) as batch: async for outcome in batch`: "
                "its tasks live inside the `async with`."
            )
        try:
            return await self._outcomes.receive()
        except (anyio.EndOfStream, anyio.ClosedResourceError):
            failure, self._failure = self._failure, None
            if failure is not None:
                raise failure from failure.__cause__
            raise StopAsyncIteration from None

    def stop(self) -> None:
        """Submit nothing more; the iteration ends when what is paid for is finished."""
        self._stop_asked = True
        if self._engine is not None:
            self._engine.stopping.ask()

    def statistics(self) -> BatchStatistics:
        """What this run has done so far."""
        counts = self._counts
        return BatchStatistics(
            submitted=counts.submitted,
            in_flight=counts.in_flight,
            saving=counts.saving,
            already_final=counts.already_final,
            outcomes=dict(counts.outcomes),
            cost=counts.spent / MILLIONTHS,
        )

    async def _check(self) -> None:
        path = file_of(self._requests)
        if path is None:
            return
        self.checked = await checked_file(path, self._settings.journal)
        for kind in self.checked.remaining:
            check_prices(self._settings, kind)

    async def _work(self) -> None:
        """The whole run. What it raises goes to the consumer, not to the tasks beside it."""
        how = "left"
        writer = JournalWriter(self._journal, str(self._settings.journal))
        try:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(writer.run)
                try:
                    how = await self._run(writer)
                finally:
                    try:
                        self._conclude(writer, how)
                    finally:
                        writer.close()
            if self._settings.gallery:
                await self._leave_behind()
        except Exception as error:
            self._failure = self._failure or error
        finally:
            self._tell.close()

    def _conclude(self, writer: JournalWriter, how: str) -> None:
        learned = json.dumps(self._bria.durations().to_dict())
        writer.post(partial(entries.remember, name=entries.DURATIONS, value=learned))
        writer.post(partial(entries.end, run=self._run_number, now=self._now(), how=how))

    async def _run(self, writer: JournalWriter) -> str:
        self._run_number = await writer.write(partial(entries.begin, now=self._now()))
        self._counts.spent = await writer.write(entries.spent)
        folder = str(self._settings.output_dir.absolute())
        writer.post(partial(entries.remember, name=entries.OUTPUT_DIR, value=folder))
        engine = Engine(
            self._bria,
            self._requests,
            self._settings,
            writer,
            self._run_number,
            self._counts,
            self._tell.send,
        )
        if self._stop_asked:
            engine.stopping.ask()
        self._engine = engine
        try:
            await engine.run()
        except Exception as error:
            # Raised by the iteration, after the outcomes of what was paid for.
            self._failure = error
        return engine.stopping.how

    async def _leave_behind(self) -> None:
        # Imported here: nothing else of a run needs it.
        from bria_tailored_ext.batch.gallery import write_gallery

        await anyio.to_thread.run_sync(
            partial(write_gallery, self._settings.journal, self._settings.output_dir)
        )

    def _now(self) -> float:
        return self._bria.clock.now().timestamp()


async def checked_file(path: Path, journal: Path) -> Checked:
    """Check a file as a whole, and against the journal, if there is one.

    Raises:
        BatchInputError: Lists what is wrong, with line numbers.
        JournalError: The journal is none, or of another version.
    """
    with ExitStack() as stack:
        known = None
        if is_journal(journal):
            known = stack.enter_context(readable_journal(journal))
        return await check_file(path, known)


async def estimate_batch(
    requests: str | Path,
    *,
    journal: str | Path | None = None,
    prices: Prices | None = None,
    plan: PlanName | Plan | None = None,
) -> Estimate:
    """Check a file as a whole, and say what is still to be done. Nothing is sent or written.

    Args:
        requests: The file.
        journal: What has been done of it, if there is one.
        prices: What requests cost.
        plan: The account's, for the time.

    Raises:
        BatchInputError: The file is wrong; says where.
        JournalError: The journal is none, or of another version.
        ConfigurationError: What reads such a file is not installed.
    """
    resolved = resolve_plan(plan)
    if journal is None:
        checked = await check_file(Path(requests))
    else:
        checked = await checked_file(Path(requests), Path(journal))
    return estimate(
        checked.remaining,
        done=checked.known,
        prices=prices or Prices(),
        rate=None if resolved is None else resolved.requests_per_minute,
    )


def _opened(stack: ExitStack, settings: Settings) -> sqlite3.Connection:
    try:
        settings.output_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigurationError(
            f"output_dir {settings.output_dir} cannot be made: {error.strerror}. Choose another "
            "place."
        ) from error
    # Opening and closing flush to disk; they are short.
    journal = stack.enter_context(locked_journal(settings.journal))
    former = entries.recall(journal, entries.OUTPUT_DIR)
    if former and Path(former).is_dir() and not settings.output_dir.samefile(former):
        raise ConfigurationError(
            f"The files of {settings.journal} are in {former}: pass that as output_dir, or move "
            f"that folder to {settings.output_dir} first."
        )
    return journal
