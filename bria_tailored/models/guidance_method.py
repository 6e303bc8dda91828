# Generated, do not edit: make generate
from typing import Literal

GuidanceMethod = Literal[
    "controlnet_canny", "controlnet_color_grid", "controlnet_depth", "controlnet_recoloring"
]

GUIDANCE_METHOD_VALUES: dict[str, GuidanceMethod] = {
    "controlnet_canny": "controlnet_canny",
    "controlnet_color_grid": "controlnet_color_grid",
    "controlnet_depth": "controlnet_depth",
    "controlnet_recoloring": "controlnet_recoloring",
}


def check_guidance_method(value: str) -> GuidanceMethod:
    """The known word, as documented. Bria writes the same word in more than one case."""
    known = GUIDANCE_METHOD_VALUES.get(value.lower())
    if known is None:
        raise TypeError(
            f"Unexpected value {value!r}. Expected one of {list(GUIDANCE_METHOD_VALUES.values())!r}"
        )
    return known
