"""What a delivery says, and how long it is remembered."""

from __future__ import annotations

import json
import traceback

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bria_tailored_ext.rules.deliveries import MalformedDelivery, Recent, read_delivery


@pytest.mark.parametrize(
    ("body", "request_id", "is_final"),
    [
        ({"status": "COMPLETED", "request_id": "7f3c", "result": {}}, "7f3c", True),
        ({"status": "ERROR", "error": {"code": 500, "message": "it broke"}}, "of the header", True),
        ({"status": "failed", "request_id": None}, "of the header", True),
        ({"status": "UNKNOWN", "request_id": "7f3c"}, "7f3c", False),
        ({"status": "IN_PROGRESS", "request_id": ""}, "of the header", False),
        ({"status": "a word of tomorrow"}, "of the header", False),
    ],
)
def test_a_delivery_is_a_status_answer(
    body: dict[str, object], request_id: str, is_final: bool
) -> None:
    """The body names the job; where it does not, its header does."""
    delivery = read_delivery("of the header", json.dumps(body).encode())

    assert (delivery.request_id, delivery.is_final) == (request_id, is_final)
    assert delivery.body == body


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"ok",
        b"[]",
        b'"COMPLETED"',
        b"null",
        b"{}",
        b'{"status": 3}',
        b'{"status": ""}',
        b'{"status": "COMPLETED"',
        b'\xff{"status": "COMPLETED"}',
        b"[" * 100_000,
        b'{"status": "COMPLETED", "seed": ' + b"9" * 5000 + b"}",
    ],
)
def test_what_is_no_status_answer_is_malformed(raw: bytes) -> None:
    """Whatever it is instead, there is one error for it."""
    with pytest.raises(MalformedDelivery):
        read_delivery("7f3c", raw)


def test_the_error_carries_nothing_of_the_body() -> None:
    """Python's own error would carry the whole of it."""
    url = "https://cdn.test/" + "x" * 8
    with pytest.raises(MalformedDelivery) as caught:
        read_delivery("7f3c", url.encode())

    assert url not in "".join(traceback.format_exception(caught.value))
    assert url not in repr(vars(caught.value))


def recent(most: int = 3, most_bytes: int = 100, lifetime: float = 60.0) -> Recent[str, int]:
    return Recent(most=most, most_bytes=most_bytes, lifetime=lifetime)


def test_what_was_put_in_is_there_until_it_is_old() -> None:
    """A minute here, an hour in the receiver."""
    values = recent()
    values.put("a", 1, 100.0)

    assert values.get("a", 100.0) == values.get("a", 159.9) == 1
    assert values.get("a", 160.0) is None
    assert len(values) == 0


def test_the_oldest_make_room_for_the_newest() -> None:
    """By number, and by size."""
    values = recent()
    for number, key in enumerate("abcd"):
        values.put(key, number, float(number), 10)
    assert [values.get(key, 4.0) for key in "abcd"] == [None, 1, 2, 3]

    values.put("e", 4, 5.0, 85)
    assert [values.get(key, 5.0) for key in "bcde"] == [None, None, 3, 4]


def test_putting_it_in_again_makes_it_new() -> None:
    """A later outcome of a job takes the place of the former, and its time."""
    values = recent()
    values.put("a", 1, 0.0, 60)
    values.put("b", 2, 10.0, 10)
    values.put("a", 3, 50.0, 60)

    assert (values.get("a", 100.0), values.get("b", 69.0)) == (3, None)


def test_what_is_larger_than_everything_is_not_held() -> None:
    """It must not stay, and must not spoil the sum either."""
    values = recent()
    values.put("a", 1, 0.0, 101)
    values.put("b", 2, 0.0, 100)

    assert (values.get("a", 0.0), values.get("b", 0.0), len(values)) == (None, 2, 1)


@given(
    st.lists(
        st.tuples(st.sampled_from("abcdef"), st.integers(0, 60), st.floats(0, 30)), max_size=60
    )
)
def test_no_bound_is_ever_broken(steps: list[tuple[str, int, float]]) -> None:
    """Whatever is put in, and whenever."""
    values = recent()
    sizes: dict[str, tuple[int, float]] = {}
    now = 0.0
    for key, size, pause in steps:
        now += pause
        values.put(key, size, now, size)
        sizes[key] = size, now
        there = {each for each in sizes if values.get(each, now) is not None}
        assert key in there
        assert len(there) == len(values) <= 3
        assert sum(sizes[each][0] for each in there) <= 100
        assert all(now - sizes[each][1] < 60 for each in there)
