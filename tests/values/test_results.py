"""Results and states as values."""

from __future__ import annotations

import copy
import pickle
from pathlib import Path

import anyio
import attrs
import pytest

from bria_tailored_ext.values.jobs import (
    ImageResult,
    JobState,
    Result,
    StructuredPromptResult,
    VideoResult,
)

RESULTS = [
    ImageResult(request_id="1", image_url="https://cdn.test/a.png", seed=7, extra={"more": [1]}),
    VideoResult(request_id="2", video_url="https://cdn.test/a.mp4", warning="slow"),
    StructuredPromptResult(request_id="3", structured_prompt='{"a": 1}', prompt="a cup"),
]


class Guarded:
    """Stands for a client: it holds a secret and does not travel."""

    async def download(self, url: str, path: Path) -> None:
        await anyio.Path(path).write_text(url)

    def __reduce__(self) -> str:
        raise TypeError("does not travel")


@pytest.mark.parametrize("state", JobState)
def test_only_completed_and_failed_are_final(state: JobState) -> None:
    """UNKNOWN may still change: Bria itself does not know."""
    assert state.is_final == (state in (JobState.COMPLETED, JobState.FAILED))


@pytest.mark.parametrize("result", RESULTS, ids=lambda result: type(result).__name__)
@pytest.mark.parametrize("journey", ["pickle", "deepcopy"])
def test_a_result_travels_and_leaves_its_client_behind(result: Result, journey: str) -> None:
    """A result goes to another process without the client, and so without the token."""
    if isinstance(result, ImageResult | VideoResult):
        result = attrs.evolve(result, download=Guarded().download)

    arrived = (
        pickle.loads(pickle.dumps(result))  # noqa: S301
        if journey == "pickle"
        else copy.deepcopy(result)
    )

    assert arrived == result


def test_a_result_without_a_client_says_how_to_get_one(tmp_path: Path) -> None:
    """Saving needs a client; the sentence says where results with one come from."""
    with pytest.raises(RuntimeError, match=r"await job\.result\(\)"):
        anyio.run(ImageResult(request_id="1", image_url="u").save, tmp_path / "a.png")


def test_saving_takes_a_string_and_returns_a_path(tmp_path: Path) -> None:
    """The caller goes on with the path."""
    result = ImageResult(request_id="1", image_url="u", download=Guarded().download)

    assert anyio.run(result.save, str(tmp_path / "a.png")) == tmp_path / "a.png"
    assert (tmp_path / "a.png").read_text() == "u"


@pytest.mark.parametrize("result", RESULTS, ids=lambda result: type(result).__name__)
def test_results_do_not_change(result: Result) -> None:
    """A result is what came; it changes through a copy."""
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        result.seed = 8  # type: ignore[misc]


def test_a_structured_prompt_parses_and_stays_as_bria_sent_it() -> None:
    """It goes back to Bria byte for byte."""
    text = '{ "b":1,"a" : 2}'
    result = StructuredPromptResult(request_id="1", structured_prompt=text)

    assert result.structured_prompt == text
    assert result.parsed() == {"a": 2, "b": 1}


def test_a_picture_has_a_parsed_prompt_too() -> None:
    """On demand; `None` where there is none."""
    picture = ImageResult(request_id="1", image_url="u", structured_prompt='{"a": 1}')

    assert picture.parsed() == {"a": 1}
    assert ImageResult(request_id="1", image_url="u").parsed() is None


@pytest.mark.parametrize("result", RESULTS, ids=lambda result: type(result).__name__)
def test_a_result_can_be_in_a_set(result: Result) -> None:
    """Equal ones once, whatever else their answers held."""
    assert len({result, attrs.evolve(result)}) == 1


@pytest.mark.parametrize(
    "result",
    [
        ImageResult(request_id="1", image_url="https://cdn.test/a.png?Signature=SIGNED"),
        VideoResult(request_id="1", video_url="https://cdn.test/a.mp4?Signature=SIGNED"),
    ],
    ids=lambda result: type(result).__name__,
)
def test_a_printed_result_shows_no_signature(result: Result) -> None:
    """Results are printed into logs."""
    assert "SIGNED" not in repr(result) + str(result)
    assert "https://cdn.test/a." in repr(result)


HOSTILE = '"><script>alert(1)</script>'


@pytest.mark.parametrize(
    "result",
    [
        ImageResult(
            request_id=HOSTILE, image_url=f"https://x/{HOSTILE}", prompt=HOSTILE, warning=HOSTILE
        ),
        VideoResult(request_id=HOSTILE, video_url=f"https://x/{HOSTILE}", warning=HOSTILE),
    ],
    ids=lambda result: type(result).__name__,
)
def test_a_page_of_a_result_runs_nothing_that_came_over_the_wire(
    result: ImageResult | VideoResult,
) -> None:
    """Everything is escaped."""
    assert "<script" not in result._repr_html_()


def test_a_page_shows_the_result_itself() -> None:
    """From its URL, with what identifies it."""
    picture = ImageResult(request_id="7f3c", image_url="https://x/a.png?a=1&b=2", seed=7)
    clip = VideoResult(request_id="7f3c", video_url="https://x/a.mp4")

    assert '<img src="https://x/a.png?a=1&amp;b=2"' in picture._repr_html_()
    assert "job 7f3c, seed 7" in picture._repr_html_()
    assert '<video src="https://x/a.mp4" controls' in clip._repr_html_()


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd"])
def test_a_page_refers_to_nothing_but_the_web(url: str) -> None:
    """A wrong URL in an answer is not followed."""
    assert 'src=""' in ImageResult(request_id="1", image_url=url)._repr_html_()
