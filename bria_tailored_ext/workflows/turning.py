"""Pictures that are stored on their side, turned as their EXIF data say. It needs Pillow."""

from __future__ import annotations

from PIL import Image

from bria_tailored_ext.workflows.pillow import quietly

_ORIENTATION = 0x0112

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def orientation_of(image: Image.Image) -> int:
    """How it is stored, by its EXIF data: 1 to 8; 1 is upright, and what is not said.

    Decode it before: of a PNG, its end is read for them.
    """
    try:
        with quietly():
            said = image.getexif().get(_ORIENTATION, 1)
    except Exception:
        # Broken EXIF data make Pillow raise anything; the picture itself may be sound.
        return 1
    return said if said in range(1, 9) else 1


def upright(image: Image.Image, orientation: int) -> Image.Image:
    """A picture of that orientation as a viewer shows it.

    `ImageOps.exif_transpose` rewrites the EXIF data as well, and fails where those are broken.
    """
    turn = _TURNS.get(orientation)
    return image if turn is None else image.transpose(turn)
