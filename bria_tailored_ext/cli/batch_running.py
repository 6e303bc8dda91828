"""`bria-tailored batch run`: the run itself, its signals and its exit code."""

from __future__ import annotations

import signal
import sys
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import anyio
import attrs
import click

from bria_tailored_ext.batch import (
    Batch,
    OutcomeState,
    Prices,
    estimate_batch,
    read_durations,
    run_batch,
)
from bria_tailored_ext.batch.settings import OnUnknown
from bria_tailored_ext.cli.account import open_client, plan_of, print_json
from bria_tailored_ext.cli.application import (
    FAILED,
    INTERRUPTED,
    REFUSED_BY_THE_ACCOUNT,
    WRONG_USE,
    exit_code,
)
from bria_tailored_ext.cli.batch_telling import BatchTelling, telling_of_batch, write_pages
from bria_tailored_ext.cli.telling import in_words
from bria_tailored_ext.values.errors import (
    BatchStopped,
    BriaError,
    ConfigurationError,
    JournalError,
)


@attrs.frozen(kw_only=True)
class Choices:
    """What the command line asks for."""

    file: Path
    out: Path
    journal: Path
    plan: str
    prices: Prices
    dry_run: bool
    max_cost: str | None
    on_unknown: OnUnknown
    retry_failed: bool
    max_failures: int
    in_flight: int
    name: str
    timeout: float
    as_json: bool


@attrs.define
class _Went:
    """How a run went."""

    interrupted: int = 0
    error: BriaError | None = None
    started: bool = False
    left: bool = False
    under_way: int = 0
    outcomes: Counter[OutcomeState] = attrs.field(factory=Counter[OutcomeState])


def run(choices: Choices) -> None:
    """Run a batch, or say what it would take; ends the program with its exit code."""
    if choices.dry_run:
        anyio.run(_dry_run, choices)
    else:
        sys.exit(anyio.run(_run, choices))


async def _dry_run(choices: Choices) -> None:
    journal = choices.journal if choices.journal.exists() else None
    found = await estimate_batch(
        choices.file, journal=journal, prices=choices.prices, plan=plan_of(choices.plan)
    )
    most = _dollars(choices)
    if choices.as_json:
        print_json(
            {
                "requests": {kind.value: count for kind, count in found.count.items()},
                "total": found.total,
                "already_submitted": found.done,
                "cost": None if found.cost is None else float(found.cost),
                "seconds": found.seconds,
            }
        )
        return
    kinds = ", ".join(f"{count:,} {kind.value}" for kind, count in found.count.items() if count)
    click.echo(f"{found.total:,} requests to submit{f': {kinds}' if kinds else ''}.")
    if found.done:
        click.echo(f"{found.done:,} more were submitted before.")
    click.echo(_cost(found.cost))
    if found.seconds is None:
        click.echo("Time: unknown without a plan.")
    else:
        click.echo(f"Time: {in_words(found.seconds)} at least, at the plan's pace.")
    if most is not None and found.cost is not None:
        verdict = "stops it before the end" if found.cost > most else "suffices"
        click.echo(f"--max-cost {choices.max_cost} {verdict}.")


def _dollars(choices: Choices) -> Decimal | None:
    try:
        most = None if choices.max_cost is None else Decimal(choices.max_cost)
    except ArithmeticError:
        most = Decimal("nan")
    if most is not None and (not most.is_finite() or most < 0):
        raise ConfigurationError(
            f"--max-cost must be a number of dollars, 0 or more; it is {choices.max_cost!r}."
        )
    return most


def _cost(cost: Decimal | None) -> str:
    if cost is None:
        return "Cost: unknown; name the price that is missing with --price KIND=DOLLARS."
    return f"Cost: ${cost:,.2f} by the price table."


async def _run(choices: Choices) -> int:
    went = _Went()
    try:
        learned = read_durations(choices.journal)
    except JournalError:
        # The batch itself says so, and what to do.
        learned = None
    async with open_client(choices.plan, durations=learned) as bria:
        batch = run_batch(
            bria,
            choices.file,
            journal=choices.journal,
            output_dir=choices.out,
            name=choices.name,
            on_unknown=choices.on_unknown,
            retry_failed=choices.retry_failed,
            in_flight=choices.in_flight,
            max_failures=choices.max_failures or None,
            max_cost=choices.max_cost,
            prices=choices.prices,
            timeout=choices.timeout,
            gallery=False,
        )
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(_listen, batch, went, tasks.cancel_scope)
            await _consume(batch, went, choices)
            tasks.cancel_scope.cancel()
    return await _conclude(batch, went, choices)


async def _consume(batch: Batch, went: _Went, choices: Choices) -> None:
    try:
        async with batch:
            went.started = True
            checked = batch.checked
            total = sum(checked.count.values()) if checked else 0
            with telling_of_batch(total, quiet=choices.as_json) as tell:
                await _follow(batch, went, tell)
    except BriaError as error:
        went.error = error


async def _follow(batch: Batch, went: _Went, tell: BatchTelling) -> None:
    async for outcome in batch:
        went.outcomes[outcome.state] += 1
        tell.outcome(outcome, batch.statistics())


async def _listen(batch: Batch, went: _Went, scope: anyio.CancelScope) -> None:
    with anyio.open_signal_receiver(signal.SIGINT, signal.SIGTERM) as signals:
        async for _signal in signals:
            went.interrupted += 1
            flying = batch.statistics()
            went.under_way = flying.in_flight + flying.saving
            if went.interrupted > 1 or batch.checked is None:
                went.left = True
                scope.cancel()
                return
            batch.stop()
            click.echo(
                f"\nStopping: {went.under_way:,} requests that are paid for are "
                "being finished. Ctrl-C again leaves at once; the same command goes on later.",
                err=True,
            )


async def _conclude(batch: Batch, went: _Went, choices: Choices) -> int:
    """Write the pages, say how it ended, and give the exit code."""
    page: Path | None = None
    if went.started and not went.left:
        page = await anyio.to_thread.run_sync(write_pages, choices.journal, choices.out)
    if choices.as_json:
        print_json(_as_data(batch, went, choices))
    elif went.started:
        _tell(batch, went, page)
    if went.error is not None:
        click.echo(f"Error: {went.error}", err=True)
    if went.interrupted:
        left = f"{went.under_way:,} requests were under way. " if went.left else ""
        click.echo(f"Interrupted. {left}The same command goes on from here.", err=True)
    return _code(went)


def _code(went: _Went) -> int:
    if went.error is not None:
        if isinstance(went.error, BatchStopped):
            return REFUSED_BY_THE_ACCOUNT if went.error.reason == "account" else FAILED
        code = exit_code(went.error)
        # Wrong use is what keeps a batch from starting: later, something may be paid for.
        return FAILED if went.started and code == WRONG_USE else code
    if went.interrupted:
        return INTERRUPTED
    bad = sum(went.outcomes.values()) - went.outcomes[OutcomeState.COMPLETED]
    return FAILED if bad else 0


def _tell(batch: Batch, went: _Went, page: Path | None) -> None:
    found = batch.statistics()
    parts = [f"{count:,} {state.value}" for state, count in went.outcomes.items()]
    if found.already_final:
        parts.append(f"{found.already_final:,} final before")
    click.echo(f"{', '.join(parts) or 'Nothing was done'}. ${found.cost:,.2f} may be spent.")
    if page is not None:
        click.echo(f"Open {page} in a browser.")


def _as_data(batch: Batch, went: _Went, choices: Choices) -> dict[str, Any]:
    found = batch.statistics()
    return {
        "outcomes": {state.value: count for state, count in went.outcomes.items()},
        "already_final": found.already_final,
        "under_way": went.under_way,
        "cost": found.cost,
        "journal": str(choices.journal),
        "output_dir": str(choices.out),
        "interrupted": bool(went.interrupted),
        "error": None if went.error is None else str(went.error),
    }
