"""The pixels of a drawing, and inks laid over them as far as a mask covers them.

numpy and Pillow share their memory: numpy fills what is solid, Pillow mixes what is soft, each far
faster than the other would.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bria_tailored_ext.sandbox.pictures.colour import Rgb

Box = tuple[int, int, int, int]
"""Left, top, right, bottom, in pixels."""
Cover = NDArray[np.uint8]
"""How much of each pixel is covered, from 0 to 255; rows from the top."""
Pixels = NDArray[np.uint32]
"""Each a number whose bytes are red, green, blue, and one that nobody reads; rows from the top."""
Rows = NDArray[np.uint8]
"""Red, green, blue, red, green, …: a row for each of a picture."""

ROWS_AT_ONCE: Final = 64
"""So many rows stay in the processor's cache from one step to the next."""
_PIXEL: Final = np.dtype("<u4")
_AT_ONCE: Final = 65_536
# A smaller area is mixed sooner than searched for what is solid.
_WORTH_SEARCHING: Final = 30_000
# From a picture Pillow mixes twice as fast as from a colour; it takes a while to make one.
_WORTH_A_PICTURE: Final = 1_600


class Shades:
    """Colours from left to right, stretched over the width of what they are laid over.

    Args:
        columns: Red, green and blue of each.
    """

    def __init__(self, columns: NDArray[np.uint8]) -> None:
        self._pixels: Pixels = np.zeros((1, len(columns)), _PIXEL)
        self._pixels.view(np.uint8).reshape(-1, 4)[:, :3] = columns
        self._image = _shared(self._pixels)

    def picture(self, size: tuple[int, int]) -> Image.Image:
        """An area of them."""
        return self._image.resize(size, Image.Resampling.NEAREST)

    def row(self, width: int) -> Pixels:
        """As many as that, each the nearest one, as Pillow takes it."""
        count = self._pixels.shape[1]
        stretched: Pixels = self._pixels[0, (2 * np.arange(width) + 1) * count // (2 * width)]
        return stretched


Ink = Rgb | Shades


def strips(box: Box) -> Iterator[Box]:
    """Cut a box into as many rows as are worked on at once."""
    left, top, right, bottom = box
    step = max(1, _AT_ONCE // (right - left))
    for low in range(top, bottom, step):
        yield left, low, right, min(low + step, bottom)


class Sheet:
    """Pixels that inks are laid on.

    Args:
        size: Its width and height in pixels.
        colour: What covers it to begin with.
    """

    def __init__(self, size: tuple[int, int], colour: Rgb) -> None:
        self._pixels: Pixels = np.full(size[::-1], _number(colour), _PIXEL)
        self._image = _shared(self._pixels)
        # Pillow copies what it has not allocated before it changes it, unless told not to.
        self._image.readonly = 0

    def image(self) -> Image.Image:
        """A copy for Pillow."""
        return self._image.convert("RGB")

    def rows(self) -> Iterator[Rows]:
        """All rows from the top, some at a time."""
        for top in range(0, len(self._pixels), ROWS_AT_ONCE):
            part = self._pixels[top : top + ROWS_AT_ONCE]
            packed = _shared(part).tobytes("raw", "RGB")
            yield np.frombuffer(packed, np.uint8).reshape(len(part), -1)

    def flood(self, top: int, bottom: int, colour: Rgb) -> None:
        """Cover rows with a colour."""
        self._pixels[top:bottom] = _number(colour)

    def stretch(self, top: int, column: "Sheet") -> None:
        """Cover rows with a column, from its top on, each of its pixels over the whole width."""
        self._pixels[top : top + len(column._pixels)] = column._pixels

    def take(self, other: "Sheet", times: int) -> None:
        """Cover everything with another sheet, so many times as large."""
        rows = np.repeat(other._pixels, times, axis=1)[:, : self._pixels.shape[1]]
        for first in range(times):
            repeated = self._pixels[first::times]
            repeated[:] = rows[: len(repeated)]

    def tint(self, ink: Ink, corner: tuple[int, int], mask: Image.Image) -> None:
        """Lay an ink over what a mask covers, from its corner on."""
        if isinstance(ink, tuple) and mask.width * mask.height < _WORTH_A_PICTURE:
            self._image.paste(ink, corner, mask)
        elif isinstance(ink, tuple):
            self._image.paste(Image.new("RGBX", mask.size, ink), corner, mask)
        else:
            self._image.paste(ink.picture(mask.size), corner, mask)

    def lay(self, ink: Ink, box: Box, cover: Cover) -> None:
        """Lay an ink over a box, as far as it is covered: best where most is solid or empty."""
        left, top, right, bottom = box
        if cover.size < _WORTH_SEARCHING:
            size = right - left, bottom - top
            mask = Image.frombuffer("L", size, cover, "raw", "L", 0, 1)
            self.tint(ink, (left, top), mask)
            return
        across = right - left
        row = np.full(across, _number(ink), _PIXEL) if isinstance(ink, tuple) else ink.row(across)
        np.copyto(self._pixels[top:bottom, left:right], row, where=cover == 255)
        # Not 0, which wraps round, and not 255.
        rim = np.flatnonzero(cover - np.uint8(1) < 254)
        rows, columns = np.divmod(rim, across)
        self._mix(row[columns], (rows + top, columns + left), cover.ravel()[rim])

    def _mix(
        self, ink: Pixels, place: tuple[NDArray[np.intp], NDArray[np.intp]], cover: Cover
    ) -> None:
        """Move single pixels towards an ink, as far as each is covered."""
        under = self._pixels[place].view(np.uint8).reshape(-1, 4).astype(np.int32)
        goal = ink[..., None].view(np.uint8).astype(np.int32)
        part = cover.astype(np.int32)[:, None]
        part += part >> 7  # 255 is the whole: 256.
        under += ((goal - under) * part + 128) >> 8
        self._pixels[place] = under.astype(np.uint8).view(_PIXEL)[:, 0]


def _shared(pixels: Pixels) -> Image.Image:
    """The same memory under Pillow's name."""
    height, width = pixels.shape
    return Image.frombuffer("RGBX", (width, height), pixels, "raw", "RGBX", 0, 1)


def _number(colour: Rgb) -> int:
    red, green, blue = colour
    return red | green << 8 | blue << 16
