"""The brush of the sandbox's pictures: what is covered, how colours mix, what lies on top."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from bria_tailored_ext.sandbox.pictures.brush import Canvas
from bria_tailored_ext.sandbox.pictures.colour import Rgb
from bria_tailored_ext.sandbox.pictures.outlines import ring
from bria_tailored_ext.sandbox.pictures.pixels import Shades, Sheet
from bria_tailored_ext.sandbox.pictures.png import rows_of
from bria_tailored_ext.sandbox.pictures.shading import Shading

PAPER: Rgb = (240, 230, 210)
RED: Rgb = (200, 20, 60)
BLUE: Rgb = (10, 40, 220)


def _seen(sheet: Sheet) -> NDArray[np.int64]:
    return np.asarray(sheet.image()).astype(int)


@pytest.mark.parametrize("size", [(20, 30), (130, 90), (300, 250)])
def test_a_colour_is_mixed_as_far_as_it_covers(size: tuple[int, int]) -> None:
    """Small areas and large ones go different ways to the same pixels."""
    width, height = size
    random = np.random.default_rng(width)
    cover = random.choice([0, 1, 127, 128, 254, 255], size=(height, width)).astype(np.uint8)
    columns = random.integers(0, 256, size=(width, 3)).astype(np.uint8)
    for ink, goal in ((RED, np.array(RED)), (Shades(columns), columns.astype(int))):
        sheet = Sheet((width + 9, height + 7), PAPER)
        sheet.lay(ink, (4, 3, 4 + width, 3 + height), cover)
        expected = np.broadcast_to(PAPER, (height + 7, width + 9, 3)).astype(float)
        inside = expected[3 : 3 + height, 4 : 4 + width]
        inside += (goal - inside) * (cover[..., None] / 255)
        assert np.abs(_seen(sheet) - expected).max() <= 1


def test_polygons_of_one_colour_are_as_drawn_one_by_one() -> None:
    """They are laid together, which no pixel tells."""
    together, alone = Canvas((200, 200), PAPER), Canvas((200, 200), PAPER)
    for step in range(7):
        leaf = ring(40 + 18.3 * step, 100 + 9.1 * (step % 3), 21.4, 9.7, 0.4 * step)
        together.fill(leaf, RED)
        alone.fill(leaf, RED)
        _ = alone.sheet
    assert np.abs(_seen(together.sheet) - _seen(alone.sheet)).max() <= 2
    assert not np.array_equal(_seen(together.sheet)[100, 100], PAPER)


def test_what_is_drawn_last_lies_on_top() -> None:
    """Whatever waits to be laid together."""
    canvas = Canvas((100, 100), PAPER)
    flat = Shading(light=0.0, dark=BLUE, bright=BLUE, depth=0.0)
    canvas.fill([(10, 10), (60, 10), (60, 60), (10, 60)], RED)
    canvas.fill([(30, 30), (80, 30), (80, 80), (30, 80)], BLUE)
    canvas.fill([(40, 40), (50, 40), (50, 50), (40, 50)], RED)
    canvas.fill([(44, 44), (46, 44), (46, 46), (44, 46)], PAPER, flat)
    canvas.fill([(52, 44), (54, 44), (54, 46), (52, 46)], RED)
    canvas.flood((90, 100), BLUE, BLUE, (0.0, 0.0))
    seen = _seen(canvas.sheet)
    found = [tuple(seen[place, place].tolist()) for place in (20, 35, 42, 45, 95)]
    assert found == [RED, BLUE, RED, PAPER, BLUE]
    assert tuple(seen[45, 53].tolist()) == RED


def test_what_lies_outside_is_left_out() -> None:
    """A shape may leave the picture on every side, and may lie beside it altogether."""
    canvas = Canvas((64, 48), PAPER)
    canvas.fill([(-500, -500), (-400, -500), (-400, -400)], BLUE)
    canvas.glow(-300, 20, 50, BLUE, 1.0)
    canvas.shadow(500, 500, 20, 5, BLUE, 1.0)
    canvas.dots([(-9, -9, 2), (80, 10, 2)], BLUE)
    canvas.wash(60, 90, BLUE, 1.0, 1.0)
    assert np.array_equal(_seen(canvas.sheet), np.broadcast_to(PAPER, (48, 64, 3)))
    canvas.fill([(-10, -10), (90, -10), (90, 90), (-10, 90)], RED)
    assert np.array_equal(_seen(canvas.sheet), np.broadcast_to(RED, (48, 64, 3)))


@pytest.mark.parametrize("radius", [60.0, 400.0])
def test_a_light_fades_out_at_its_radius(radius: float) -> None:
    """As the vector of the same picture says: strength times (1 - distance / radius) ** 1.5."""
    canvas = Canvas((900, 900), (0, 0, 0))
    canvas.glow(450, 450, radius, (255, 255, 255), 0.8)
    seen = _seen(canvas.sheet)[..., 0]
    away = np.hypot(*(np.mgrid[:900, :900] + 0.5 - 450)) / radius
    expected = 255 * 0.8 * np.clip(1 - away, 0, 1) ** 1.5
    # It is worked out in steps of two pixels.
    assert np.abs(seen - expected)[away > 0.1].max() <= 5 + 100 / radius
    assert seen[away > 1.01].max() == 0


def test_a_shadow_under_something_is_left_out_only_where_that_hides_it() -> None:
    """Work is saved, and nothing is seen of it."""
    disc = ring(300, 300, 160, 160)
    saved, whole = Canvas((600, 600), PAPER), Canvas((600, 600), PAPER)
    saved.soft(ring(305, 310, 160, 160), 12, BLUE, 0.5, disc)
    whole.soft(ring(305, 310, 160, 160), 12, BLUE, 0.5, ring(-900, -900, 1, 1))
    assert not np.array_equal(_seen(saved.sheet), _seen(whole.sheet))
    # Nor does it end at a step.
    assert np.abs(np.diff(_seen(whole.sheet), axis=0)).max() <= 10
    open_to_the_sky = Canvas((600, 600), PAPER)
    open_to_the_sky.soft(ring(305, 310, 160, 160), 12, BLUE, 0.5, ())
    assert np.array_equal(_seen(open_to_the_sky.sheet), _seen(whole.sheet))
    for canvas in (saved, whole):
        canvas.fill(disc, RED)
    assert np.abs(_seen(saved.sheet) - _seen(whole.sheet)).max() <= 1
    assert np.abs(_seen(whole.sheet)[475, 310] - PAPER).max() > 20


def test_a_shadow_on_the_ground_is_dark_in_the_middle_and_soft_at_the_rim() -> None:
    """Half as dark where its outline runs, whatever its size."""
    for rx in (30, 90, 220):
        canvas = Canvas((800, 400), (255, 255, 255))
        canvas.shadow(400, 200, rx, rx * 0.2, (0, 0, 0), 0.6)
        dark = 255 - _seen(canvas.sheet)[200, :, 0]
        middle = int(dark[400])
        assert np.average(np.arange(800) + 0.5, weights=dark) == pytest.approx(400, abs=0.3)
        assert 100 < middle < 160
        assert dark[400 + rx] < middle * 0.75
        assert dark[400 + round(1.7 * rx)] == 0


@pytest.mark.parametrize("radius", [0.1, 0.37, 0.38, 1.0, 2.6])
def test_a_dot_lies_where_it_is_wanted_however_small(radius: float) -> None:
    """A star of a tenth of a pixel is still seen, and its weight lies at its centre."""
    for x, y in ((20.5, 20.5), (31.2, 18.8), (24.9, 40.1)):
        canvas = Canvas((64, 64), (0, 0, 0))
        canvas.dots([(x, y, radius)], (255, 255, 255))
        seen = _seen(canvas.sheet)[..., 0]
        rows, columns = np.mgrid[:64, :64] + 0.5
        assert seen.max() >= 12
        middle = (seen * columns).sum() / seen.sum(), (seen * rows).sum() / seen.sum()
        assert math.dist(middle, (x, y)) < 0.6
        grown = math.pi * (max(radius, 0.375) + 0.5) ** 2
        assert seen.sum() / 255 < grown


def test_dots_at_the_rim_are_cut() -> None:
    """Half of one that lies on it is seen, at each side."""
    for x, y in ((0, 20), (40, 20), (20, 0), (20, 40)):
        canvas = Canvas((40, 40), (0, 0, 0))
        canvas.dots([(x, y, 3.0)], (255, 255, 255))
        assert _seen(canvas.sheet)[..., 0].sum() / 255 == pytest.approx(math.pi * 9 / 2, rel=0.2)


def test_a_wash_grows_from_row_to_row_over_the_whole_width() -> None:
    """Also where it is laid in several goes."""
    canvas = Canvas((300, 900), (0, 0, 0))
    canvas.wash(100, 800, (255, 255, 255), 0.0, 1.0)
    seen = _seen(canvas.sheet)[..., 0]
    assert (seen == seen[:, :1]).all()
    expected = np.zeros(900)
    expected[100:800] = np.linspace(0, 255, 700)
    assert np.abs(seen[:, 0] - expected).max() <= 1


def test_a_rounded_thing_is_dark_away_from_the_light() -> None:
    """And bright where the light falls; from the other side it is the mirror image."""
    across = []
    for side in (-1.0, 1.0):
        canvas = Canvas((300, 40), PAPER)
        shading = Shading(light=side, dark=(0, 0, 0), bright=(255, 255, 255), depth=1.0)
        canvas.fill([(0, 0), (300, 0), (300, 40), (0, 40)], (128, 128, 128), shading)
        across.append(_seen(canvas.sheet)[20, :, 0])
    left, right = across
    assert left[290] < 100 < 128 < left[60]
    assert np.abs(left - right[::-1]).max() <= 3


def test_what_waits_to_be_laid_does_not_change_with_its_outline() -> None:
    """Whoever draws one outline again and again may move it in place."""
    canvas = Canvas((100, 100), PAPER)
    outline = np.array([(10.0, 10.0), (30.0, 10.0), (30.0, 30.0), (10.0, 30.0)])
    canvas.fill(outline, RED)
    outline += 40
    canvas.fill(outline, RED)
    seen = _seen(canvas.sheet)
    assert tuple(seen[20, 20].tolist()) == tuple(seen[60, 60].tolist()) == RED


def test_a_soft_ground_is_repeated_to_the_very_rim() -> None:
    """Also where a side is no multiple of what it is painted at."""
    canvas = Canvas((103, 61), RED)
    canvas.behind(lambda ground: ground.flood((5, ground.height), BLUE, BLUE, (0.0, 0.0)))
    seen = _seen(canvas.sheet)
    assert np.array_equal(seen[:20], np.zeros((20, 103, 3)))
    assert np.array_equal(seen[20:], np.broadcast_to(BLUE, (41, 103, 3)))


def test_many_blades_are_each_drawn_wherever_they_lie() -> None:
    """Also where there are so many that they are drawn in several goes."""
    blades = [
        [(x, y), (x + 6, y - 20), (x + 12, y)] for y in range(25, 500) for x in range(5, 480, 97)
    ]
    together, alone = Canvas((500, 500), PAPER), Canvas((500, 500), PAPER)
    together.blades(blades, RED)
    for blade in blades:
        alone.fill(blade, RED)
        _ = alone.sheet
    assert np.abs(_seen(together.sheet) - _seen(alone.sheet)).max() <= 2


def test_rows_of_a_picture_are_its_rows() -> None:
    """All of them, however many are taken at once."""
    pixels = np.random.default_rng(1).integers(0, 256, size=(150, 9, 3)).astype(np.uint8)
    rows = np.concatenate(list(rows_of(Image.fromarray(pixels))))
    assert np.array_equal(rows.reshape(150, 9, 3), pixels)


def test_rows_are_what_the_picture_shows() -> None:
    """All of them, in order, without the byte between pixels."""
    canvas = Canvas((37, 150), PAPER)
    canvas.fill([(0, 0), (37, 75), (0, 150)], RED)
    rows = np.concatenate(list(canvas.sheet.rows()))
    assert np.array_equal(rows.reshape(150, 37, 3), np.asarray(canvas.sheet.image()))
