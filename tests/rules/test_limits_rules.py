"""The limiter's arithmetic."""

from __future__ import annotations

from heapq import heappop, heappush

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bria_tailored_ext.rules.limits import (
    DOUBT,
    LONGEST_PAUSE,
    MARGIN,
    PERIOD,
    SlidingWindow,
)


def fullest(starts: list[float], period: float = PERIOD) -> int:
    """The most starts that any window of this length holds, both ends included."""
    return max(
        (sum(start <= each <= start + period for each in starts) for start in starts), default=0
    )


@pytest.mark.parametrize(
    ("starts", "rate", "now", "delay"),
    [
        ([], 1, 0, 0),
        ([0], 1, 0, PERIOD + MARGIN),
        ([0], 2, 0, 0),
        ([0, 1], 2, 1, 59 + MARGIN),
        ([0, 30], 2, 59, 1 + MARGIN),
        ([0, 30], 2, PERIOD + MARGIN, 0),
        ([0, 30, 31, 32], 2, 33, 58 + MARGIN),
        ([0, 30, 31, 32], 3, 33, 57 + MARGIN),
        ([0, 30, 31, 32], 5, 33, 0),
        ([0, 30, 31, 32], None, 33, 0),
    ],
)
def test_the_next_start_waits_until_the_window_has_room(
    starts: list[float], rate: int | None, now: float, delay: float
) -> None:
    """For the rate of whoever asks: another client of the account may have started more."""
    window = SlidingWindow()
    for start in starts:
        window.start(start)

    assert window.delay(now, rate) == pytest.approx(delay)


RATES = st.integers(1, 6) | st.none()
ARRIVALS = st.lists(
    st.tuples(
        st.floats(0, 40),
        RATES,
        st.sampled_from(["answered", "answered", "answered", "refused", "refused for long"]),
        st.floats(0, 200),
    ),
    max_size=60,
)


@given(arrivals=ARRIVALS)
def test_no_window_ever_holds_more_than_the_rate(
    arrivals: list[tuple[float, int | None, str, float]],
) -> None:
    """At each start, the minute that ends there holds no more than the starter's own rate."""
    window, now, starts = SlidingWindow(), 100.0, []
    paused_until = 0.0
    for gap, rate, answer, asked in arrivals:
        now += gap
        looks = 0
        while (delay := window.delay(now, rate)) > 0:
            now += delay
            looks += 1
            assert looks < 4, "the time that was named was not enough"
        window.start(now)
        starts.append(now)
        assert now >= paused_until
        if rate is not None:
            assert sum(now - PERIOD <= each for each in starts) <= rate
        if answer == "answered":
            window.admitted()
        else:
            length = window.refused(now, asked if answer == "refused for long" else None)
            assert now + length >= paused_until
            paused_until = now + length - 1e-6


@given(gaps=st.lists(st.floats(0, 100), max_size=80), rate=st.integers(1, 9))
def test_one_rate_bounds_every_window(gaps: list[float], rate: int) -> None:
    """Whichever sixty seconds one looks at afterwards."""
    window, now, starts = SlidingWindow(), 0.0, []
    for gap in gaps:
        now += gap
        while (delay := window.delay(now, rate)) > 0:
            now += delay
        window.start(now)
        starts.append(now)

    assert fullest(starts) <= rate


@given(gaps=st.lists(st.floats(0, 100), min_size=1, max_size=80), rate=st.integers(1, 9))
def test_nobody_waits_longer_than_a_period_for_the_window(gaps: list[float], rate: int) -> None:
    """The head of the line always moves."""
    window, now = SlidingWindow(), 0.0
    for gap in gaps:
        now += gap
        delay = window.delay(now, rate)
        assert 0 <= delay <= PERIOD + MARGIN + 1e-6
        now += delay
        window.start(now)


@given(st.lists(st.tuples(st.floats(0, 30), st.none() | st.floats(0, 300)), max_size=40))
def test_a_pause_is_never_shortened(refusals: list[tuple[float, float | None]]) -> None:
    """Whatever the later refusals ask for."""
    window, now, until = SlidingWindow(), 0.0, 0.0
    for gap, asked in refusals:
        now += gap
        length = window.refused(now, asked)
        assert now + length >= until - 1e-6
        assert length >= (asked or 0) - 1e-6
        assert window.delay(now, None) == pytest.approx(length)
        window.admitted()
        assert window.delay(now, None) == pytest.approx(length)
        until = now + length


def test_refusals_in_a_row_double_the_pause_up_to_a_minute() -> None:
    """One second, two, four: each after the pause before it is over."""
    window, now, pauses = SlidingWindow(), 0.0, []
    for _ in range(12):
        pauses.append(window.refused(now, None))
        now += pauses[-1]

    assert pauses == [1, 2, 4, 8, 16, 32, *[LONGEST_PAUSE] * 6]


def test_an_answer_that_is_no_refusal_starts_the_doubling_anew() -> None:
    """The pace was right again."""
    window = SlidingWindow()
    window.refused(0, None)
    window.refused(10, None)
    window.admitted()

    assert window.refused(20, None) == 1


def test_a_burst_of_refusals_is_one_refusal() -> None:
    """A hundred that were under way together do not freeze the endpoint for a minute."""
    window = SlidingWindow()

    pauses = [window.refused(0.001 * each, None) for each in range(100)]

    assert max(pauses) <= 1.0
    assert window.refused(2, None) == 2


def test_a_retry_after_is_taken_as_it_is() -> None:
    """Also a short one after several refusals."""
    window = SlidingWindow()
    window.refused(0, None)
    window.refused(1, None)

    assert window.refused(10, 0.5) == 0.5
    assert window.refused(20, 90) == 90
    assert window.delay(30, None) == 80


def test_what_left_the_window_is_forgotten() -> None:
    """Also without a plan, where nobody asks for the room: memory is bounded by a minute."""
    window = SlidingWindow()
    for each in range(10_000):
        window.start(each / 10)

    assert len(window._starts) <= 10 * (PERIOD + MARGIN) + 1


def test_a_start_that_is_postponed_counts_when_it_leaves_and_not_before() -> None:
    """The place in the window moves along; where the window is full, it stays where it was."""
    window = SlidingWindow(period=60)
    window.start(0.0)
    window.start(1.0)
    assert window.postpone(0.0, 30.0, rate=2) == 0
    assert window.delay(30.0, 2) == pytest.approx(31.0)
    window.start(61.0)
    assert window.postpone(1.0, 61.0, rate=1) > 0
    assert window.delay(89.0, 2) == pytest.approx(1.0)


ON_THE_WAY = st.lists(
    st.tuples(st.floats(0, 20), st.floats(0, DOUBT), st.floats(0, 40), st.booleans()), max_size=60
)


@given(requests=ON_THE_WAY, rate=st.integers(1, 6))
def test_the_server_never_counts_more_than_the_rate(
    requests: list[tuple[float, float, float, bool]], rate: int
) -> None:
    """However long each is on its way there and back, and whether or not it is answered."""
    window, now = SlidingWindow(), 0.0
    counted: list[float] = []
    under_way: list[tuple[float, float, bool]] = []

    def settle(until: float) -> None:
        while under_way and under_way[0][0] <= until:
            over, started, is_answered = heappop(under_way)
            window.counted(started, over if is_answered else None)

    for gap, there, back, is_answered in requests:
        now += gap
        settle(now)
        while (delay := window.delay(now, rate)) > 0:
            now += delay
            settle(now)
        window.start(now)
        counted.append(now + there)
        heappush(under_way, (now + there + back, now, is_answered))

    assert fullest(sorted(counted)) <= rate


def test_a_start_counts_from_its_answer_on() -> None:
    """And from no later than it can have been on its way: the answer took long in the making."""
    window = SlidingWindow(period=60)
    for start, answer in ((0.0, 0.25), (1.0, 40.0), (2.0, None)):
        window.start(start)
        window.counted(start, answer)

    assert window.delay(40.0, 3) == pytest.approx(20.25)
    assert window.delay(60.25, 2) == pytest.approx(1.0 + DOUBT - 0.25)
    assert window.delay(60.25, 1) == pytest.approx(2.0 + DOUBT - 0.25)


def test_no_answer_can_stop_an_endpoint_for_more_than_an_hour() -> None:
    """A date in the next century would hang every task for good."""
    assert SlidingWindow().refused(0.0, 1e9) == 3600


@given(
    rate=st.integers(1, 5),
    gaps=st.lists(st.floats(0, 40), max_size=20),
    ahead=st.floats(0, 59),
)
def test_what_is_free_is_what_may_start(rate: int, gaps: list[float], ahead: float) -> None:
    """So many at once later on, and not one more, if nothing starts in between."""
    window, now = SlidingWindow(60.0), 0.0
    for gap in gaps:
        now += gap
        if window.delay(now, rate) <= 0:
            window.start(now)

    free = window.free(now, rate, ahead)
    for _ in range(free):
        assert window.delay(now + ahead, rate) <= 0
        window.start(now + ahead)

    assert window.delay(now + ahead, rate) > 0
