"""Choose the pictures that stand for all: by their looks, whatever order they come in."""

from __future__ import annotations

import io
from collections.abc import Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING, Literal

import anyio.to_thread
import attrs

from bria_tailored_ext.rules.choosing import Contender, evenly, farthest_first
from bria_tailored_ext.rules.uploads import name_for
from bria_tailored_ext.values.errors import BriaError
from bria_tailored_ext.workflows.pictures import ImageSource, Picture, content_of
from bria_tailored_ext.workflows.together import for_each

if TYPE_CHECKING:
    from PIL import Image

_MEASURED_AT_ONCE = 2
"""A PNG of 24 megapixels takes some 100 MB while it is measured; a JPEG hardly any."""

_SIDE = 32
_TILES = 8
_LEVELS = 4


@attrs.frozen(kw_only=True)
class Chosen:
    """One chosen picture.

    Attributes:
        name: What it is called.
        index: Its place among those given, from 0.
        reason: Why this one.
    """

    name: str
    index: int
    reason: str


@attrs.frozen(kw_only=True)
class Choice:
    """The pictures that a visual schema was made from.

    Attributes:
        pictures: Those chosen, in the order in which they were sent.
        of: How many different pictures there were to choose from.
        by: "all" of them, by their "looks", or by their "order".
        reason: How it was chosen, in words.
    """

    pictures: tuple[Chosen, ...]
    of: int
    by: Literal["all", "looks", "order"]
    reason: str


async def choose(sources: Sequence[ImageSource], pictures: Sequence[Picture], most: int) -> Choice:
    """Choose so many pictures at most; the same ones whatever the order they are given in.

    Exact copies count once. By looks where Pillow is installed and can read every picture; else
    evenly over their names, which is the order in which they were taken as often as not.

    Args:
        sources: The pictures as they were given.
        pictures: The same, prepared.
        most: How many at most.
    """
    firsts: dict[str, int] = {}
    for place, picture in enumerate(pictures):
        firsts.setdefault(picture.digest, place)
    places = list(firsts.values())
    if len(places) <= most:
        chosen = [_chosen(pictures, place, "It is one of all.") for place in sorted(places)]
        return Choice(pictures=tuple(chosen), of=len(places), by="all", reason="All were sent.")
    unmeasured = _why_not(pictures, places)
    looks = {} if unmeasured else await _measured(sources, pictures, places)
    lacking = [pictures[place].name for place in places if place not in looks]
    if lacking:
        unmeasured = unmeasured or f"{len(lacking)} cannot be read here ({', '.join(lacking[:3])})"
        return _by_order(pictures, places, most, unmeasured)
    contenders = [Contender(key=pictures[place].digest, looks=looks[place]) for place in places]
    picks = await anyio.to_thread.run_sync(farthest_first, contenders, most)
    chosen = [
        _chosen(pictures, places[pick.index], _reason(number, pick.distance))
        for number, pick in enumerate(picks)
    ]
    return Choice(
        pictures=tuple(chosen),
        of=len(places),
        by="looks",
        reason=(
            f"{most} of {len(places)} by their looks: the most typical one, then each time the one "
            "whose colours and layout are least like those chosen before."
        ),
    )


def _reason(number: int, distance: float) -> str:
    if not number:
        return "It is the most typical of all."
    return f"It differs most from those before it (by {distance:.2f} of 2)."


def _chosen(pictures: Sequence[Picture], place: int, reason: str) -> Chosen:
    return Chosen(name=pictures[place].name, index=place, reason=reason)


def _by_order(
    pictures: Sequence[Picture], places: Sequence[int], most: int, because: str
) -> Choice:
    keys = [_key(pictures[place], place) for place in places]
    reason = "It is one of so many at even steps through their names."
    chosen = [_chosen(pictures, places[index], reason) for index in evenly(keys, most)]
    told = f"{most} of {len(places)} evenly over their names, not by their looks: {because}."
    return Choice(pictures=tuple(chosen), of=len(places), by="order", reason=told)


def _key(picture: Picture, place: int) -> str:
    # What is only called after its place is known by its content.
    return f"{name_for(picture.name, place, picture.digest)}\0{picture.digest}"


def _why_not(pictures: Sequence[Picture], places: Sequence[int]) -> str:
    urls = sum(pictures[place].is_url for place in places)
    if urls:
        return f"{urls} of them are URLs, which only Bria fetches"
    return "" if find_spec("PIL") else "Pillow is not installed"


async def _measured(
    sources: Sequence[ImageSource], pictures: Sequence[Picture], places: Sequence[int]
) -> dict[int, tuple[float, ...]]:
    looks: dict[int, tuple[float, ...]] = {}

    async def measure(_number: int, place: int) -> None:
        found = await anyio.to_thread.run_sync(looks_of, sources[place], pictures[place].name)
        if found is not None:
            looks[place] = found

    await for_each(places, measure, at_once=_MEASURED_AT_ONCE)
    return looks


def looks_of(source: ImageSource, name: str) -> tuple[float, ...] | None:
    """A picture's colours and layout as numbers, or `None` if Pillow cannot read it. This blocks.

    Half of the weight has a histogram of its colours, half the lightness of 8×8 tiles, each of
    which makes at most 1 of the distance between two pictures.
    """
    from PIL import Image

    from bria_tailored_ext.workflows.pillow import UNREADABLE

    try:
        content = content_of(source, name)
        with Image.open(io.BytesIO(content.read(0, content.size))) as image:
            # A JPEG is decoded at a fraction of its size; a picture in another mode as it is.
            image.draft("RGB", (4 * _SIDE, 4 * _SIDE))
            plain = image if image.mode in ("RGB", "L") else image.convert("RGBA")
            small = plain.resize((_SIDE, _SIDE), Image.Resampling.BOX).convert("RGBA")
    except (BriaError, *UNREADABLE):
        return None
    # As Bria sees it, which makes black of what is transparent.
    flat = Image.alpha_composite(Image.new("RGBA", small.size, (0, 0, 0, 255)), small)
    return (*_colours(flat.convert("RGB")), *_layout(flat.convert("L")))


def _colours(small: Image.Image) -> list[float]:
    counts = [0] * _LEVELS**3
    data = small.tobytes()
    for red, green, blue in zip(data[0::3], data[1::3], data[2::3], strict=True):
        place = 0
        for value in (red, green, blue):
            place = place * _LEVELS + value * _LEVELS // 256
        counts[place] += 1
    # Two histograms differ by 2 at most.
    return [count / (2 * _SIDE * _SIDE) for count in counts]


def _layout(small: Image.Image) -> list[float]:
    from PIL import Image

    tiles = small.resize((_TILES, _TILES), Image.Resampling.BOX).tobytes()
    return [value / (255 * _TILES * _TILES) for value in tiles]
