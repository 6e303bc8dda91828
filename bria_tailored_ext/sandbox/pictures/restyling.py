"""Giving a picture the colours of a model, and keeping its shapes."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from PIL import Image, ImageFilter

from bria_tailored_ext.sandbox.pictures.colour import Rgb, to_oklab
from bria_tailored_ext.sandbox.pictures.json_values import palette
from bria_tailored_ext.sandbox.pictures.mark import label, signed
from bria_tailored_ext.sandbox.pictures.png import rows_of, to_png
from bria_tailored_ext.sandbox.pictures.reading import decoded

_LONGER_SIDE: Final = 1024
_PLAIN: Final = ((38, 40, 48), (120, 120, 124), (230, 228, 222))


def restyle(
    image: bytes, *, schema: Mapping[str, Any], influence: float, keep: float, seed: int
) -> bytes:
    """Colour a picture by its light and shade with a schema's palette, as PNG.

    The same arguments give the same pixels.

    Args:
        image: The bytes of a JPEG, PNG or WEBP.
        schema: The visual schema whose palette is used.
        influence: How much of the palette, from 0 (none) to 1.
        keep: How much of the picture's detail, from 0 (its large shapes alone) to 1.
        seed: Written into the file; the same picture comes out for every seed.

    Raises:
        PictureError: As for `read_picture`.
    """
    _, picture = decoded(image)
    picture.thumbnail((_LONGER_SIDE, _LONGER_SIDE), reducing_gap=2.0)
    blurred = (1 - min(max(keep, 0.0), 1.0)) * _LONGER_SIDE / 80
    calm = picture.filter(ImageFilter.GaussianBlur(blurred)) if blurred > 0 else picture
    grey = calm.convert("L")
    bands = [grey.point(column) for column in _ramp(schema)]
    mapped = Image.merge("RGB", bands)
    made = Image.blend(calm, mapped, min(max(influence, 0.0), 1.0))
    label(made)
    return to_png(made.size, rows_of(made), signed({"Seed": str(seed)}))


def _ramp(schema: Mapping[str, Any]) -> list[list[int]]:
    """For each of red, green and blue, what 256 levels of grey become."""
    colours: list[Rgb] = [rgb for rgb, _ in palette(schema)] or list(_PLAIN)
    levels = sorted((float(to_oklab(rgb)[0]) * 255, rgb) for rgb in set(colours))
    # Black and white stay what they are, where the palette has nothing as dark or as light.
    stops = [(0.0, (12, 12, 16)), *levels, (255.0, (250, 249, 246))]
    places = [level for level, _ in stops]
    grey = np.arange(256)
    return [
        np.rint(np.interp(grey, places, [rgb[part] for _, rgb in stops])).astype(int).tolist()
        for part in range(3)
    ]
