"""Images of a dataset: what may be uploaded, what is told about it, what is served."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from bria_tailored_ext.sandbox.dataset_rules import MAX_IMAGE_BYTES
from tests.sandbox.conftest import base64_of, header, picture

if TYPE_CHECKING:
    from tests.sandbox.conftest import Caller

pytestmark = pytest.mark.anyio


async def test_uploaded_image_is_told_and_served_as_it_came(bria: Caller) -> None:
    """The bytes behind `image_url` are those that were uploaded; no token is needed."""
    dataset = await bria.dataset()
    data = picture(3, 1024, 1100)
    image = await bria.upload(dataset, data, image_name="pose.png")
    assert image["image_name"] == "pose.png"
    assert image["created_at"].endswith("Z")
    served = await bria.http.get(image["image_url"])
    assert (served.content, served.headers["content-type"]) == (data, "image/png")
    small = await bria.http.get(image["thumbnail_url"])
    assert small.headers["content-type"] == "image/jpeg"
    assert max(Image.open(io.BytesIO(small.content)).size) <= 256
    assert await bria.ok("GET", f"{dataset}/images") == [image]
    assert await bria.ok("GET", f"{dataset}/images/{image['id']}") == image


@pytest.mark.parametrize(("kind", "ending"), [("PNG", "png"), ("JPEG", "jpg"), ("WEBP", "webp")])
async def test_format_is_told_by_content(bria: Caller, kind: str, ending: str) -> None:
    """A name that lies about the format does not matter, nor does having none."""
    dataset = await bria.dataset()
    image = await bria.upload(dataset, picture(kind=kind))
    assert image["image_name"].endswith(f".{ending}")
    lying = await bria.upload(dataset, picture(kind=kind), image_name="x.gif")
    served = await bria.http.get(lying["image_url"])
    assert served.headers["content-type"] == f"image/{kind.lower()}"


@pytest.mark.parametrize(
    "data",
    [b"plain text", b"", picture(kind="GIF"), picture()[:200], b"\x89PNG\r\n\x1a\n" + b"x" * 99],
    ids=["text", "nothing", "gif", "cut short", "broken"],
)
async def test_what_is_no_whole_picture_is_unsupported(bria: Caller, data: bytes) -> None:
    """415, whatever the name says, and nothing is kept."""
    dataset = await bria.dataset()
    body = {"file": base64_of(data), "image_name": "good.png"}
    answer = await bria("POST", f"{dataset}/images", body)
    assert answer.status_code == 415
    assert answer.json()["message"]
    assert await bria.ok("GET", f"{dataset}/images") == []


@pytest.mark.parametrize("size", [(10_000, 7_000), (12_000, 10_000), (20_000, 10_000)])
async def test_too_many_pixels_are_unsupported(bria: Caller, size: tuple[int, int]) -> None:
    """415, also where Pillow warns of a bomb (89 million), or raises an error of its own (179)."""
    dataset = await bria.dataset()
    answer = await bria("POST", f"{dataset}/images", {"file": base64_of(header(*size))})
    assert answer.status_code == 415
    assert "pixels" in answer.json()["message"]


async def test_a_body_is_looked_at_before_the_dataset(bria: Caller) -> None:
    """What the document does not allow is told first, as everywhere."""
    for dataset in ("/v1/tailored-gen/datasets/1", await bria.completed()):
        answer = await bria("POST", f"{dataset}/images", {"file": 7})
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["field_name"] == "file"


async def test_more_than_twelve_megabytes_are_too_large(bria: Caller) -> None:
    """413 above 12 MB; exactly 12 MB are fine."""
    dataset = await bria.dataset()
    exact = picture() + b"\0" * (MAX_IMAGE_BYTES - len(picture()))
    await bria.upload(dataset, exact)
    answer = await bria("POST", f"{dataset}/images", {"file": base64_of(exact + b"\0")})
    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("size", "increase", "status"),
    [
        ((256, 256), True, 201),
        ((255, 900), True, 412),
        ((900, 255), True, 412),
        ((1, 1), True, 412),
        ((1023, 1024), False, 412),
        ((1024, 1024), False, 201),
        ((1023, 1024), True, 201),
    ],
)
async def test_small_pictures_are_upscaled_or_refused(
    bria: Caller, size: tuple[int, int], increase: bool, status: int
) -> None:
    """256 pixels a side at least; 1024 when `increase_resolution` is false."""
    dataset = await bria.dataset()
    body = {"file": base64_of(picture(0, *size)), "increase_resolution": increase}
    assert (await bria("POST", f"{dataset}/images", body)).status_code == status


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
async def test_small_pictures_are_upscaled(bria: Caller, kind: str) -> None:
    """To 1024 pixels on the shorter side, in their own format."""
    dataset = await bria.dataset()
    made = await bria.upload(dataset, picture(0, 300, 600, kind))
    served = await bria.http.get(made["image_url"])
    stored = Image.open(io.BytesIO(served.content))
    assert (stored.size, stored.format) == ((1024, 2048), kind)
    assert served.headers["content-type"] == f"image/{kind.lower()}"
    red, green, blue = stored.convert("RGB").getpixel((400, 800))  # type: ignore[misc]
    assert max(abs(red - 0), abs(green - 90), abs(blue - 255)) < 12


async def test_a_very_long_picture_grows_as_far_as_its_format_allows(bria: Caller) -> None:
    """16383 pixels are the most that WEBP has."""
    made = await bria.upload(await bria.dataset(), picture(0, 256, 8200, "WEBP"))
    served = await bria.http.get(made["image_url"])
    assert Image.open(io.BytesIO(served.content)).size == (511, 16383)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
async def test_what_is_transparent_becomes_black(bria: Caller, kind: str) -> None:
    """In a picture that is large enough as in a small one."""
    dataset = await bria.dataset()
    for side in (256, 1100):
        made = await bria.upload(dataset, picture(0, side, side, kind, "RGBA"))
        served = await bria.http.get(made["image_url"])
        stored = Image.open(io.BytesIO(served.content))
        assert (stored.size, stored.mode) == ((max(side, 1024),) * 2, "RGB")
        assert max(stored.getpixel((5, 5))) < 8  # type: ignore[arg-type]


@pytest.mark.parametrize(("alpha", "stays"), [(255, True), (254, False)])
async def test_an_alpha_channel_that_hides_nothing_changes_nothing(
    bria: Caller, alpha: int, *, stays: bool
) -> None:
    """Most programs write one: such a picture stays byte for byte."""
    out = io.BytesIO()
    Image.new("RGBA", (1024, 1024), (10, 200, 30, alpha)).save(out, "PNG")
    made = await bria.upload(await bria.dataset(), out.getvalue())
    served = await bria.http.get(made["image_url"])
    assert (served.content == out.getvalue()) is stays


@pytest.mark.parametrize("file", ["not base64!", "data:image/png;base64,iVBORw0KGgo=", "abc"])
async def test_broken_base64_is_a_bad_request(bria: Caller, file: str) -> None:
    """Raw base64 without a `data:` prefix is what the API takes."""
    dataset = await bria.dataset()
    answer = await bria("POST", f"{dataset}/images", {"file": file})
    assert answer.status_code == 400
    assert "base64" in answer.json()["message"]


async def test_base64_in_lines_is_fine(bria: Caller) -> None:
    """Encoders that break lines are common."""
    import base64

    dataset = await bria.dataset()
    body = {"file": base64.encodebytes(picture()).decode()}
    assert (await bria("POST", f"{dataset}/images", body)).status_code == 201


async def test_picture_can_come_from_a_url_of_the_sandbox(bria: Caller) -> None:
    """The source is told, and the name taken from the URL's end."""
    data = picture(2, 1024, 1024)
    first = await bria.upload(await bria.dataset(), data)
    dataset = await bria.dataset()
    url = first["image_url"]
    copy = await bria.ok("POST", f"{dataset}/images", {"image_url": url})
    assert copy["image_name"] == url.rsplit("/", 1)[-1]
    assert (await bria.http.get(copy["image_url"])).content == data
    assert (await bria.ok("GET", dataset))["images"][0]["upload_source_url"] == url


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/a.png",
        "http://sandbox.test/files/nothing.png",
        "http://sandbox.test/v1/tailored-gen/projects",
        "http://127.0.0.1:1/files/a.png",
        "http://[broken",
    ],
)
async def test_picture_elsewhere_cannot_be_fetched(bria: Caller, url: str) -> None:
    """The sandbox has no way out: 460, as when Bria cannot fetch."""
    dataset = await bria.dataset()
    answer = await bria("POST", f"{dataset}/images", {"image_url": url})
    assert answer.status_code == 460


async def test_what_is_no_url_is_unprocessable(bria: Caller) -> None:
    """422: the document's "invalid URL"."""
    dataset = await bria.dataset()
    answer = await bria("POST", f"{dataset}/images", {"image_url": "file:///etc/passwd"})
    assert answer.status_code == 422


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"image_name": "a.png"},
        {"file": base64_of(picture()), "image_url": "http://sandbox.test/a.png"},
        {"file": 7},
        {"file": base64_of(picture()), "increase_resolution": "no"},
    ],
    ids=["nothing", "only a name", "both", "number", "text flag"],
)
async def test_upload_needs_exactly_one_picture(bria: Caller, body: dict[str, object]) -> None:
    """Neither, both, or a wrong type: 400."""
    dataset = await bria.dataset()
    assert (await bria("POST", f"{dataset}/images", body)).status_code == 400


async def test_advanced_dataset_takes_no_single_images(bria: Caller) -> None:
    """It is for bulk uploads only."""
    dataset = await bria.dataset(upload_type="advanced")
    answer = await bria("POST", f"{dataset}/images", {"file": base64_of(picture())})
    assert answer.status_code == 400


async def test_completed_dataset_takes_and_loses_no_images(bria: Caller) -> None:
    """409 both ways."""
    dataset = await bria.completed()
    image_id = (await bria.ok("GET", f"{dataset}/images"))[0]["id"]
    upload = await bria("POST", f"{dataset}/images", {"file": base64_of(picture())})
    delete = await bria("DELETE", f"{dataset}/images/{image_id}")
    assert (upload.status_code, delete.status_code) == (409, 409)
    assert (await bria.ok("GET", dataset))["images_count"] == 5


async def test_deleted_image_is_gone_with_its_files(bria: Caller) -> None:
    """From the list, by id, and from where it was served."""
    dataset = await bria.draft(images=2)
    first, second = await bria.ok("GET", f"{dataset}/images")
    await bria.ok("DELETE", f"{dataset}/images/{first['id']}")
    assert await bria.ok("GET", f"{dataset}/images") == [second]
    assert (await bria("GET", f"{dataset}/images/{first['id']}")).json() == "Image not found"
    assert (await bria.http.get(first["image_url"])).status_code == 404
    assert (await bria.http.get(first["thumbnail_url"])).status_code == 404


async def test_image_of_another_dataset_is_not_found(bria: Caller) -> None:
    """The ids in a path must belong together."""
    image = await bria.upload(await bria.dataset())
    other = await bria.dataset()
    for method, body in (("GET", None), ("DELETE", None), ("PUT", {"caption": "{}"})):
        answer = await bria(method, f"{other}/images/{image['id']}", body)
        assert (answer.status_code, answer.json()) == (404, "Image not found")


async def test_image_name_has_no_say_in_where_it_is_served(bria: Caller) -> None:
    """File names are never trusted."""
    dataset = await bria.dataset()
    data = picture(0, 1024, 1024)
    image = await bria.upload(dataset, data, image_name="../../etc/passwd\x00é😀.png")
    assert image["image_name"].startswith("../../etc/passwd")
    assert "passwd" not in image["image_url"]
    assert (await bria.http.get(image["image_url"])).content == data


async def test_half_a_surrogate_pair_in_a_name_is_refused(bria: Caller) -> None:
    """JSON can carry what no text is; whoever takes it in cannot write it down."""
    dataset = await bria.dataset()
    raw = b'{"image_name": "\\ud800", "file": "' + base64_of(picture()).encode() + b'"}'
    headers = {"api_token": bria.sandbox.api_token, "Content-Type": "application/json"}
    answer = await bria.http.post(f"{dataset}/images", content=raw, headers=headers)
    assert answer.status_code == 400
