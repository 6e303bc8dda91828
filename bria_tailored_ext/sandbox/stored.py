"""The pictures of datasets as Bria keeps them: large enough, and without transparency.

Source: "Image Requirements" of `POST /tailored-gen/datasets/{dataset_id}/images`.
"""

import io
from typing import Any, Final, cast

from PIL import Image

from bria_tailored_ext.sandbox.dataset_rules import FULL_SIDE
from bria_tailored_ext.sandbox.pictures.reading import decoded

# The most that WEBP can have; none of a picture's sides grows beyond it.
_LONGEST_SIDE: Final = 16383
# Nearly what came; how Bria encodes them is not documented.
_OPTIONS: Final[dict[str, dict[str, Any]]] = {
    "jpeg": {"quality": 95},
    "png": {"compress_level": 1},
    "webp": {"quality": 95},
}


def is_stored_as_it_came(data: bytes) -> bool:
    """Tell whether a picture is kept byte for byte; mostly its header tells.

    Args:
        data: The bytes of a picture that `read_picture` takes.
    """
    with Image.open(io.BytesIO(data)) as image:
        if _scale(*image.size) > 1.0:
            return False
        return not image.has_transparency_data or _is_solid(image)


def as_stored(data: bytes) -> bytes:
    """Enlarge a small picture to 1024 pixels a side, and put a transparent one on black.

    Its format stays, and its proportions.

    Args:
        data: The bytes of a picture that `read_picture` takes.
    """
    kind, image = decoded(data)
    scale = _scale(*image.size)
    if scale > 1.0:
        size = round(image.width * scale), round(image.height * scale)
        image = image.resize(size, Image.Resampling.LANCZOS)
    out = io.BytesIO()
    image.save(out, kind.upper(), **_OPTIONS[kind])
    return out.getvalue()


def _is_solid(image: Image.Image) -> bool:
    """Tell whether an alpha channel hides nothing, as most programs write one all the same."""
    lowest, _ = cast("tuple[int, int]", image.convert("RGBA").getchannel("A").getextrema())
    return lowest == 255


def _scale(width: int, height: int) -> float:
    return min(FULL_SIDE / min(width, height), _LONGEST_SIDE / max(width, height))
