# Generated, do not edit: make generate
from typing import Literal

ImagePromptMode = Literal["regular", "style_only"]

IMAGE_PROMPT_MODE_VALUES: dict[str, ImagePromptMode] = {
    "regular": "regular",
    "style_only": "style_only",
}


def check_image_prompt_mode(value: str) -> ImagePromptMode:
    """The known word, as documented. Bria writes the same word in more than one case."""
    known = IMAGE_PROMPT_MODE_VALUES.get(value.lower())
    if known is None:
        raise TypeError(
            f"Unexpected value {value!r}. Expected one of {list(IMAGE_PROMPT_MODE_VALUES.values())!r}"
        )
    return known
