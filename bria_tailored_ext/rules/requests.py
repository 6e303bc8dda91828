"""What a request for a job must hold, checked before it is sent and paid for.

Source: "Input Combination Rules" of the three generation operations in Bria's document.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any, cast

from bria_tailored_ext.values.errors import InvalidInputError
from bria_tailored_ext.values.jobs import JobKind

RANGES: Mapping[str, tuple[float, float]] = {
    "tailored_model_influence": (0.0, 1.5),
    "guidance_scale": (3, 5),
    "steps_num": (20, 50),
}
"""Source: generate-image in Bria's document."""


def check_request(kind: JobKind, body: Mapping[str, Any], aspect_ratios: Collection[str]) -> None:
    """Check the body of a submit.

    Args:
        kind: What is submitted.
        body: What would be sent.
        aspect_ratios: The words that Bria's document knows.

    Raises:
        InvalidInputError: Says which field breaks which rule, and what would be right.
    """
    model = body.get("tailored_model_id")
    if not isinstance(model, str) or not model:
        raise InvalidInputError(
            f"tailored_model_id must be the model's id as a string, such as '7'; it is {model!r}. "
            "Source: generation bodies take a string where a model's own id is an integer."
        )
    for name, (low, high) in RANGES.items():
        value = body.get(name)
        if value is not None and not (_is_number(value) and low <= value <= high):
            raise InvalidInputError(
                f"{name} must be a number between {low} and {high}; it is {value!r}."
            )
    ratio = body.get("aspect_ratio")
    if ratio is not None and ratio not in aspect_ratios:
        raise InvalidInputError(
            f"aspect_ratio must be one of {', '.join(aspect_ratios)}; it is {ratio!r}."
        )
    if kind is not JobKind.VIDEO:
        _check_combination(kind, body)


def check_json(name: str, text: object) -> None:
    """Check that a string that Bria takes as JSON is JSON.

    Raises:
        InvalidInputError: It is not; says where.
    """
    if not isinstance(text, str):
        raise InvalidInputError(
            f"{name} must be a string of valid JSON; this is a {type(text).__name__}. "
            "Pass json.dumps(...) of it."
        )
    try:
        json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidInputError(f"{name} must be a string of valid JSON: {error}.") from error


def check_json_object(name: str, text: object) -> None:
    """Check that a string that Bria takes as a JSON object is one, which any other server reads.

    Raises:
        InvalidInputError: It is not; says where.
    """
    check_json(name, text)
    # Python takes NaN and Infinity, JSON knows neither.
    odd: list[str] = []
    value = json.loads(cast("str", text), parse_constant=odd.append)
    if odd:
        raise InvalidInputError(f"{name} has {odd[0]}, which is no JSON. Use a number or null.")
    if not isinstance(value, dict):
        raise InvalidInputError(
            f"{name} must be a JSON object, such as a visual schema or a caption; it is the JSON "
            f"of a {type(value).__name__}."
        )


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _check_combination(kind: JobKind, body: Mapping[str, Any]) -> None:
    prompt, structured = body.get("prompt"), body.get("structured_prompt")
    if structured is not None:
        check_json("structured_prompt", structured)
    if prompt:
        return
    if kind is JobKind.STRUCTURED_PROMPT:
        raise InvalidInputError(
            "A structured prompt needs a prompt, alone or with a structured_prompt that it refines."
        )
    if structured is None:
        raise InvalidInputError(
            "An image needs a prompt, a structured_prompt with its seed (the same picture again), "
            "or both (a refinement)."
        )
    if body.get("seed") is None:
        raise InvalidInputError(
            "A structured_prompt without a prompt draws the same picture again, which needs its "
            "seed. Add seed=..., or a prompt to refine it."
        )
