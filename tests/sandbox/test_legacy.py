"""The generation endpoints of v1: pictures behind URLs, some of them placeholders."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from bria_tailored_ext.sandbox.faults import Fault
from bria_tailored_ext.sandbox.pictures.vectors import VectorCanvas
from tests.sandbox.conftest import base64_of, id_of, picture

if TYPE_CHECKING:
    import httpx

    from tests.sandbox.conftest import Caller

pytestmark = pytest.mark.anyio

RANGE = {"range": "bytes=0-0"}
WAITING = {"prompt": "a teapot", "sync": True, "num_results": 1}


@pytest.fixture
async def model(bria: Caller) -> int:
    """The id of a trained model."""
    return id_of(await bria.trained())


async def look(bria: Caller, url: str) -> httpx.Response:
    """Look at a placeholder as the guide says."""
    return await bria.http.get(url, headers=RANGE)


async def urls(bria: Caller, path: str, body: dict[str, Any]) -> list[str]:
    """Every URL of an answer."""
    told = await bria.ok("POST", path, body)
    assert all(each["uuid"] and isinstance(each["seed"], int) for each in told["result"])
    return [url for each in told["result"] for url in each["urls"]]


async def test_placeholders_are_there_at_once_and_pictures_later(bria: Caller, model: int) -> None:
    """404 until the picture is made, then 206 with a length."""
    made = await urls(bria, f"/v1/text-to-image/tailored/{model}", {"prompt": "a teapot"})
    assert len(set(made)) == 4
    assert (await look(bria, made[0])).status_code == 404
    bria.sandbox.advance(600)
    ready = await look(bria, made[0])
    assert ready.status_code == 206
    assert ready.headers["content-range"].startswith("bytes 0-0/")
    image = Image.open(io.BytesIO((await bria.http.get(made[0])).content))
    assert image.size == (1024, 1024)


async def test_a_placeholder_that_fails_is_empty(bria: Caller, model: int) -> None:
    """416 to a range, no bytes otherwise: v1 has no other way to say so."""
    bria.sandbox.faults.add(Fault("job_failed", operation="text-to-image-tailored"))
    (made, *_) = await urls(bria, f"/v1/text-to-image/tailored/{model}", {"prompt": "a teapot"})
    bria.sandbox.advance(600)
    assert (await look(bria, made)).status_code == 416
    assert (await bria.http.get(made)).content == b""


async def test_a_synchronous_answer_has_its_pictures(bria: Caller, model: int) -> None:
    """Nothing to wait for."""
    (made,) = await urls(bria, f"/v1/text-to-image/tailored/{model}", WAITING)
    assert (await look(bria, made)).status_code == 206


async def test_vectors_are_svg_and_wait_unless_told(bria: Caller, model: int) -> None:
    """The default of `sync` is the other way round; the drawing says what made it."""
    body = {"prompt": "a cat <&> a dog", "num_results": 1}
    (made,) = await urls(bria, f"/v1/text-to-vector/tailored/{model}", body)
    answer = await bria.http.get(made)
    assert answer.headers["content-type"].startswith("image/svg+xml")
    assert "not made by Bria" in "".join(ElementTree.fromstring(answer.content).itertext())  # noqa: S314


def test_a_vector_has_the_lines_of_the_picture() -> None:
    """Each line becomes an element; no pixel is drawn for it."""
    canvas = VectorCanvas((64, 64))
    canvas.stroke([(8, 8), (32, 16), (56, 8)], 4.0, (200, 40, 40))
    (line,) = ElementTree.fromstring(canvas.svg(title="")).findall("{*}path")  # noqa: S314
    assert line.get("fill") == "#c82828"
    assert "_pixels" not in vars(canvas)


async def test_a_vector_is_sound_whatever_the_prompt_holds(bria: Caller, model: int) -> None:
    """No markup gets in, and no character that XML does not have."""
    body = {
        "prompt": "<script>alert(1)</script> \x00\x01\x1b\ufffe ]]> cat",
        "num_results": 1,
    }
    (made,) = await urls(bria, f"/v1/text-to-vector/tailored/{model}", body)
    drawing = ElementTree.fromstring((await bria.http.get(made)).content)  # noqa: S314
    assert not [each.tag for each in drawing.iter() if "script" in str(each.tag)]
    assert "<script>alert(1)</script>" in "".join(drawing.itertext())


async def test_the_same_seed_gives_the_same_picture(bria: Caller, model: int) -> None:
    """And the answer tells the seed, so that a result can be had again."""
    path = f"/v1/text-to-image/tailored/{model}"
    told = (await bria.ok("POST", path, WAITING))["result"][0]
    (again,) = await urls(bria, path, {**WAITING, "seed": told["seed"]})
    pictures = [(await bria.http.get(url)).content for url in (told["urls"][0], again)]
    first, second = (np.asarray(Image.open(io.BytesIO(data))) for data in pictures)
    # The bytes of the files may differ: see `pictures.png`.
    assert np.array_equal(first, second)


async def test_reimagine_keeps_the_shape_of_its_picture(bria: Caller, model: int) -> None:
    """The aspect ratio is that of the structure image."""
    body = {**WAITING, "structure_image_file": base64_of(picture(0, 512, 256))}
    (made,) = await urls(bria, f"/v1/reimagine/tailored/{model}", body)
    image = Image.open(io.BytesIO((await bria.http.get(made)).content))
    assert image.size == (512, 256)


async def test_a_portrait_is_one_url(bria: Caller, model: int) -> None:
    """The id of the model may be a number or a string."""
    path = "/v1/tailored-gen/restyle_portrait"
    for named in (model, str(model)):
        body = {"tailored_model_id": named, "id_image_file": base64_of(picture())}
        told = await bria.ok("POST", path, body)
        assert (await look(bria, told["image_res"])).status_code == 206
    assert (await bria("POST", path, {"tailored_model_id": "x"})).status_code == 400


async def test_a_prefix_says_what_was_measured(bria: Caller) -> None:
    """From pictures, by one of two ways."""
    path = "/v1/tailored-gen/generate_prefix"
    body = {"images": [base64_of(picture())], "ip_name": "Lora", "ip_type": "defined_character"}
    told = await bria.ok("POST", path, body)
    assert told["prefix"].startswith("An illustration of Lora, ")
    assert (await bria("POST", path, {})).status_code == 400
    both = {**body, "image_urls": ["http://127.0.0.1/x.png"]}
    assert (await bria("POST", path, both)).status_code == 400


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"prompt": "  "}, "prompt"),
        ({"fast": False, "num_results": 3}, "num_results"),
        ({"fast": False, "steps_num": 8}, "steps_num"),
        ({"steps_num": 21}, "steps_num"),
        ({"guidance_method_2": "controlnet_canny"}, "guidance_method_2"),
        ({"guidance_method_1": "controlnet_canny"}, "guidance_method_1_image_file"),
        ({"guidance_method_1": "controlnet_canny", "num_results": 2}, "num_results"),
        ({"image_prompt_file": "x", "image_prompt_urls": ["http://a/b"]}, "image_prompt_urls"),
    ],
)
async def test_options_that_do_not_go_together(
    bria: Caller, model: int, change: dict[str, Any], field: str
) -> None:
    """400, which names the field."""
    body = {"prompt": "a teapot", **change}
    answer = await bria("POST", f"/v1/text-to-image/tailored/{model}", body)
    assert answer.status_code == 400
    assert field in [each["field_name"] for each in answer.json()["errors"]]


async def test_guidance_images_have_one_aspect_ratio(bria: Caller, model: int) -> None:
    """It becomes that of the result, so there can be only one."""
    body: dict[str, Any] = {"prompt": "a teapot"}
    for number, width in ((1, 256), (2, 512)):
        body[f"guidance_method_{number}"] = "controlnet_canny"
        body[f"guidance_method_{number}_image_file"] = base64_of(picture(0, width, 256))
    answer = await bria("POST", f"/v1/text-to-image/tailored/{model}", body)
    assert answer.status_code == 400
    assert "aspect ratio" in answer.json()["message"]


async def test_unknown_and_untrained_models(bria: Caller) -> None:
    """Bare strings, as in v1."""
    fresh = id_of(await bria.model())
    for model, status in ((1, 404), (fresh, 400)):
        answer = await bria("POST", f"/v1/text-to-image/tailored/{model}", {"prompt": "x"})
        assert answer.status_code == status
        assert isinstance(answer.json(), str)


async def test_a_call_is_billed_once_and_has_no_status(bria: Caller, model: int) -> None:
    """Four pictures are one line; the Status Service only knows jobs of v2."""
    before = len(bria.sandbox.books)
    told = await bria.ok("POST", f"/v1/text-to-image/tailored/{model}", {"prompt": "x"})
    assert [call.operation for call in bria.sandbox.books[before:]] == ["text-to-image-tailored"]
    status = await bria("GET", f"/v2/status/{told['result'][0]['uuid']}")
    assert status.status_code == 404


async def test_results_expire_after_three_days(bria: Caller, model: int) -> None:
    """403 in the store's own words, and the job still tells its URL."""
    body = {"tailored_model_id": str(model), "prompt": "a teapot"}
    result = await bria.finished("/v2/image/generate/tailored", body)
    bria.sandbox.advance(hours=70)
    assert (await bria.http.get(result["image_url"])).status_code == 200
    bria.sandbox.advance(hours=3)
    gone = await bria.http.get(result["image_url"])
    assert gone.status_code == 403
    assert gone.headers["content-type"] == "application/xml"


async def test_a_download_url_is_new_each_time_and_works_for_an_hour(bria: Caller) -> None:
    """Pre-signed URLs do not last."""
    path = f"{await bria.trained()}/download"
    first, second = [(await bria.ok("GET", path))["download_url"] for _ in range(2)]
    assert first != second
    assert (await bria.http.get(first)).status_code == 200
    bria.sandbox.advance(hours=1)
    assert (await bria.http.get(first)).status_code == 403
