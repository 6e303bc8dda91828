"""Results into files: what is checked, and where a fresh URL comes from."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, Any

import attrs
import pytest

from bria_tailored_ext import DownloadError, ImageResult, VideoResult

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Script, Step

pytestmark = pytest.mark.anyio

PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
MP4 = b"\0\0\0\x18ftypisom" + bytes(100)
LOOK = "GET /v2/status/7f3c"


def done(signature: str, field: str = "image_url") -> dict[str, Any]:
    url = f"https://cdn.test/made?Signature={signature}"
    return {"status": "COMPLETED", "request_id": "7f3c", "result": {field: url}}


def left_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def expired(script: Script, status: int = 403) -> Step:
    return script.answer(status, b"<Error><Code>AccessDenied</Code></Error>")


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
async def test_an_expired_url_is_fetched_anew_from_the_status(
    script: Script, tmp_path: Path, status: int
) -> None:
    """Days later the same handle still saves; the status is asked once, with the token."""
    network = script.network(
        script.answer(200, done("OLD")),
        expired(script, status),
        script.answer(200, done("NEW")),
        script.answer(200, PNG),
    )

    async with script.client(network) as bria:
        result = await bria.job("7f3c").result()
        assert isinstance(result, ImageResult)
        saved = await result.save(tmp_path / "a.png")

    assert saved.read_bytes() == PNG
    assert network.asked == [LOOK, "GET /made", LOOK, "GET /made"]
    assert network.seen[3].url.query == b"Signature=NEW"
    assert ["api_token" in each.headers for each in network.seen] == [True, False, True, False]


async def test_a_file_at_the_api_s_own_host_gets_no_token_either(
    script: Script, tmp_path: Path
) -> None:
    """An URL is signed, and may be answered from a cache or logged on its way."""
    body = done("S")
    body["result"]["image_url"] = f"{script.origin}/made"
    network = script.network(script.answer(200, body), script.answer(200, PNG))

    async with script.client(network) as bria:
        result = await bria.job("7f3c").result()
        assert isinstance(result, ImageResult)
        await result.save(tmp_path / "a.png")

    assert ["api_token" in each.headers for each in network.seen] == [True, False]


async def test_a_fresh_url_is_asked_for_exactly_once(script: Script, tmp_path: Path) -> None:
    """If the new one is refused too, the error says so, and names the job."""
    network = script.network(
        script.answer(200, done("OLD")),
        expired(script),
        script.answer(200, done("NEW")),
        expired(script),
    )

    async with script.client(network) as bria:
        result = await bria.job("7f3c").result()
        assert isinstance(result, ImageResult)
        with pytest.raises(DownloadError, match=r"a\.png \(job 7f3c\).*403; so did") as caught:
            await result.save(tmp_path / "a.png")

    assert (caught.value.status, caught.value.path) == (403, str(tmp_path / "a.png"))
    assert len(network.seen) == 4
    assert left_in(tmp_path) == []
    assert "OLD" not in str(caught.value) + str(caught.value.__cause__)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ((404, {"status": "NOT_FOUND"}), "404"),
        ((200, {"status": "IN_PROGRESS", "request_id": "7f3c"}), "IN_PROGRESS"),
        ((200, {"status": "COMPLETED", "result": {}}), "COMPLETED"),
        ((500, {"error": {"code": 500, "message": "Broken"}}), "500"),
    ],
)
async def test_what_the_status_says_instead_is_told(
    script: Script, tmp_path: Path, answer: tuple[int, Any], told: str
) -> None:
    """No other URL could be had, and why."""
    network = script.network(
        script.answer(200, done("OLD")), expired(script), script.answer(*answer)
    )

    async with script.client(network) as bria:
        result = await bria.job("7f3c").result()
        assert isinstance(result, ImageResult)
        with pytest.raises(DownloadError, match="no other could be had") as caught:
            await result.save(tmp_path / "a.png")

    assert told in str(caught.value)
    assert left_in(tmp_path) == []


@pytest.mark.parametrize(
    ("field", "kind", "right", "wrong"),
    [("image_url", ImageResult, PNG, MP4), ("video_url", VideoResult, MP4, PNG)],
)
async def test_a_file_must_be_what_its_job_makes(
    script: Script,
    tmp_path: Path,
    field: str,
    kind: type[ImageResult | VideoResult],
    right: bytes,
    wrong: bytes,
) -> None:
    """A picture is a picture and a clip is a clip, whatever the name or the headers say."""
    network = script.network(
        script.answer(200, done("S", field)), script.answer(200, wrong), script.answer(200, right)
    )

    async with script.client(network) as bria:
        result = await bria.job("7f3c").result()
        assert isinstance(result, kind)
        with pytest.raises(DownloadError, match="was not saved: its URL gave"):
            await result.save(tmp_path / "made")
        assert left_in(tmp_path) == []
        await result.save(str(tmp_path / "made"))

    assert (tmp_path / "made").read_bytes() == right


async def test_the_page_of_a_result_turns_to_the_file_once_it_is_saved(
    script: Script, tmp_path: Path
) -> None:
    """A notebook that is opened in a month shows the picture still, and needs no network now."""
    network = script.network(script.answer(200, done("S")), script.answer(200, PNG))

    async with script.client(network) as bria:
        result = await bria.job("7f3c").result()
        assert isinstance(result, ImageResult)
        before = result._repr_html_()
        await result.save(tmp_path / "a.png")
        after = result._repr_html_()
        (tmp_path / "a.png").unlink()
        gone = result._repr_html_()

    assert "not saved: its URL expires" in before
    assert "data:image/png;base64," in after
    assert "Signature" not in after
    assert "https://cdn.test/made" in gone
    assert len(network.seen) == 2


async def test_a_result_that_was_saved_travels_and_compares_as_before(
    script: Script, tmp_path: Path
) -> None:
    """Where it was saved is no part of what it is."""
    network = script.network(script.answer(200, done("S")), script.answer(200, PNG))

    async with script.client(network) as bria:
        first = await bria.job("7f3c").result()
        assert isinstance(first, ImageResult)
        await first.save(tmp_path / "a.png")

    arrived = pickle.loads(pickle.dumps(first))  # noqa: S301
    assert arrived == first == attrs.evolve(first, seed=first.seed)
    assert "data:" not in arrived._repr_html_()
    assert len({arrived, first}) == 1


async def test_a_sync_answer_without_an_id_has_no_status_to_ask(
    script: Script, tmp_path: Path
) -> None:
    """Its URL is all there is."""
    from bria_tailored_ext import ImageRequest

    answer = {"image_url": "https://cdn.test/made?Signature=S", "structured_prompt": "{}"}
    network = script.network(script.answer(200, answer), expired(script))

    async with script.client(network) as bria:
        job = await bria.submit(ImageRequest(tailored_model_id="7", prompt="x", sync=True))
        result = await job.result()
        with pytest.raises(DownloadError, match="answered 403; such URLs expire"):
            await result.save(tmp_path / "a.png")

    assert len(network.seen) == 2
