"""How results are read: nothing that an answer held is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bria_tailored_ext.rules import jobs
from bria_tailored_ext.values.errors import UnexpectedAnswerError
from bria_tailored_ext.values.jobs import ImageResult, JobKind, VideoResult


def picture(**more: Any) -> ImageResult:
    """The result of an answer that holds this besides an URL."""
    body = {"status": "COMPLETED", "result": {"image_url": "u", **more}}
    result = jobs.read_result(None, "7f3c", jobs.read_status(body))
    assert isinstance(result, ImageResult)
    return result


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        (7, 7),
        ("7", 7),
        (" 7 ", 7),
        ("-7", -7),
        ("7.0", 7),
        (7.0, 7),
        (0, 0),
        (2**64, 2**64),
        (str(2**64), 2**64),
    ],
)
def test_a_seed_is_read_however_it_is_written(sent: object, read: int) -> None:
    """Typed integer, shown as a string: both are the same seed."""
    result = picture(seed=sent)

    assert (result.seed, result.extra) == (read, {})
    assert type(result.seed) is int


@pytest.mark.parametrize(
    "sent", ["7.5", 7.5, True, "1_000", "seven", [7], "9" * 5000, float("inf"), "", "٧"]
)
def test_a_seed_that_is_none_is_kept_as_it_came(sent: object) -> None:
    """A wrong seed would make another picture; nothing is rounded or guessed."""
    result = picture(seed=sent)

    assert result.seed is None
    assert result.extra == {"seed": sent}


@pytest.mark.parametrize("name", ["prompt", "refined_prompt", "structured_prompt"])
def test_a_field_of_another_type_is_kept_as_it_came(name: str) -> None:
    """Under its own name, where whoever needs it finds it."""
    result = picture(**{name: ["a", "cup"]})

    assert getattr(result, name) is None
    assert result.extra == {name: ["a", "cup"]}


def test_what_a_kind_has_no_name_for_is_kept() -> None:
    """A clip comes with a still, say, or with the prompt of its picture."""
    more = {"image_url": "still", "structured_prompt": "{}", "duration": 5}
    look = jobs.read_status({"status": "COMPLETED", "result": {"video_url": "u", **more}})

    result = jobs.read_result(JobKind.VIDEO, "7f3c", look)

    assert isinstance(result, VideoResult)
    assert result.extra == more


def test_what_stands_beside_the_result_is_kept() -> None:
    """In the status and in an enveloped answer to `sync`; of two of one name both."""
    body = {
        "status": "COMPLETED",
        "request_id": "7f3c",
        "warning": "slow",
        "result": {"image_url": "u", "cost": 1},
        "usage": {"images": 1},
        "cost": 2,
    }

    told = jobs.read_result(None, "7f3c", jobs.read_status(body))
    at_once = jobs.read_result(JobKind.IMAGE, "7f3c", jobs.read_sync(body))

    assert told.extra == {"usage": {"images": 1}, "cost": 1, "answer.cost": 2}
    assert at_once.extra == {**told.extra, "status": "COMPLETED"}
    assert told.warning == at_once.warning == "slow"


def test_an_empty_field_is_no_news_if_it_is_known() -> None:
    """The result says `None` of it too; of a name that it does not have it says nothing."""
    assert picture(seed=None, prompt=None, mask_url=None).extra == {"mask_url": None}


@pytest.mark.parametrize("sync", [False, True])
@pytest.mark.parametrize(
    ("beside", "within", "warning", "extra"),
    [
        ({"warning": ["nsfw"]}, {}, None, {"warning": ["nsfw"]}),
        ({"warning": {"code": 3}}, {"warning": "B"}, "B", {"warning": {"code": 3}}),
        ({}, {"warning": ["nsfw"]}, None, {"warning": ["nsfw"]}),
        ({"warning": [1]}, {"warning": [2]}, None, {"warning": [2], "answer.warning": [1]}),
        ({"warning": "A"}, {"warning": "B"}, "A", {"warning": "B"}),
        ({"warning": "A"}, {"warning": "A"}, "A", {}),
        ({"warning": None}, {"warning": None}, None, {}),
        ({"error": {"message": "partly"}}, {}, None, {"error": {"message": "partly"}}),
        ({"error": "partly"}, {}, None, {"error": "partly"}),
        ({"x": 1}, {"x": 2, "answer.x": 3}, None, {"x": 2, "answer.x": 3, "answer.answer.x": 1}),
        ({"request_id": "another"}, {}, None, {"request_id": "another"}),
        ({"request_id": "7f3c"}, {"request_id": "zz"}, None, {"request_id": "zz"}),
    ],
)
def test_only_what_was_taken_over_is_left_out(
    beside: dict[str, Any],
    within: dict[str, Any],
    warning: str | None,
    extra: dict[str, Any],
    *,
    sync: bool,
) -> None:
    """A known name with an unknown value is unknown; so is the second of two values."""
    body = {"result": {"image_url": "u", **within}, **beside}
    look = jobs.read_sync(body) if sync else jobs.read_status({"status": "COMPLETED", **body})

    result = jobs.read_result(JobKind.IMAGE, "7f3c", look)

    assert (result.warning, result.extra) == (warning, extra)


@pytest.mark.parametrize("read", [jobs.read_status, jobs.read_sync])
def test_an_error_that_is_none_is_no_news(read: Callable[[dict[str, Any]], jobs.Look]) -> None:
    """Beside a result it says that all went well; an id that is none says nothing either."""
    look = read({"error": None, "request_id": None, "result": {"image_url": "u"}})

    assert jobs.read_result(None, "7f3c", look).extra == {}


@pytest.mark.parametrize("odd", [[{"image_url": "v"}], "text"])
def test_a_result_that_is_no_object_is_kept(odd: object) -> None:
    """Beside flat fields; alone it is no result, and the error says what it is."""
    flat = jobs.read_sync({"image_url": "u", "result": odd, "warning": [1], "request_id": "7f3c"})
    result = jobs.read_result(JobKind.IMAGE, "7f3c", flat)

    assert result.extra == {"result": odd, "warning": [1]}
    alone = jobs.read_status({"status": "COMPLETED", "result": odd})
    assert alone.extra == {"result": odd}
    with pytest.raises(UnexpectedAnswerError, match=f"holds a value of type {type(odd).__name__},"):
        jobs.read_result(JobKind.IMAGE, "7f3c", alone)


VALUES = st.none() | st.text(max_size=3) | st.lists(st.integers(), max_size=2)
NAMES = st.sampled_from(["warning", "error", "request_id", "seed", "prompt", "status", "x"])


@given(beside=st.dictionaries(NAMES, VALUES), within=st.dictionaries(NAMES, VALUES))
def test_nothing_is_lost(beside: dict[str, Any], within: dict[str, Any]) -> None:
    """Every value of an answer is found again in its result, wherever it stood."""
    body = {**beside, "status": "COMPLETED", "result": {"image_url": "u", **within}}
    result = jobs.read_result(None, "7f3c", jobs.read_status(body))
    found = [result.warning, result.prompt, result.request_id, None, *result.extra.values()]
    sent = [value for name, value in beside.items() if name != "status"]

    for value in (*sent, *within.values()):
        assert value in found or str(result.seed) == value.strip()
