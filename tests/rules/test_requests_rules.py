"""What a request must hold before it is sent and paid for."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from bria_tailored_ext.rules import requests
from bria_tailored_ext.rules.requests import RANGES, check_json
from bria_tailored_ext.values.errors import InvalidInputError
from bria_tailored_ext.values.jobs import JobKind

PROMPT = {"tailored_model_id": "7", "prompt": "a cup"}
VIDEO = {"tailored_model_id": "7", "image": "https://cdn.test/a.png"}


ASPECT_RATIOS = ("1:1", "16:9")


def check_request(kind: JobKind, body: dict[str, Any]) -> None:
    requests.check_request(kind, body, ASPECT_RATIOS)


def test_the_ranges_are_those_of_the_document() -> None:
    """They are written down here, so a document that changes one must not go unnoticed."""
    path = Path(__file__).parents[2] / "openapi" / "tailored-generation.yaml"
    document = YAML(typ="safe").load(path.read_text())
    properties = document["components"]["schemas"]["ImageRequest"]["properties"]
    bounded = {
        name: (schema["minimum"], schema["maximum"])
        for name, schema in properties.items()
        if "minimum" in schema
    }
    assert bounded == RANGES


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (JobKind.IMAGE, PROMPT),
        (JobKind.IMAGE, {"tailored_model_id": "7", "structured_prompt": "{}", "seed": 7}),
        (JobKind.IMAGE, {"tailored_model_id": "7", "structured_prompt": "{}", "seed": 0}),
        (JobKind.IMAGE, {**PROMPT, "structured_prompt": "{}"}),
        (JobKind.IMAGE, {**PROMPT, "tailored_model_influence": 0}),
        (JobKind.IMAGE, {**PROMPT, "tailored_model_influence": 1.5}),
        (JobKind.IMAGE, {**PROMPT, "guidance_scale": 3, "steps_num": 20}),
        (JobKind.IMAGE, {**PROMPT, "guidance_scale": 5, "steps_num": 50}),
        *[(JobKind.IMAGE, {**PROMPT, "aspect_ratio": ratio}) for ratio in ASPECT_RATIOS],
        (JobKind.STRUCTURED_PROMPT, PROMPT),
        (JobKind.STRUCTURED_PROMPT, {**PROMPT, "structured_prompt": "{}"}),
        (JobKind.VIDEO, VIDEO),
        (JobKind.VIDEO, {**VIDEO, "seed": 7}),
    ],
)
def test_what_bria_takes_passes(kind: JobKind, body: dict[str, Any]) -> None:
    """Bounds are inclusive, and 0 is a seed."""
    check_request(kind, body)


@pytest.mark.parametrize("kind", JobKind)
@pytest.mark.parametrize("model", [None, "", 7, ["7"]])
def test_a_model_id_is_a_text(kind: JobKind, model: Any) -> None:
    """A model's own id is an integer, generation takes a string: the usual stumble."""
    with pytest.raises(InvalidInputError, match=r"tailored_model_id must be .* as a string"):
        check_request(kind, {**PROMPT, **VIDEO, "tailored_model_id": model})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("tailored_model_influence", -0.1),
        ("tailored_model_influence", 1.51),
        ("tailored_model_influence", math.nan),
        ("tailored_model_influence", True),
        ("guidance_scale", 2),
        ("guidance_scale", 6),
        ("guidance_scale", "4"),
        ("steps_num", 19),
        ("steps_num", 51),
        ("steps_num", [30]),
    ],
)
def test_a_number_out_of_range_names_field_and_range(name: str, value: Any) -> None:
    """What is no number at all is refused in the same words."""
    with pytest.raises(InvalidInputError, match=rf"^{name} must be a number between \S+ and"):
        check_request(JobKind.IMAGE, {**PROMPT, name: value})


@pytest.mark.parametrize("ratio", ["21:9", "", "1x1", ["1:1"]])
def test_an_aspect_ratio_is_one_of_the_listed(ratio: Any) -> None:
    """The sentence lists all of them."""
    with pytest.raises(InvalidInputError, match=r"aspect_ratio must be one of 1:1, .*16:9; it is"):
        check_request(JobKind.IMAGE, {**PROMPT, "aspect_ratio": ratio})


@pytest.mark.parametrize(
    ("kind", "body", "sentence"),
    [
        (JobKind.IMAGE, {}, "An image needs a prompt, a structured_prompt with its seed"),
        (JobKind.IMAGE, {"prompt": ""}, "An image needs a prompt"),
        (JobKind.IMAGE, {"seed": 7}, "An image needs a prompt"),
        (JobKind.IMAGE, {"structured_prompt": "{}"}, "which needs its seed. Add seed="),
        (JobKind.IMAGE, {"structured_prompt": "{}", "seed": None}, "Add seed="),
        (JobKind.STRUCTURED_PROMPT, {}, "A structured prompt needs a prompt"),
        (JobKind.STRUCTURED_PROMPT, {"structured_prompt": "{}"}, "needs a prompt"),
    ],
)
def test_an_incomplete_combination_says_what_is_missing(
    kind: JobKind, body: dict[str, Any], sentence: str
) -> None:
    """Source: "Input Combination Rules" in Bria's document."""
    with pytest.raises(InvalidInputError) as caught:
        check_request(kind, {"tailored_model_id": "7", **body})

    assert sentence in str(caught.value)


@pytest.mark.parametrize("kind", [JobKind.IMAGE, JobKind.STRUCTURED_PROMPT])
@pytest.mark.parametrize("text", ["", "{", "{'a': 1}", "soft light", "[" * 200_000])
def test_a_structured_prompt_is_json(kind: JobKind, text: str) -> None:
    """A typo in hand-edited JSON is found here, with its place."""
    with pytest.raises(
        InvalidInputError, match=r"^structured_prompt must be a string of valid JSON"
    ):
        check_request(kind, {**PROMPT, "structured_prompt": text})


def test_a_structured_prompt_as_a_dict_says_how_to_send_it() -> None:
    """The first thing that everybody tries."""
    with pytest.raises(InvalidInputError, match=r"this is a dict. Pass json\.dumps"):
        check_request(JobKind.IMAGE, {**PROMPT, "structured_prompt": {"light": "soft"}})


def test_check_json_passes_json_and_names_the_place_of_a_fault() -> None:
    """The sentence points at line and column."""
    check_json("visual_schema", '{"a": 1}')
    with pytest.raises(InvalidInputError, match=r"^visual_schema .*line 1 column 9"):
        check_json("visual_schema", '{"a": 1,}')
