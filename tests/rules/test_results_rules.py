"""How results are read: nothing that an answer held is lost."""

from __future__ import annotations

from typing import Any

import pytest

from bria_tailored_ext.rules import jobs
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
    """In the status and in an enveloped answer to `sync`; the result's own wins."""
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

    assert told.extra == {"usage": {"images": 1}, "cost": 1}
    assert at_once.extra == {"usage": {"images": 1}, "cost": 1, "status": "COMPLETED"}
    assert told.warning == at_once.warning == "slow"


def test_an_empty_field_is_no_news() -> None:
    """`null` says nothing that a result without the field does not."""
    assert picture(seed=None, prompt=None, unknown=None).extra == {}
