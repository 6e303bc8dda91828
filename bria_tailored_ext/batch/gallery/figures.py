"""The charts of one journal."""

from __future__ import annotations

import sqlite3
from itertools import pairwise

from bria_tailored_ext.batch.gallery.charts import (
    Bars,
    buckets,
    figure,
    histogram,
    length,
    number,
    quantile,
)

_MOST = 200_000
"""Values that one chart is drawn from; a longer batch is drawn from its last ones."""


def figures(journal: sqlite3.Connection) -> str:
    """Throughput, latency and polls, as HTML."""
    return "".join(
        figure(chart) for chart in (_throughput(journal), _latency(journal), _polls(journal))
    )


def _throughput(journal: sqlite3.Connection) -> Bars:
    found = journal.execute(
        "SELECT saved_at FROM requests WHERE saved_at IS NOT NULL AND run = "
        "(SELECT max(run) FROM requests WHERE saved_at IS NOT NULL) ORDER BY number DESC LIMIT ?",
        (_MOST,),
    )
    width, counts = buckets([row[0] for row in found])
    # The end of the last bar is not reached, so its rate says nothing.
    whole = counts[:-1] if len(counts) > 1 else counts
    return Bars(
        title="Files saved",
        unit="per minute",
        values=[count * 60.0 / width for count in whole],
        labels=[length(place * width) for place in range(len(whole))],
        note="last run that saved any",
    )


def _latency(journal: sqlite3.Connection) -> Bars:
    found = journal.execute(
        "SELECT finished_at - submitted_at FROM requests WHERE finished_at >= submitted_at"
        " AND state IN ('saved', 'finished') ORDER BY number DESC LIMIT ?",
        (_MOST,),
    )
    seconds = [row[0] for row in found]
    values, labels = histogram(seconds)
    note = ""
    if seconds:
        note = (
            f"half within {length(quantile(seconds, 0.5))}, "
            f"95 % within {length(quantile(seconds, 0.95))}"
        )
    return Bars(
        title="From submit to finished", unit="jobs", values=values, labels=labels, note=note
    )


def _polls(journal: sqlite3.Connection) -> Bars:
    """Status polls per finished job, by run; its samples tell."""
    runs = journal.execute(
        "SELECT run, max(polls) - min(polls) AS polls, max(finished) AS finished,"
        " max(refusals) - min(refusals) AS refusals FROM samples GROUP BY run ORDER BY run"
    ).fetchall()
    # A run that found everything done says nothing.
    last = next((row["run"] for row in reversed(runs) if row["polls"]), 0)
    samples = journal.execute(
        "SELECT at, polls, finished FROM samples WHERE run = ? ORDER BY at", (last,)
    ).fetchall()
    every = max(1, len(samples) // 40)
    thinned = [*samples[::every], *samples[-1:]]
    values: list[float] = []
    labels: list[str] = []
    for before, after in pairwise(thinned):
        minutes = (after["at"] - before["at"]) / 60.0
        if minutes > 0:
            values.append((after["polls"] - before["polls"]) / minutes)
            labels.append(length(after["at"] - samples[0]["at"]))
    polls = sum(row["polls"] for row in runs)
    finished = sum(row["finished"] for row in runs)
    refusals = sum(row["refusals"] for row in runs)
    per_job = f"{number(polls / finished)} a job" if finished else "no job finished"
    note = f"last run that polled; {per_job} in all runs, {number(refusals)} refused (429)"
    return Bars(title="Status polls", unit="per minute", values=values, labels=labels, note=note)
