"""Training: it starts once, whatever happens."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import anyio
import httpx
import pytest

from bria_tailored_ext import (
    AuthenticationError,
    CreateModel,
    InvalidInputError,
    PreconditionError,
    StartTraining,
    SubmitOutcomeUnknown,
    TrainingError,
    TrainingFailed,
    TrainingStopped,
    TrainingStuck,
    TrainingTimeout,
)
from bria_tailored_ext.workflows import (
    TrainingProgress,
    stop_training,
    train,
    train_and_wait,
)

if TYPE_CHECKING:
    from tests.conftest import Script, VirtualClock
    from tests.workflows.conftest import Studio

pytestmark = pytest.mark.anyio

START = "POST /v1/tailored-gen/models/7/start_training"


def model(status: str, mode: str = "fully_automated") -> dict[str, Any]:
    return {"id": 7, "name": "x", "status": status, "training_mode": mode}


async def test_a_training_is_started_and_waited_for(studio: Studio) -> None:
    """Hours pass; few looks are spent; each is told."""
    model_id = await studio.model()
    told: list[TrainingProgress] = []
    before = studio.clock.monotonic()

    trained = await train_and_wait(studio.bria, model_id, on_progress=told.append)

    hours = (studio.clock.monotonic() - before) / 3600
    assert str(trained.status) == "Completed"
    assert 2 <= hours <= 6
    assert {each.model_id for each in told} == {model_id}
    assert [told[0].status, told[-1].status] == ["InProgress", "Completed"]
    assert [each.elapsed for each in told] == sorted(each.elapsed for each in told)
    assert len(told) < 60 * hours + 30


async def test_two_at_once_start_one_training(studio: Studio) -> None:
    """Two processes that call the same thing pay once."""
    model_id = await studio.model()
    done: list[str] = []

    async def one() -> None:
        done.append(str((await train_and_wait(studio.bria, model_id)).status))

    async with anyio.create_task_group() as tasks:
        for _ in range(4):
            tasks.start_soon(one)

    assert done == ["Completed"] * 4
    assert studio.network.count("POST", "start_training", below=300) == 1
    assert studio.billed().count("start-training") == 1


async def test_a_training_is_taken_up_again(studio: Studio) -> None:
    """After a timeout, or in another process: the same call goes on."""
    model_id = await studio.model()

    with pytest.raises(TrainingTimeout, match="already paid for: call train_and_wait") as caught:
        await train_and_wait(studio.bria, model_id, timeout=60)
    studio.sandbox.advance(hours=6)
    trained = await train_and_wait(studio.bria, caught.value.model_id)

    assert str(trained.status) == "Completed"
    assert str((await train_and_wait(studio.bria, model_id)).status) == "Completed"
    assert studio.billed().count("start-training") == 1


async def test_a_started_training_is_not_started_again(studio: Studio) -> None:
    """The status is looked at first."""
    model_id = await studio.model()
    first = await train(studio.bria, model_id)

    again = await train(studio.bria, model_id)

    assert (str(first.status), str(again.status)) == ("InProgress", "InProgress")
    assert studio.network.count("POST", "start_training") == 1


async def test_parameters_outside_the_expert_mode_are_refused_here(studio: Studio) -> None:
    """Bria would answer 400; nothing is sent for that."""
    model_id = await studio.model()

    with pytest.raises(InvalidInputError, match="create the model with training_mode='expert'"):
        await train(studio.bria, model_id, StartTraining(rank=64))

    assert studio.network.count("POST", "start_training") == 0
    assert studio.billed().count("start-training") == 0


async def test_an_expert_s_parameters_arrive(studio: Studio) -> None:
    """As they were given, and no others."""
    model_id = await studio.model("expert")

    started = await train(studio.bria, model_id, StartTraining(rank=64))

    assert started.training_parameters
    assert started.training_parameters.rank == 64


@pytest.mark.parametrize("mode", ["fully_automated", "expert"])
async def test_no_parameters_are_sent_unless_given(
    script: Script, clock: VirtualClock, mode: str
) -> None:
    """Unset means absent: a default that is sent is a 400."""
    network = script.network(
        script.answer(200, model("Created", mode)), script.answer(200, model("InProgress"))
    )

    async with script.client(network, clock=clock) as bria:
        await train(bria, 7)

    assert [seen.body for seen in network.seen] == [b"", b"{}"]


async def test_a_draft_cannot_be_trained_on(studio: Studio) -> None:
    """Bria's own refusal, typed."""
    dataset = await studio.filled()
    body = CreateModel(name="x", dataset_id=dataset)
    made = await studio.bria.models.create_model(body=body)

    with pytest.raises(PreconditionError):
        await train_and_wait(studio.bria, made.id)

    assert studio.billed().count("start-training") == 0


async def test_a_stopped_training_says_that_it_cannot_be_resumed(studio: Studio) -> None:
    """Stopping is not final; Stopped is."""
    model_id = await studio.model()
    await train(studio.bria, model_id)
    await studio.bria.models.stop_training(model_id)
    told: list[str] = []

    with pytest.raises(TrainingStopped, match=r"cannot be resumed.*another model") as caught:
        await train_and_wait(
            studio.bria, model_id, on_progress=lambda seen: told.append(seen.status)
        )

    assert caught.value.model_id == model_id
    assert (told[0], told[-1]) == ("Stopping", "Stopped")


@pytest.mark.parametrize("word", ["Failed", "failed", "FAILED"])
async def test_a_failed_training_says_what_to_do(
    script: Script, clock: VirtualClock, word: str
) -> None:
    """It cannot be started again; the sentence says what can be done."""
    network = script.network(script.answer(200, model(word)))

    async with script.client(network, clock=clock) as bria:
        with pytest.raises(TrainingFailed, match=r"failed at Bria.*create another model") as caught:
            await train_and_wait(bria, 7)

    assert caught.value.model_id == 7
    assert START not in network.asked


async def test_an_uploaded_model_in_lower_case_is_understood(
    script: Script, clock: VirtualClock
) -> None:
    """upload_model speaks of "syncing" and "completed"."""
    network = script.network(
        *[script.answer(200, model("syncing"))] * 3, script.answer(200, model("completed"))
    )

    async with script.client(network, clock=clock) as bria:
        assert str((await train_and_wait(bria, 7)).status).lower() == "completed"

    assert START not in network.asked


@pytest.mark.parametrize(
    "failure", [httpx.ConnectError, httpx.ReadTimeout, (503, b""), (429, "slow down")]
)
async def test_hours_of_waiting_survive_what_passes(
    script: Script, clock: VirtualClock, failure: Any
) -> None:
    """A restart at Bria, or a laptop that slept."""
    step = script.answer(*failure) if isinstance(failure, tuple) else script.fail(failure)
    network = script.network(
        script.answer(200, model("InProgress")),
        *[step] * 8,
        script.answer(200, model("InProgress")),
        script.answer(200, model("Completed")),
    )

    async with script.client(network, clock=clock) as bria:
        assert str((await train_and_wait(bria, 7)).status) == "Completed"


async def test_a_start_that_broke_off_but_worked_is_a_start(
    script: Script, clock: VirtualClock
) -> None:
    """The model itself shows whether it was started."""
    network = script.network(
        script.answer(200, model("Created")),
        script.fail(httpx.ReadError),
        script.answer(200, model("InProgress")),
    )

    async with script.client(network, clock=clock) as bria:
        assert str((await train(bria, 7)).status) == "InProgress"

    assert network.asked.count(START) == 1


@pytest.mark.parametrize("look", [(200, model("Created")), (503, b""), httpx.ConnectError])
async def test_a_start_that_broke_off_without_a_trace_is_unknown(
    script: Script, clock: VirtualClock, look: Any
) -> None:
    """Neither the model nor a look that fails too makes "nothing was done" of it."""
    step = script.answer(*look) if isinstance(look, tuple) else script.fail(look)
    network = script.network(
        script.answer(200, model("Created")), script.fail(httpx.ReadError), step
    )

    async with script.client(network, clock=clock) as bria:
        with pytest.raises(SubmitOutcomeUnknown) as caught:
            await train(bria, 7)

    assert isinstance(caught.value.__cause__, httpx.ReadError)
    assert network.asked.count(START) == 1


async def test_a_start_that_a_gateway_gave_up_on_is_not_repeated(
    script: Script, clock: VirtualClock
) -> None:
    """A 504 to a POST says nothing of the server behind it."""
    network = script.network(script.answer(200, model("Created")), script.answer(504, b""))

    async with script.client(network, clock=clock) as bria:
        with pytest.raises(SubmitOutcomeUnknown, match="before you send it again"):
            await train(bria, 7)

    assert network.asked.count(START) == 1


async def test_an_error_in_the_caller_s_progress_gets_out(
    script: Script, clock: VirtualClock
) -> None:
    """It is the caller's own, and is not swallowed."""
    network = script.network(script.answer(200, model("InProgress")))

    def broken(_seen: TrainingProgress) -> None:
        raise KeyError("mine")

    async with script.client(network, clock=clock) as bria:
        with pytest.raises(KeyError, match="mine"):
            await train_and_wait(bria, 7, on_progress=broken)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"rank": 0}, "rank must be a whole number, 1 or more; it is 0"),
        ({"rank": True}, "rank must be a whole number"),
        ({"total_training_steps": 1.5}, "total_training_steps must be a whole number"),
        ({"checkpoint_interval": -1}, "checkpoint_interval must be"),
        ({"lr_warmup_steps": -1}, "lr_warmup_steps must be a whole number, 0 or more"),
        ({"learning_rate": 0}, "learning_rate must be a number between 0 and 1"),
        ({"learning_rate": float("nan")}, "learning_rate must be"),
        ({"lr_scheduler": "warm"}, "lr_scheduler must be one of constant, constant_with_warmup"),
        ({"lr_scheduler": "cosine", "lr_warmup_steps": 5}, "has no effect"),
    ],
)
async def test_an_expert_s_parameters_are_checked_before_anything_is_sent(
    script: Script, values: dict[str, Any], words: str
) -> None:
    """A training that starts with the wrong ones is paid for."""
    network = script.network(script.answer(200, model("Created", "expert")))

    async with script.client(network) as bria:
        with pytest.raises(InvalidInputError, match=words):
            await train(bria, 7, StartTraining(**values))

    assert network.asked == []


async def test_a_training_is_stopped_only_if_that_is_meant(studio: Studio) -> None:
    """What was paid for it is lost; the sentence says so, and nothing is sent."""
    model_id = await studio.model()
    await train(studio.bria, model_id)

    with pytest.raises(InvalidInputError, match=r"cannot be resumed.*for_good=True"):
        await stop_training(studio.bria, model_id)
    assert studio.network.count("POST", "stop_training") == 0

    assert str((await stop_training(studio.bria, model_id, for_good=True)).status) == "Stopping"
    await stop_training(studio.bria, model_id, for_good=True)
    assert studio.network.count("POST", "stop_training") == 1


async def test_a_training_that_lasts_a_day_is_called_stuck(
    script: Script, clock: VirtualClock
) -> None:
    """It is an error of its own: it was not stopped, and is paid for."""
    network = script.network(script.answer(200, model("InProgress")))

    async with script.client(network, clock=clock) as bria:
        before = clock.monotonic()
        with pytest.raises(TrainingStuck, match=r"for 24 hours.*Bria's support") as caught:
            await train_and_wait(bria, 7)

    assert caught.value.model_id == 7
    assert 24 * 3600 <= clock.monotonic() - before < 25 * 3600


async def test_a_training_that_begins_now_is_not_stuck_by_the_age_of_its_model(
    script: Script, clock: VirtualClock
) -> None:
    """Bria need not have changed the model's date when it answers."""
    old = {"updated_at": "2025-12-01T00:00:00Z"}
    network = script.network(
        script.answer(200, model("Created") | old),
        script.answer(200, model("InProgress") | old),
        script.answer(200, model("InProgress") | old),
        script.answer(200, model("Completed")),
    )

    async with script.client(network, clock=clock) as bria:
        assert str((await train_and_wait(bria, 7)).status) == "Completed"


@pytest.mark.parametrize("pages", [1, 9])
async def test_a_page_of_maintenance_does_not_end_the_wait(
    script: Script, clock: VirtualClock, pages: int
) -> None:
    """A load balancer may answer 200 with HTML."""
    page = script.answer(200, b"<html>back soon</html>", content_type="text/html")
    network = script.network(
        script.answer(200, model("InProgress")),
        *[page] * pages,
        script.answer(200, model("Completed")),
    )

    async with script.client(network, clock=clock) as bria:
        assert str((await train_and_wait(bria, 7)).status) == "Completed"


async def test_pages_without_an_end_end_the_wait(script: Script, clock: VirtualClock) -> None:
    """After an hour, though the wait itself has no timeout."""
    page = script.answer(200, b"<html>back soon</html>", content_type="text/html")
    network = script.network(script.answer(200, model("InProgress")), *[page] * 200)

    async with script.client(network, clock=clock) as bria:
        before = clock.monotonic()
        with pytest.raises(TrainingError, match="no longer"):
            await train_and_wait(bria, 7)
    assert 3600 <= clock.monotonic() - before < 3800


async def test_a_token_that_is_rotated_does_not_end_the_wait(
    script: Script, clock: VirtualClock
) -> None:
    """The old one is refused for a while; the new one is found by the callable."""
    tokens = iter(["the-first-token"] * 3 + ["the-second-token"] * 9)
    network = script.network(
        script.answer(200, model("InProgress")),
        *[script.answer(401, "Unauthorized")] * 4,
        script.answer(200, model("Completed")),
    )

    async with script.client(network, clock=clock, api_token=lambda: next(tokens)) as bria:
        assert str((await train_and_wait(bria, 7)).status) == "Completed"

    used = [each.headers["api_token"] for each in network.seen]
    assert (used[0], used[-1]) == ("the-first-token", "the-second-token")


async def test_a_token_that_stays_refused_ends_the_wait(
    script: Script, clock: VirtualClock
) -> None:
    """After an hour; the id takes it up again."""
    network = script.network(
        script.answer(200, model("InProgress")), script.answer(401, "Unauthorized")
    )

    async with script.client(network, clock=clock) as bria:
        before = clock.monotonic()
        with pytest.raises(TrainingError, match="looked at no longer") as caught:
            await train_and_wait(bria, 7)

    assert caught.value.model_id == 7
    assert isinstance(caught.value.__cause__, AuthenticationError)
    assert 3600 <= clock.monotonic() - before < 3800


async def test_progress_estimates_by_the_organisation_s_past(
    script: Script, clock: VirtualClock
) -> None:
    """The median of its trained models; those that were changed long after tell nothing."""

    def trained(number: int, hours: float) -> dict[str, Any]:
        changed = datetime(2025, 1, 1) + timedelta(hours=hours)
        return {
            **model("Completed"),
            "id": number,
            "created_at": "2025-01-01T00:00:00",
            "updated_at": changed.isoformat(),
        }

    past = [trained(1, 2), trained(2, 3), trained(3, 4), trained(4, 700)]
    network = script.network(
        script.answer(200, model("InProgress")),
        script.answer(200, past),
        script.answer(200, model("InProgress")),
        script.answer(200, model("Completed")),
    )
    told: list[TrainingProgress] = []

    async with script.client(network, clock=clock) as bria:
        await train_and_wait(bria, 7, on_progress=told.append)

    assert told[0].remaining == pytest.approx(3 * 3600, abs=60)
    assert told[-1].remaining is None


async def test_progress_shows_the_checkpoints_of_an_expert(
    script: Script, clock: VirtualClock
) -> None:
    """As they appear; numbers, whatever the wire sent."""
    running = {**model("InProgress", "expert"), "checkpoint_steps": ["500"]}
    done = {**model("Completed", "expert"), "checkpoint_steps": ["1000", 500, "default"]}
    network = script.network(
        script.answer(200, running),
        script.answer(503, b""),
        script.answer(503, b""),
        script.answer(503, b""),
        script.answer(503, b""),
        script.answer(503, b""),
        script.answer(200, running),
        script.answer(200, done),
    )
    told: list[TrainingProgress] = []

    async with script.client(network, clock=clock) as bria:
        await train_and_wait(bria, 7, on_progress=told.append)

    assert [each.checkpoints for each in told] == [(500,), (500, 1000)]
