"""Batches from their requests to their files."""

from __future__ import annotations

import io
import json
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import closing
from typing import TYPE_CHECKING, Any

import anyio
import httpx
import pytest
from PIL import Image

from bria_tailored.models import ImageRequest
from bria_tailored_ext.batch import (
    Outcome,
    OutcomeState,
    read_durations,
    read_outcomes,
    read_status,
    run_batch,
)
from bria_tailored_ext.client.tailored_client import TailoredClient
from bria_tailored_ext.sandbox import Fault
from bria_tailored_ext.values.errors import (
    BatchInputError,
    BatchStopped,
    ConfigurationError,
    DownloadError,
    JobFailed,
    SubmitOutcomeUnknown,
    WaitTimeout,
)
from bria_tailored_ext.values.plan import Plan

if TYPE_CHECKING:
    from tests.batch.conftest import Shop

pytestmark = pytest.mark.anyio

Whole = Callable[[Iterable[Outcome]], bool]
SUBMIT = "generate-image"


def states(outcomes: dict[str, Outcome]) -> dict[str, OutcomeState]:
    return {name: outcome.state for name, outcome in outcomes.items()}


def journaled(shop: Shop, query: str) -> list[Any]:
    with closing(sqlite3.connect(shop.journal)) as connection:
        return connection.execute(query).fetchall()


async def until(there: Callable[[], bool]) -> None:
    with anyio.fail_after(10):
        while not there():  # noqa: ASYNC110 - it is the batch that is watched, from outside
            await anyio.sleep(0.005)


async def test_every_request_gets_one_outcome_and_its_file(
    shop: Shop, files_are_whole: Whole
) -> None:
    """Submitted once, saved under its name, and the checksum is the file's."""
    told = await shop.run(shop.rows(30))

    assert set(told) == {f"r{number}" for number in range(30)}
    assert {outcome.state for outcome in told.values()} == {OutcomeState.COMPLETED}
    assert files_are_whole(told.values())
    assert shop.billed() == shop.network.posts() == 30
    first = told["r0"]
    assert first.file == shop.out / f"r0-{first.seed}.png"
    assert isinstance(first.request, ImageRequest)
    assert first.request.prompt == "teapot 0"
    assert first.attempts == 1
    times = first.times
    assert times.intended
    assert times.submitted
    assert times.finished
    assert times.saved
    assert times.intended <= times.submitted <= times.finished <= times.saved


async def test_started_again_it_touches_nothing_that_is_final(shop: Shop) -> None:
    """The same journal again: no outcome is told twice, nothing is sent."""
    await shop.run(shop.rows(10))
    sent = len(shop.network.sent)

    async with shop.batch(shop.rows(10)) as batch:
        assert [outcome async for outcome in batch] == []
        assert batch.statistics().already_final == 10
    assert len(shop.network.sent) == sent


async def test_a_longer_input_goes_on_where_the_shorter_one_ended(shop: Shop) -> None:
    """Only what the journal does not know is submitted."""
    await shop.run(shop.rows(5))

    assert set(await shop.run(shop.rows(8))) == {"r5", "r6", "r7"}
    assert shop.billed() == 8


async def test_each_step_is_on_disk_before_the_next_relies_on_it(shop: Shop) -> None:
    """Another connection reads the intent at the POST, the id at the poll, the name at the file."""
    seen: list[tuple[str, str]] = []

    async def look(request: httpx.Request) -> None:
        what = request.url.path
        [(state, request_id, file)] = journaled(
            shop, "SELECT state, request_id, file FROM requests"
        )
        if request.method == "POST":
            seen.append(("POST", state))
        elif "/status/" in what:
            assert what.endswith(request_id)
            seen.append(("status", state))
        else:
            assert file
            seen.append(("file", state))

    shop.network.before.append(look)
    await shop.run(shop.rows(1))

    assert seen == [("POST", "intent"), ("status", "submitted"), ("file", "finished")]


async def test_a_submit_of_unknown_fate_is_reported_and_left_alone(shop: Shop) -> None:
    """The default policy: told in every run until the user settles it, never sent again."""
    shop.sandbox.faults.add(Fault(kind="reset_after", operation=SUBMIT, count=1))

    for _run in range(2):
        [outcome] = (await shop.run(shop.rows(1))).values()
        assert outcome.state is OutcomeState.UNKNOWN
        assert isinstance(outcome.error, SubmitOutcomeUnknown)
    assert shop.billed() == shop.network.posts() == 1
    [unknown] = read_status(shop.journal).unknown
    assert unknown.id == "r0"


async def test_an_unknown_one_is_submitted_again_only_if_the_user_says_so(shop: Shop) -> None:
    """`resubmit` buys a second job; the journal says that both may have been billed."""
    shop.sandbox.faults.add(Fault(kind="reset_after", operation=SUBMIT, count=1))
    await shop.run(shop.rows(1))

    [outcome] = (await shop.run(shop.rows(1), on_unknown="resubmit")).values()

    assert outcome.state is OutcomeState.COMPLETED
    assert outcome.attempts == 2
    assert shop.billed() == 2
    assert read_status(shop.journal).cost == pytest.approx(0.06)


async def test_resubmitting_in_the_same_run_has_an_end(shop: Shop) -> None:
    """A Bria that always breaks off is not paid for ever."""
    shop.sandbox.faults.add(Fault(kind="reset_after", operation=SUBMIT))

    [outcome] = (await shop.run(shop.rows(1), on_unknown="resubmit")).values()

    assert outcome.state is OutcomeState.UNKNOWN
    assert shop.billed() == outcome.attempts == 4


async def test_a_skipped_one_is_final(shop: Shop) -> None:
    """`skip` is told once, and the request is over."""
    shop.sandbox.faults.add(Fault(kind="reset_after", operation=SUBMIT, count=1))

    told = await shop.run(shop.rows(1), on_unknown="skip")

    assert states(told) == {"r0": OutcomeState.SKIPPED}
    assert await shop.run(shop.rows(1), on_unknown="resubmit") == {}
    assert shop.billed() == 1


async def test_a_job_that_fails_is_told_with_its_reason(shop: Shop) -> None:
    """Failed is final, and costs; `retry_failed` takes it up again."""
    shop.sandbox.faults.add(Fault(kind="job_failed", operation=SUBMIT, count=1))

    [outcome] = (await shop.run(shop.rows(1))).values()
    assert outcome.state is OutcomeState.FAILED
    assert isinstance(outcome.error, JobFailed)
    assert await shop.run(shop.rows(1)) == {}

    again = await shop.run(shop.rows(1), retry_failed=True)
    assert states(again) == {"r0": OutcomeState.COMPLETED}
    assert shop.billed() == 2


async def test_a_job_that_outlasts_the_timeout_stays_open_for_the_next_run(shop: Shop) -> None:
    """It is paid for: the next run waits for the same job, and submits nothing."""
    fault = Fault(kind="stuck", operation="get-status")
    shop.sandbox.faults.add(fault)
    [outcome] = (await shop.run(shop.rows(1), timeout=0.3)).values()
    assert outcome.state is OutcomeState.OPEN
    assert isinstance(outcome.error, WaitTimeout)

    shop.sandbox.faults.clear()
    again = await shop.run([])
    assert states(again) == {"r0": OutcomeState.COMPLETED}
    assert shop.billed() == 1


async def test_a_file_that_cannot_be_fetched_is_fetched_by_the_next_run(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The job is paid for and finished: nothing is submitted again."""
    monkeypatch.setattr("bria_tailored_ext.batch.saving._PAUSE", 0.001)
    shop.sandbox.faults.add(Fault(kind="status", operation="get-file", status=404))
    [outcome] = (await shop.run(shop.rows(1))).values()
    assert outcome.state is OutcomeState.UNSAVED
    assert isinstance(outcome.error, DownloadError)
    assert outcome.file is None

    shop.sandbox.faults.clear()
    again = await shop.run(shop.rows(1))
    assert states(again) == {"r0": OutcomeState.COMPLETED}
    assert shop.billed() == 1


async def test_downloads_do_not_hold_up_submits(shop: Shop) -> None:
    """With every download stuck, all requests are submitted all the same."""
    go_on = anyio.Event()

    async def hold(request: httpx.Request) -> None:
        if "/files/" in request.url.path:
            await go_on.wait()

    shop.network.before.append(hold)
    told: list[Outcome] = []
    async with shop.batch(shop.rows(20), in_flight=2, downloads_at_once=1) as batch:
        await until(lambda: shop.network.posts() == 20)
        go_on.set()
        told.extend([outcome async for outcome in batch])

    assert len(told) == 20


async def test_jobs_in_flight_are_bounded(shop: Shop) -> None:
    """No more than `in_flight` jobs are open at Bria, and no more submits than asked for."""
    most = {"in flight": 0, "posting": 0}
    posting = 0

    async def look(request: httpx.Request) -> None:
        nonlocal posting
        most["in flight"] = max(most["in flight"], batch.statistics().in_flight)
        if request.method == "POST":
            posting += 1
            most["posting"] = max(most["posting"], posting)
            await anyio.sleep(0.005)
            posting -= 1

    shop.network.before.append(look)
    async with shop.batch(shop.rows(25), in_flight=5, submits_at_once=3) as batch:
        told = [outcome async for outcome in batch]

    assert len(told) == 25
    assert most == {"in flight": 5, "posting": 3}


async def test_a_consumer_who_does_not_take_outcomes_stops_the_spending(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Memory is bounded: what is told and not taken holds up the submits."""
    monkeypatch.setattr("bria_tailored_ext.batch.batch._UNTAKEN", 3)
    monkeypatch.setattr("bria_tailored_ext.batch.engine._BACKLOG", 4)
    async with shop.batch(shop.rows(30), in_flight=2) as batch:
        await anyio.sleep(0.4)
        submitted = batch.statistics().submitted
        assert submitted <= 3 + 4 + 2
        told = [outcome async for outcome in batch]

    assert len(told) == 30


async def test_leaving_early_leaves_a_journal_to_go_on_with(shop: Shop) -> None:
    """A break ends every task; the next run pays for nothing again."""
    async with shop.batch(shop.rows(30), in_flight=10) as batch:
        async for _outcome in batch:
            break
    sent = len(shop.network.sent)
    await anyio.sleep(0.05)
    assert len(shop.network.sent) == sent

    await shop.run(shop.rows(30))
    outcomes = list(read_outcomes(shop.journal))
    assert {outcome.state for outcome in outcomes} == {OutcomeState.COMPLETED}
    assert len(outcomes) == shop.billed() == 30


async def test_a_cancelled_batch_waits_for_the_answers_to_its_submits(shop: Shop) -> None:
    """An answer on its way is paid for: its id is written down before the batch is gone."""
    posted = anyio.Event()

    async def slow(request: httpx.Request) -> None:
        if request.method == "POST":
            posted.set()
            await anyio.sleep(0.2)

    shop.network.before.append(slow)
    async with shop.batch(shop.rows(1)):
        await posted.wait()

    assert journaled(shop, "SELECT state FROM requests") == [("submitted",)]
    assert shop.billed() == 1


async def test_a_submit_that_never_left_is_not_unknown_after_a_cancellation(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What waited for the plan has not left this machine, and can be submitted again."""
    monkeypatch.setattr("bria_tailored_ext.batch.submitting.GRACE", 0.05)
    async with (
        # In real time: it is the waiting that is cancelled.
        TailoredClient(
            api_token=shop.sandbox.api_token,
            base_url=shop.sandbox.base_url,
            plan=Plan(requests_per_minute=3),
        ) as bria,
        run_batch(bria, shop.rows(9), journal=shop.journal, output_dir=shop.out) as batch,
    ):
        await until(lambda: batch.statistics().submitted == 3)
        await anyio.sleep(0.05)
        assert ("intent",) in journaled(shop, "SELECT DISTINCT state FROM requests")

    assert set(journaled(shop, "SELECT state, submits, cost FROM requests")) == {
        ("submitted", 1, 30000),
        ("planned", 0, 0),
    }


async def test_a_submit_that_gets_no_answer_in_time_is_unknown(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has left: nobody knows. The intent says so, and the next run lists it."""
    monkeypatch.setattr("bria_tailored_ext.batch.submitting.GRACE", 0.05)
    shop.sandbox.faults.add(Fault(kind="slow", operation=SUBMIT, seconds=1.0))
    async with shop.batch(shop.rows(1)):
        await until(lambda: shop.network.posts() == 1)
        await anyio.sleep(0.1)

    assert journaled(shop, "SELECT state FROM requests") == [("intent",)]
    assert states(await shop.run(shop.rows(1))) == {"r0": OutcomeState.UNKNOWN}


async def test_asked_to_stop_it_finishes_what_is_paid_for(shop: Shop) -> None:
    """`stop` submits nothing more, and the iteration ends by itself."""
    told: list[Outcome] = []
    async with shop.batch(shop.rows(15), in_flight=5) as batch:
        async for outcome in batch:
            told.append(outcome)
            batch.stop()

    assert 1 <= len(told) < 15
    assert len(told) == shop.billed()
    assert {outcome.state for outcome in told} == {OutcomeState.COMPLETED}
    assert len(await shop.run(shop.rows(15))) == 15 - len(told)


async def test_without_async_with_it_says_how_to_use_it(shop: Shop) -> None:
    """Its tasks need a place to live; nothing is sent before there is one."""
    with pytest.raises(RuntimeError, match="async with run_batch"):
        async for _outcome in shop.batch(shop.rows(1)):
            pass
    assert shop.network.posts() == 0


async def test_what_the_body_raises_comes_out_as_it_is(shop: Shop) -> None:
    """No group around it."""
    with pytest.raises(ZeroDivisionError):  # noqa: PT012
        async with shop.batch(shop.rows(5)) as batch:
            async for _outcome in batch:
                raise ZeroDivisionError


async def test_an_async_iterable_is_taken_as_it_comes(shop: Shop) -> None:
    """A request that is there is not held up by one that is not."""
    first_done = anyio.Event()

    async def coming() -> AsyncIterator[ImageRequest]:
        yield ImageRequest(tailored_model_id=shop.model, prompt="one")
        await first_done.wait()
        yield ImageRequest(tailored_model_id=shop.model, prompt="two")

    told: list[str] = []
    async with shop.batch(coming()) as batch:
        async for outcome in batch:
            told.append(outcome.id)
            first_done.set()

    assert told == ["1", "2"]


async def test_an_iterable_that_breaks_loses_nothing(shop: Shop) -> None:
    """What came before is finished and told; then its own error comes out."""

    def breaking() -> Iterator[dict[str, Any]]:
        yield from shop.rows(10)
        raise LookupError("the database is gone")

    told: list[Outcome] = []
    with pytest.raises(LookupError):  # noqa: PT012
        async with shop.batch(breaking()) as batch:
            async for outcome in batch:
                told.append(outcome)

    assert len(told) == shop.billed() == 10


@pytest.mark.parametrize("apart", [0, 5])
async def test_an_id_that_comes_twice_is_not_paid_for_twice(
    shop: Shop, apart: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether the first one is about to be submitted, or long done."""
    monkeypatch.setattr("bria_tailored_ext.batch.sources._SMALL_PIECE", 2)
    rows = shop.rows(1) + shop.rows(apart, first=1) + shop.rows(1)

    with pytest.raises(BatchInputError, match="'r0' is there twice"):
        await shop.run(rows)
    assert shop.billed() <= apart + 1
    assert read_status(shop.journal).is_done


async def test_a_changed_request_under_an_old_id_is_refused(shop: Shop) -> None:
    """The journal's answer would be another one than was asked for."""
    await shop.run(shop.rows(2))
    rows = shop.rows(2)
    rows[1]["prompt"] = "a cup"

    with pytest.raises(BatchInputError, match="knows 'r1' as another request"):
        await shop.run(rows)
    assert shop.billed() == 2


async def test_a_file_is_checked_as_a_whole_before_anything_is_sent(shop: Shop) -> None:
    """Every wrong line is named, and no journal is begun."""
    lines = [json.dumps(row) for row in shop.rows(3)]
    lines.insert(1, '{"id": "x", "tailored_model_id": "7", "promt": "typo"}')
    lines.append("{")
    path = shop.folder / "rows.jsonl"
    path.write_text("\n".join(lines))

    with pytest.raises(BatchInputError) as caught:
        await shop.run(path)

    assert caught.value.count == 2
    assert [problem.partition(":")[0] for problem in caught.value.problems] == ["line 2", "line 5"]
    assert shop.network.posts() == 0
    assert not shop.journal.exists()


async def test_a_file_is_run_and_taken_up_again(shop: Shop, files_are_whole: Whole) -> None:
    """Rows without an id are known by their place."""
    path = shop.folder / "rows.csv"
    lines = [f"{shop.model},teapot {number},{number}" for number in range(7)]
    path.write_text("\n".join(["tailored_model_id,prompt,seed", *lines]))

    told = await shop.run(path)

    assert set(told) == {str(number) for number in range(1, 8)}
    assert told["3"].seed == 2
    assert files_are_whole(told.values())
    assert await shop.run(path) == {}


async def test_structured_prompts_and_videos_have_files_too(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A structured prompt is saved as JSON, a video of an earlier picture as it comes."""
    monkeypatch.setattr(
        "bria_tailored_ext.sandbox.files.animate",
        lambda *_, **__: b"\0\0\0\x18ftypmp42" + b"x" * 90,
    )
    monkeypatch.setattr("bria_tailored_ext.sandbox.generation_rules.MIN_SIDE", 1, raising=False)
    big = shop.folder / "big.png"
    big.write_bytes(large_png())
    rows = [
        {"id": "s", "kind": "structured_prompt", "tailored_model_id": shop.model, "prompt": "cup"},
        {"id": "v", "kind": "video", "tailored_model_id": shop.model, "image_file": str(big)},
    ]

    told = await shop.run(rows)

    assert states(told) == dict.fromkeys("sv", OutcomeState.COMPLETED), told
    text, film = told["s"].file, told["v"].file
    assert text is not None
    assert text.suffix == ".json"
    assert json.loads(text.read_text())["short_description"]
    assert film is not None
    assert film.suffix == ".mp4"


def large_png() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (512, 512), (90, 80, 200)).save(out, "PNG")
    return out.getvalue()


async def test_names_that_meet_get_a_number(shop: Shop) -> None:
    """Nothing is overwritten: not another request's file, not a stranger's."""
    shop.out.mkdir()
    stranger = shop.out / "a_b.png"
    stranger.write_text("mine")
    rows = [
        {**row, "id": name} for row, name in zip(shop.rows(3), ("a/b", "a:b", "A?B"), strict=True)
    ]

    told = await shop.run(rows, name="{id}.{ext}")

    assert stranger.read_text() == "mine"
    names = [outcome.file.name for outcome in told.values() if outcome.file]
    assert len({name.casefold() for name in names}) == 3
    assert all(outcome.file.parent == shop.out for outcome in told.values() if outcome.file)


async def test_failures_in_a_row_stop_the_batch(shop: Shop) -> None:
    """What everything fails of is not paid for a thousand times."""
    shop.sandbox.faults.add(Fault(kind="job_failed", operation=SUBMIT))

    with pytest.raises(BatchStopped) as caught:
        await shop.run(shop.rows(100), max_failures=5, in_flight=2)

    assert caught.value.reason == "failures"
    assert isinstance(caught.value.__cause__, JobFailed)
    assert 5 <= shop.billed() <= 8


async def test_the_ceiling_counts_every_run(shop: Shop) -> None:
    """`max_cost` is what all runs of the journal may spend together."""
    await shop.run(shop.rows(3))

    with pytest.raises(BatchStopped) as caught:
        await shop.run(shop.rows(10), max_cost="0.16")

    assert caught.value.reason == "cost"
    assert shop.billed() == 5
    assert len(await shop.run(shop.rows(10), max_cost="0.30")) == 5


async def test_the_manifest_is_the_journals(shop: Shop) -> None:
    """A line per file, with all that it takes to make it again."""
    told = await shop.run(shop.rows(4))

    lines = [json.loads(line) for line in (shop.out / "manifest.jsonl").read_text().splitlines()]

    assert {line["id"] for line in lines} == set(told)
    for line in lines:
        outcome = told[line["id"]]
        assert line["sha256"] == outcome.sha256
        assert line["request_id"] == outcome.request_id
        assert line["seed"] == outcome.seed
        assert line["model"] == shop.model
        assert json.loads(line["structured_prompt"])
        assert (shop.out / line["file"]).stat().st_size == line["bytes"]
    assert "r0" in (shop.out / "gallery" / "rows-1.js").read_text()


async def test_a_batch_that_waits_for_its_source_can_be_stopped(shop: Shop) -> None:
    """A queue that gives nothing more holds nobody."""

    async def waiting() -> AsyncIterator[dict[str, Any]]:
        yield shop.rows(1)[0]
        await anyio.sleep_forever()

    told: list[Outcome] = []
    with anyio.fail_after(10):
        async with shop.batch(waiting()) as batch:
            async for outcome in batch:
                told.append(outcome)
                batch.stop()

    assert [outcome.state for outcome in told] == [OutcomeState.COMPLETED]


async def test_a_journal_keeps_to_its_folder(shop: Shop) -> None:
    """A second folder would leave half of the files behind; a moved one is found."""
    await shop.run(shop.rows(1))
    elsewhere = shop.folder / "elsewhere"

    with pytest.raises(ConfigurationError, match="pass that as output_dir"):
        async with run_batch(shop.bria, [], journal=shop.journal, output_dir=elsewhere):
            pass

    elsewhere.rmdir()
    shop.out.rename(elsewhere)
    async with run_batch(shop.bria, [], journal=shop.journal, output_dir=elsewhere) as batch:
        assert [outcome async for outcome in batch] == []
    [outcome] = read_outcomes(shop.journal)
    assert outcome.file is not None
    assert outcome.file.parent == elsewhere.absolute()
    assert outcome.file.exists()


async def test_a_batch_is_used_once(shop: Shop) -> None:
    """The journal is what goes on, not the object."""
    batch = shop.batch([])
    async with batch:
        pass
    with pytest.raises(RuntimeError, match="used once"):
        async with batch:
            pass


async def test_what_was_learned_of_durations_is_kept(shop: Shop) -> None:
    """For the next client's first looks."""
    assert read_durations(shop.journal) is None
    await shop.run(shop.rows(5))
    assert read_durations(shop.journal) == shop.bria.durations()
