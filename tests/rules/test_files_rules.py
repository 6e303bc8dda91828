"""Where bytes belong: the rules of ranges, as a table."""

from __future__ import annotations

import pytest

from bria_tailored_ext.rules.files import (
    Span,
    Version,
    headers_for,
    length_of,
    placeholder_state,
    span_of,
)
from bria_tailored_ext.values.jobs import JobState

ONE = Version(source="https://cdn.test/a", validator='"one"', length=100)


def span(status: int, headers: dict[str, str], *, asked: int = 40) -> Span | None:
    return span_of(status, headers, asked=asked, version=ONE, source=ONE.source)


@pytest.mark.parametrize(
    ("start", "version", "asked"),
    [
        (0, None, {}),
        (0, ONE, {}),
        (40, None, {}),
        (40, Version(source="s"), {}),
        (40, ONE, {"Range": "bytes=40-", "If-Range": '"one"'}),
    ],
)
def test_the_rest_is_asked_for_only_on_a_condition(
    start: int, version: Version | None, asked: dict[str, str]
) -> None:
    """Without a validator a range may be one of another version; compressed is never asked for."""
    assert headers_for(start, version) == {"Accept-Encoding": "identity"} | asked


@pytest.mark.parametrize(
    ("headers", "version"),
    [
        ({}, Version(source="s")),
        ({"etag": '"x"', "content-length": "9"}, Version(source="s", validator='"x"', length=9)),
        ({"etag": 'W/"x"'}, Version(source="s")),
        ({"etag": "x"}, Version(source="s")),
        ({"content-length": "9", "content-encoding": "gzip"}, Version(source="s")),
        ({"content-length": "-9"}, Version(source="s")),
        ({"content-length": "٩"}, Version(source="s")),
        ({"last-modified": "no date", "date": "no date"}, Version(source="s")),
        (
            {
                "etag": 'W/"x"',
                "last-modified": "Sat, 21 Nov 2026 10:00:00 GMT",
                "date": "Sat, 21 Nov 2026 11:00:00 GMT",
            },
            Version(source="s"),
        ),
    ],
)
def test_a_whole_answer_begins_a_version(headers: dict[str, str], version: Version) -> None:
    """Only a strong validator counts, and only a length of the bytes that are saved."""
    found = span_of(200, headers, asked=0, version=None, source="s")

    assert found == Span(start=0, stop=version.length, version=version)


@pytest.mark.parametrize(
    ("said", "stop", "length"),
    [("bytes 40-99/100", 100, 100), ("bytes 40-49/100", 50, 100), ("bytes 40-99/*", 100, 100)],
)
def test_a_part_that_fits_goes_on(said: str, stop: int, length: int) -> None:
    """It begins where it was asked to, and is of the same whole."""
    found = span(206, {"content-range": said, "etag": '"one"'})

    assert found is not None
    assert (found.start, found.stop, found.version.length, found.whole) == (40, stop, length, 100)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"content-range": "bytes 39-99/100"},
        {"content-range": "bytes 41-99/100"},
        {"content-range": "bytes 40-39/100"},
        {"content-range": "bytes 40-100/100"},
        {"content-range": "bytes 40-99/101"},
        {"content-range": "bytes */100"},
        {"content-range": "lines 40-99/100"},
        {"content-range": "bytes 40-" + "9" * 30 + "/*"},
        {"content-range": "bytes 40-99/100", "etag": '"two"'},
    ],
)
def test_a_part_that_does_not_fit_belongs_nowhere(headers: dict[str, str]) -> None:
    """It would make a file of which some bytes are of something else."""
    assert span(206, headers) is None


def test_a_part_that_was_not_asked_for_belongs_nowhere() -> None:
    """The whole was asked for."""
    assert span(206, {"content-range": "bytes 0-99/100"}, asked=0) is None
    assert span(416, {"content-range": "bytes */100"}) is None


def test_a_part_may_be_the_first_to_tell_the_length() -> None:
    """A first answer in chunks does not."""
    unknown = Version(source="s", validator='"one"')
    headers = {"content-range": "bytes 40-99/100"}

    found = span_of(206, headers, asked=40, version=unknown, source="s")

    assert found is not None
    assert found.whole == 100


@pytest.mark.parametrize(
    ("status", "length", "state"),
    [
        (200, 5, JobState.COMPLETED),
        (206, 1, JobState.COMPLETED),
        (200, None, JobState.IN_PROGRESS),
        (206, None, JobState.IN_PROGRESS),
        (200, 0, JobState.FAILED),
        (206, 0, JobState.FAILED),
        (416, 0, JobState.FAILED),
        (416, 90, JobState.FAILED),
        (404, 90, JobState.IN_PROGRESS),
        (403, 0, JobState.IN_PROGRESS),
        (202, 0, JobState.IN_PROGRESS),
        (503, 9, JobState.IN_PROGRESS),
    ],
)
def test_a_placeholder_is_ready_failed_or_in_the_making(
    status: int, length: int | None, state: JobState
) -> None:
    """By one byte of it."""
    assert placeholder_state(status, length) is state


def test_a_length_of_more_digits_than_any_disk_has_is_none() -> None:
    """Python reads no number of 5,000 digits."""
    assert length_of({"content-length": "9" * 5000}) is None
