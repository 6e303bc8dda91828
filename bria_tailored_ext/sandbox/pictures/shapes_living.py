"""Plants, animals and people. Each function draws one subject of height 1."""

import math

from bria_tailored_ext.sandbox.pictures.colour import Rgb
from bria_tailored_ext.sandbox.pictures.outlines import Point, mirrored
from bria_tailored_ext.sandbox.pictures.pen import Pen


def flower(pen: Pen) -> None:
    """A flower on a stalk with two leaves."""
    green = pen.dark(pen.second, 0.3)
    bend = pen.varied(-0.08, 0.08)
    pen.line([(0, 0), (bend, 0.35), (0, 0.72)], 0.022, green)
    for side, y in ((1, 0.2), (-1, 0.32)):
        under, tip, over = (0.14, y + 0.03), (0.26, y + 0.16), (0.1, y + 0.13)
        leaf = [(bend * 0.7, y), *((side * x, height) for x, height in (under, tip, over))]
        pen.blob(leaf, green, 0.4)
    petals = int(pen.random.choice([6, 8, 10]))
    for ring, (reach, tone) in enumerate(((0.17, pen.dark(pen.main, 0.12)), (0.12, pen.main))):
        for step in range(petals):
            angle = 2 * math.pi * (step + ring / 2) / petals
            x, y = reach * math.cos(angle), 0.76 + reach * math.sin(angle)
            pen.oval(x, y, 0.105, 0.28 / petals + 0.015, tone, 0.35, angle)
    pen.oval(0, 0.76, 0.075, 0.075, pen.inks.accent, 0.8)


def plant(pen: Pen) -> None:
    """A pot with broad leaves."""
    leaves = 9
    for step in sorted(range(leaves), key=lambda n: -abs(n - leaves // 2)):
        angle = math.pi * (0.12 + 0.76 * step / (leaves - 1)) + pen.varied(-0.06, 0.06)
        reach = pen.varied(0.44, 0.62)
        cos, sin = math.cos(angle), math.sin(angle)
        tip = (reach * cos, 0.36 + reach * sin)
        x, y = tip[0] * 0.55, 0.36 + (tip[1] - 0.36) * 0.55
        across, down = 0.085 * sin, 0.085 * cos
        outline = [(0, 0.34), (x - across, y + down), tip, (x + across, y - down)]
        pen.blob(outline, pen.dark(pen.second, 0.1 + 0.05 * (step % 4)), 0.3)
        pen.line([(0, 0.34), tip], 0.008, pen.light(pen.second, 0.35))
    pen.pot([(0.19, 0), (0.2, 0.02), (0.26, 0.3), (0.27, 0.34)], pen.main)
    pen.pot([(0.275, 0.31), (0.285, 0.35), (0.28, 0.39)], pen.light(pen.main, 0.2))


def tree(pen: Pen) -> None:
    """A tree: round, pointed or slender, as this drawing has it."""
    (_round_tree, _round_tree, _fir)[int(pen.random.integers(3))](pen)


def _round_tree(pen: Pen) -> None:
    bark = pen.dark(pen.second, 0.55)
    pen.fill([(-0.05, 0), (0.05, 0), (0.028, 0.5), (-0.028, 0.5)], bark, 0.5)
    pen.line([(0, 0.34), (0.1, 0.46), (0.14, 0.56)], 0.02, bark)
    pen.line([(0, 0.3), (-0.1, 0.42), (-0.16, 0.52)], 0.018, bark)
    low, high = [(-0.2, 0.56, 0.18), (0.2, 0.58, 0.17)], [(-0.1, 0.74, 0.19), (0.12, 0.76, 0.17)]
    puffs = [*low, *high, (0, 0.62, 0.22)]
    for x, y, r in puffs:
        pen.oval(x, y, r, r, pen.dark(pen.main, 0.18), 0.4)
    lit = 0.04 * (-1 if (pen.inks.light.side < 0) != pen.mirrored else 1)
    for x, y, r in puffs:
        pen.oval(x + lit, y + 0.035, r * 0.74, r * 0.72, pen.main)
    for _ in range(14):
        x, y = pen.varied(-0.26, 0.26), pen.varied(0.48, 0.86)
        if math.hypot(x / 0.34, (y - 0.66) / 0.26) < 0.9:
            pen.oval(x, y, 0.018, 0.018, pen.light(pen.main, 0.4))


def _fir(pen: Pen) -> None:
    pen.box(-0.03, 0, 0.06, 0.2, pen.dark(pen.second, 0.55), 0.4)
    for step in range(4):
        low, wide = 0.14 + step * 0.19, 0.3 - step * 0.058
        left = [(-wide, low), (-wide * 0.4, low - 0.025)]
        pen.fill(
            [*left, *mirrored(left), (0, low + 0.34)], pen.dark(pen.main, 0.2 - step * 0.05), 0.9
        )


def cat(pen: Pen) -> None:
    """A cat that sits and looks at you."""
    tail = [(0.2, 0.06), (0.42, 0.04), (0.5, 0.2), (0.42, 0.36)]
    pen.line(tail, 0.075, pen.dark(pen.main, 0.15))
    flank = [(-0.26, 0.02), (-0.27, 0.2), (-0.17, 0.5)]
    pen.blob([*flank, (0, 0.58), *mirrored(flank), (0, 0.0)], pen.main, 0.7)
    chest = [(-0.1, 0.08), (-0.11, 0.34)]
    pen.blob([*chest, (0, 0.5), *mirrored(chest), (0, 0.04)], pen.light(pen.main, 0.5))
    for side in (-1, 1):
        pen.oval(side * 0.11, 0.035, 0.085, 0.045, pen.light(pen.main, 0.35))
        ear = [(side * 0.23, 0.7), (side * 0.235, 0.99), (side * 0.05, 0.86)]
        pen.fill(ear, pen.main)
        inside = [(side * 0.2, 0.76), (side * 0.205, 0.92), (side * 0.09, 0.85)]
        pen.fill(inside, pen.inks.accent)
    pen.oval(0, 0.7, 0.255, 0.2, pen.main, 0.5)
    _cat_face(pen)


def _cat_face(pen: Pen) -> None:
    pen.oval(0, 0.62, 0.12, 0.075, pen.light(pen.main, 0.55))
    for side in (-1, 1):
        pen.oval(side * 0.105, 0.725, 0.042, 0.052, pen.inks.bright)
        pen.oval(side * 0.1, 0.72, 0.024, 0.042, pen.inks.dark)
        for lift in (-0.015, 0.02):
            whisker = [(side * 0.12, 0.625 + lift), (side * 0.33, 0.62 + lift * 2.4)]
            pen.line(whisker, 0.007, pen.dark(pen.main, 0.6))
    pen.fill([(-0.03, 0.66), (0.03, 0.66), (0, 0.63)], pen.inks.accent)
    for lift in (0.0, 0.05, 0.1):
        half, y = -0.04 + lift * 0.2, 0.885 - lift * 0.3
        pen.line([(half, y), (-half, y)], 0.012, pen.dark(pen.main, 0.35))


def dog(pen: Pen) -> None:
    """A dog that sits, with hanging ears."""
    pen.line([(0.2, 0.1), (0.38, 0.16), (0.44, 0.34)], 0.06, pen.main)
    flank = [(-0.24, 0.02), (-0.26, 0.24), (-0.17, 0.54)]
    pen.blob([*flank, *mirrored(flank), (0, 0.0)], pen.main, 0.7)
    chest = [(-0.11, 0.06), (-0.11, 0.4)]
    pen.blob([*chest, (0, 0.52), *mirrored(chest)], pen.light(pen.main, 0.5))
    for side in (-1, 1):
        pen.oval(side * 0.12, 0.035, 0.09, 0.05, pen.light(pen.main, 0.35))
    _dog_head(pen)
    pen.pot([(0.15, 0.52), (0.16, 0.535), (0.15, 0.55)], pen.inks.accent)


def _dog_head(pen: Pen) -> None:
    cheek = [(-0.22, 0.6), (-0.23, 0.84), (-0.12, 0.97)]
    pen.blob([*cheek, *mirrored(cheek), (0, 0.5)], pen.main, 0.5)
    ear = [(0.15, 0.95), (0.27, 0.9), (0.31, 0.64), (0.22, 0.6), (0.17, 0.78)]
    for side in (-1, 1):
        pen.blob([(side * x, y) for x, y in ear], pen.dark(pen.main, 0.4))
        pen.oval(side * 0.09, 0.78, 0.032, 0.036, pen.inks.dark)
        pen.oval(side * 0.09 - 0.008, 0.79, 0.01, 0.011, pen.inks.bright)
    pen.oval(0, 0.65, 0.13, 0.1, pen.light(pen.main, 0.55))
    pen.oval(0, 0.7, 0.048, 0.034, pen.inks.dark)
    pen.line([(-0.06, 0.615), (0, 0.6), (0.06, 0.615)], 0.012, pen.dark(pen.main, 0.6))


def bird(pen: Pen) -> None:
    """A small round bird."""
    for x in (-0.02, 0.1):
        pen.line([(x, 0.2), (x, 0.02)], 0.02, pen.dark(pen.second, 0.5))
        pen.line([(x - 0.07, 0.0), (x + 0.05, 0.015)], 0.02, pen.dark(pen.second, 0.5))
    pen.blob([(0.3, 0.42), (0.72, 0.5), (0.7, 0.62), (0.36, 0.6)], pen.dark(pen.main, 0.3))
    back, belly = [(0.2, 0.64), (0.02, 0.9), (-0.24, 0.98)], [(-0.1, 0.16), (0.22, 0.24)]
    pen.blob([(-0.42, 0.66), (-0.38, 0.36), *belly, (0.46, 0.5), *back], pen.main, 0.6)
    breast = [(-0.38, 0.5), (-0.3, 0.3), (-0.06, 0.2), (0.0, 0.4), (-0.16, 0.58)]
    pen.blob(breast, pen.light(pen.second, 0.3))
    wing = [(-0.04, 0.62), (0.02, 0.36), (0.26, 0.36), (0.52, 0.5), (0.24, 0.62)]
    pen.blob(wing, pen.dark(pen.main, 0.22), 0.4)
    for step in range(3):
        y = 0.42 + step * 0.06
        pen.line([(0.08, y), (0.34 + 0.03 * step, y + 0.03)], 0.014, pen.light(pen.main, 0.3))
    pen.fill([(-0.4, 0.8), (-0.62, 0.72), (-0.39, 0.68)], pen.inks.accent)
    pen.oval(-0.24, 0.78, 0.045, 0.045, pen.inks.bright)
    pen.oval(-0.25, 0.78, 0.028, 0.028, pen.inks.dark)


def fish(pen: Pen) -> None:
    """A fish with scales, swimming to the left."""
    pen.blob([(0.56, 0.5), (0.98, 0.86), (0.86, 0.5), (0.98, 0.12)], pen.second, 0.4)
    pen.blob([(-0.2, 0.82), (0.05, 1.04), (0.34, 0.84), (0.1, 0.72)], pen.dark(pen.second, 0.15))
    pen.blob([(-0.1, 0.2), (0.06, -0.02), (0.2, 0.2)], pen.dark(pen.second, 0.15))
    back = [(-0.84, 0.48), (-0.56, 0.76), (-0.1, 0.88), (0.34, 0.72), (0.66, 0.54)]
    belly = [(0.66, 0.46), (0.34, 0.28), (-0.1, 0.12), (-0.56, 0.24)]
    pen.blob([*back, *belly], pen.main, 0.8)
    brow, gill, jaw = [(-0.62, 0.72), (-0.4, 0.74)], (-0.34, 0.5), [(-0.4, 0.26), (-0.62, 0.26)]
    pen.blob([(-0.84, 0.47), *brow, gill, *jaw], pen.light(pen.main, 0.35))
    for row in range(3):
        for column in range(4):
            x, y = -0.16 + column * 0.17 + (row % 2) * 0.08, 0.34 + row * 0.16
            arc = [(x, y - 0.07), (x + 0.07, y), (x, y + 0.07)]
            pen.line(arc, 0.02, pen.dark(pen.main, 0.3))
    pen.blob([(-0.26, 0.46), (0.02, 0.36), (0.06, 0.5), (-0.04, 0.58)], pen.second)
    pen.oval(-0.6, 0.56, 0.075, 0.075, pen.inks.bright)
    pen.oval(-0.61, 0.56, 0.042, 0.042, pen.inks.dark)


def person(pen: Pen) -> None:
    """A figure in a long coat with a scarf."""
    skin = pen.light(pen.inks.accent, 0.55)
    coat, hair = pen.main, pen.dark(pen.second, 0.6)
    for x in (-0.06, 0.06):
        pen.line([(x, 0.24), (x, 0.03)], 0.05, hair)
        shoe = [(x - 0.05, 0.0), (x + 0.045, 0.0), (x + 0.04, 0.05), (x - 0.04, 0.05)]
        pen.blob(shoe, pen.inks.dark)
    if pen.random.random() < 0.6:
        fall = [(-0.115, 0.62), (-0.13, 0.84)]
        pen.blob([*fall, (0, 0.985), *mirrored(fall)], hair)
    swing = pen.varied(-0.05, 0.05)
    hem: list[Point] = [(0.24 + swing, 0.18), (0, 0.14), (-0.24 + swing, 0.18)]
    pen.blob([(-0.13, 0.68), (0.13, 0.68), (0.17, 0.4), *hem, (-0.17, 0.4)], coat, 0.8)
    for side in (-1, 1):
        hand = (side * 0.22, 0.36 + pen.varied(-0.02, 0.1))
        arm = [(side * 0.12, 0.64), (side * 0.21, 0.5), hand]
        pen.line(arm, 0.07, pen.dark(coat, 0.15))
        pen.oval(*hand, 0.032, 0.032, skin)
    _head(pen, skin, hair)
    shawl = [(-0.1, 0.72), (0, 0.74), (0.1, 0.72), (0.11, 0.67), (0, 0.645), (-0.11, 0.67)]
    pen.blob(shawl, pen.second, 0.5)
    scarf_end = [(0.03, 0.68), (0.1, 0.68), (0.12, 0.48), (0.06, 0.47)]
    pen.blob(scarf_end, pen.dark(pen.second, 0.12))
    for y in (0.52, 0.43, 0.34):
        pen.oval(0, y, 0.012, 0.012, pen.light(coat, 0.6))


def _head(pen: Pen, skin: Rgb, hair: Rgb) -> None:
    pen.box(-0.025, 0.66, 0.05, 0.08, pen.dark(skin, 0.2))
    pen.oval(0, 0.81, 0.092, 0.108, skin, 0.4)
    crown = [(-0.1, 0.82), (-0.098, 0.93), (0, 0.985), (0.098, 0.93), (0.1, 0.83)]
    pen.blob([*crown, (0.05, 0.9), (-0.03, 0.91)], hair)
    for side in (-1, 1):
        pen.oval(side * 0.034, 0.815, 0.01, 0.013, pen.inks.dark)
    pen.line([(-0.022, 0.765), (0, 0.758), (0.022, 0.765)], 0.008, pen.dark(skin, 0.5))
