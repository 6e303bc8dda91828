"""Things that stand on a table. Each function draws one subject of height 1."""

import math

from bria_tailored_ext.sandbox.pictures.outlines import mirrored
from bria_tailored_ext.sandbox.pictures.pen import Pen


def teapot(pen: Pen) -> None:
    """A round pot with spout, lid and a bow handle."""
    handle = [(0.38, 0.55), (0.66, 0.62), (0.72, 0.38), (0.42, 0.2)]
    pen.line(handle, 0.075, pen.dark(pen.main, 0.2))
    spout = [(-0.34, 0.18), (-0.6, 0.36), (-0.78, 0.66), (-0.66, 0.7), (-0.52, 0.52), (-0.3, 0.5)]
    pen.blob(spout, pen.dark(pen.main, 0.08), 0.6)
    pen.pot([(0.26, 0), (0.3, 0.04), (0.48, 0.24), (0.5, 0.42), (0.36, 0.64), (0.2, 0.7)], pen.main)
    band = [(0.5, 0.36), (0.495, 0.42), (0.475, 0.47)]
    pen.pot(band, pen.second, 0.7)
    pen.pot([(0.25, 0.68), (0.26, 0.71), (0.16, 0.8), (0.04, 0.84)], pen.second, 0.8)
    pen.oval(0, 0.9, 0.07, 0.075, pen.dark(pen.main, 0.15), 0.6)


def cup(pen: Pen) -> None:
    """A cup with a handle on a saucer, with a breath of steam."""
    saucer = pen.light(pen.second, 0.2)
    pen.oval(0, 0.07, 0.74, 0.09, pen.dark(saucer, 0.25))
    pen.oval(0, 0.1, 0.74, 0.09, saucer)
    handle = [(0.4, 0.7), (0.66, 0.68), (0.62, 0.42), (0.34, 0.36)]
    pen.line(handle, 0.075, pen.dark(pen.main, 0.15))
    pen.pot([(0.24, 0.1), (0.28, 0.14), (0.4, 0.4), (0.45, 0.82)], pen.main)
    pen.oval(0, 0.82, 0.45, 0.085, pen.light(pen.main, 0.45))
    pen.oval(0, 0.81, 0.39, 0.062, pen.dark(pen.second, 0.45))
    for side in (-0.12, 0.1):
        tall = pen.varied(0.1, 0.22)
        steam = [(side, 0.93), (side + 0.05, 1.0), (side - 0.04, 1.0 + tall), (side, 1.1 + tall)]
        pen.line(steam, 0.022, pen.inks.brighter(pen.inks.back, 0.6))


def bowl(pen: Pen) -> None:
    """A wide bowl with something round in it."""
    pen.pot([(0.32, 0), (0.34, 0.08), (0.4, 0.1), (0.74, 0.36), (0.9, 0.86)], pen.main)
    pen.pot([(0.83, 0.62), (0.86, 0.7), (0.885, 0.78)], pen.second, 0.7)
    pen.oval(0, 0.86, 0.9, 0.15, pen.light(pen.main, 0.4))
    pen.oval(0, 0.84, 0.82, 0.115, pen.dark(pen.main, 0.35))
    for x, rx in ((-0.35, 0.2), (0.3, 0.24), (0.0, 0.26)):
        pen.oval(x, 0.9, rx, 0.16, pen.inks.accent, 0.7)
    pen.fill(_front_lip(), pen.main)


def _front_lip() -> list[tuple[float, float]]:
    """The near side of the rim, which hides the lower half of what is in the bowl."""
    angles = [math.pi * (1 + step / 24) for step in range(25)]
    outer = [(0.9 * math.cos(a), 0.86 + 0.15 * math.sin(a)) for a in angles]
    inner = [(0.82 * math.cos(a), 0.84 + 0.115 * math.sin(a)) for a in reversed(angles)]
    return [*outer, *inner]


def plate(pen: Pen) -> None:
    """A plate that stands upright, with two rings."""
    pen.oval(0, 0.5, 0.5, 0.5, pen.main, 0.8)
    pen.oval(0, 0.5, 0.4, 0.4, pen.second)
    pen.oval(0, 0.5, 0.37, 0.37, pen.light(pen.main, 0.2), 0.5)
    for step in range(8):
        angle = step * math.pi / 4 + 0.2
        x, y = 0.2 * math.cos(angle), 0.5 + 0.2 * math.sin(angle)
        pen.oval(x, y, 0.09, 0.035, pen.second, 0.0, angle)
    pen.oval(0, 0.5, 0.05, 0.05, pen.inks.accent)


def vase(pen: Pen) -> None:
    """A slender vase with a few stalks."""
    for lean in (-0.18, 0.02, 0.2):
        top = 1.0 - abs(lean) * 0.6
        pen.line([(0, 0.6), (lean * 0.5, 0.78), (lean, top)], 0.014, pen.dark(pen.second, 0.4))
        for step in range(5):
            x, y = lean * (0.55 + step * 0.11), 0.76 + step * (top - 0.74) / 5
            turn = 0.9 if step % 2 else 2.2
            pen.oval(x + 0.05 * math.cos(turn), y + 0.03, 0.06, 0.022, pen.second, 0, turn)
    waist = pen.varied(0.2, 0.28)
    belly, neck = [(waist, 0.22), (waist - 0.01, 0.34)], [(0.1, 0.54), (0.13, 0.66)]
    pen.pot([(0.13, 0), (0.15, 0.03), *belly, *neck], pen.main)
    pen.oval(0, 0.66, 0.13, 0.022, pen.dark(pen.main, 0.45))
    pen.pot([(waist + 0.004, 0.25), (waist + 0.006, 0.28), (waist + 0.002, 0.31)], pen.second, 0.7)


def jug(pen: Pen) -> None:
    """A jug with a lip and a tall handle."""
    pen.line([(0.2, 0.86), (0.46, 0.84), (0.46, 0.5), (0.3, 0.36)], 0.06, pen.dark(pen.main, 0.2))
    pen.blob([(-0.18, 0.9), (-0.34, 0.99), (-0.2, 0.74), (-0.1, 0.8)], pen.dark(pen.main, 0.1))
    profile = [(0.22, 0), (0.25, 0.04), (0.35, 0.26), (0.33, 0.42), (0.2, 0.7), (0.23, 0.94)]
    pen.pot(profile, pen.main)
    pen.pot([(0.25, 0.04), (0.31, 0.16), (0.347, 0.24)], pen.second, 0.9)
    pen.oval(0, 0.94, 0.23, 0.04, pen.light(pen.main, 0.35))
    pen.oval(0, 0.935, 0.19, 0.028, pen.dark(pen.main, 0.45))


def bottle(pen: Pen) -> None:
    """A bottle with a stopper and a label."""
    body = [(0.17, 0), (0.185, 0.03), (0.185, 0.5), (0.17, 0.6), (0.06, 0.74), (0.055, 0.88)]
    pen.pot(body, pen.main)
    pen.pot([(0.068, 0.86), (0.07, 0.9), (0.068, 0.92)], pen.dark(pen.main, 0.25))
    pen.pot([(0.05, 0.92), (0.055, 0.95), (0.05, 1.0)], pen.inks.accent, 0.8)
    pen.box(-0.185, 0.16, 0.37, 0.24, pen.light(pen.second, 0.5), 0.7)
    pen.box(-0.12, 0.32, 0.24, 0.018, pen.dark(pen.second, 0.5))
    pen.box(-0.08, 0.27, 0.16, 0.012, pen.dark(pen.second, 0.4))
    pen.oval(0, 0.215, 0.03, 0.03, pen.inks.accent)


def lamp(pen: Pen) -> None:
    """A table lamp that is lit."""
    x, y = pen.place([(0, 0.72)])[0]
    pen.canvas.glow(x, y, pen.unit * 0.95, pen.inks.bright, 0.75)
    pen.pot([(0.2, 0), (0.21, 0.03), (0.06, 0.07), (0.025, 0.1)], pen.dark(pen.main, 0.3))
    pen.pot([(0.08, 0.06), (0.15, 0.2), (0.1, 0.36), (0.03, 0.44), (0.02, 0.6)], pen.main)
    shade = [(-0.34, 0.54), (0.34, 0.54), (0.2, 1.0), (-0.2, 1.0)]
    pen.fill(shade, pen.light(pen.second, 0.35), 0.5)
    pen.oval(0, 0.54, 0.34, 0.035, pen.inks.bright)
    pen.oval(0, 1.0, 0.2, 0.02, pen.light(pen.second, 0.6))


def candle(pen: Pen) -> None:
    """A candle in a dish."""
    x, y = pen.place([(0, 0.86)])[0]
    pen.canvas.glow(x, y, pen.unit * 0.9, pen.inks.bright, 0.8)
    pen.pot([(0.16, 0), (0.3, 0.06), (0.34, 0.12)], pen.dark(pen.main, 0.2))
    pen.pot([(0.13, 0.08), (0.13, 0.4), (0.13, 0.7)], pen.light(pen.main, 0.35))
    pen.oval(0, 0.7, 0.13, 0.025, pen.light(pen.main, 0.6))
    pen.line([(0, 0.7), (0.005, 0.77)], 0.012, pen.inks.dark)
    pen.blob([(0, 0.74), (0.055, 0.82), (0.0, 1.0), (-0.05, 0.82)], pen.inks.accent)
    pen.blob([(0, 0.76), (0.028, 0.81), (0.0, 0.89), (-0.026, 0.81)], pen.inks.bright)


def book(pen: Pen) -> None:
    """A stack of books with one leaning on top."""
    height = 0.0
    for step, colour in enumerate((pen.main, pen.second, pen.inks.accent, pen.main)):
        thick, shift = pen.varied(0.17, 0.24), pen.varied(-0.1, 0.1)
        wide = 1.5 - step * 0.1
        pen.box(shift - wide / 2, height, wide, thick, colour, 0.5)
        pen.box(shift - wide / 2, height + thick * 0.18, wide - 0.06, thick * 0.64, pen.inks.bright)
        pen.box(shift - wide / 2, height, 0.12, thick, pen.dark(colour, 0.15))
        pen.box(shift - wide / 2 + 0.03, height, 0.02, thick, pen.light(colour, 0.4))
        height += thick


def fruit(pen: Pen) -> None:
    """A pear and an apple, side by side."""
    pear = [(0.2, 0.0), (0.33, 0.14), (0.32, 0.34), (0.18, 0.58), (0.13, 0.76), (0.04, 0.86)]
    pen.pot(pear, pen.main)
    pen.line([(0.0, 0.84), (0.02, 0.92), (0.07, 0.98)], 0.03, pen.dark(pen.main, 0.6))
    pen.oval(0.15, 0.93, 0.12, 0.045, pen.second, 0, 0.35)
    if pen.random.random() < 0.6:
        right = [(0.3, 0.44), (0.44, 0.5), (0.62, 0.4), (0.6, 0.14), (0.44, 0.0)]
        left = [(0.28, 0.0), (0.14, 0.16), (0.14, 0.38)]
        pen.blob([*right, *left], pen.inks.accent, 0.9)
        pen.line([(0.37, 0.44), (0.38, 0.52), (0.42, 0.57)], 0.025, pen.inks.dark)


def cake(pen: Pen) -> None:
    """A cake of two layers on a stand, with icing."""
    pen.pot([(0.24, 0), (0.22, 0.03), (0.05, 0.06), (0.05, 0.14)], pen.dark(pen.second, 0.2))
    pen.oval(0, 0.17, 0.68, 0.05, pen.light(pen.second, 0.3))
    pen.pot([(0.52, 0.17), (0.54, 0.19), (0.54, 0.46)], pen.main)
    pen.pot([(0.54, 0.28), (0.545, 0.31), (0.54, 0.34)], pen.light(pen.main, 0.6), 0.7)
    pen.oval(0, 0.47, 0.54, 0.06, pen.inks.bright)
    for step in range(7):
        x = -0.46 + step * 0.153
        low = 0.46 - pen.varied(0.06, 0.13)
        icing = [(x - 0.08, 0.48), (x + 0.08, 0.48), (x + 0.05, low), (x - 0.05, low)]
        pen.blob(icing, pen.inks.bright)
    pen.pot([(0.3, 0.48), (0.31, 0.5), (0.31, 0.7)], pen.main)
    pen.oval(0, 0.7, 0.31, 0.04, pen.inks.bright)
    for x in (-0.18, 0.0, 0.18):
        pen.oval(x, 0.75, 0.055, 0.055, pen.inks.accent, 0.9)


def chair(pen: Pen) -> None:
    """A chair seen from the front and a little from above."""
    leg = pen.dark(pen.main, 0.35)
    for x, foot in ((-0.24, -0.28), (0.24, 0.28)):
        pen.line([(x, 0.42), (foot, 0.06)], 0.035, pen.dark(leg, 0.3))
        pen.line([(x * 1.15, 0.4), (foot * 1.2, 0.0)], 0.045, leg)
    back, cushion = [(-0.27, 0.5), (-0.27, 0.92), (-0.15, 1.0)], [(-0.2, 0.56), (-0.2, 0.88)]
    pen.blob([*back, *mirrored(back)], pen.main, 0.7)
    pen.blob([*cushion, (0, 0.94), *mirrored(cushion)], pen.second, 0.5)
    pen.fill([(-0.3, 0.4), (0.3, 0.4), (0.26, 0.54), (-0.26, 0.54)], pen.light(pen.main, 0.2))
    pen.box(-0.3, 0.36, 0.6, 0.05, pen.dark(pen.main, 0.15))
