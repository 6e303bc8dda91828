"""A pen in a subject's own measure: its foot at (0, 0), y up, its height 1."""

from collections.abc import Sequence

import attrs
import numpy as np

from bria_tailored_ext.sandbox.pictures.brush import Canvas
from bria_tailored_ext.sandbox.pictures.colour import Floats, Rgb
from bria_tailored_ext.sandbox.pictures.outlines import Point, Points, ring, smooth, turned
from bria_tailored_ext.sandbox.pictures.roles import Inks


@attrs.frozen(kw_only=True)
class Pen:
    """Draws one subject at a place and size of the canvas."""

    canvas: Canvas
    inks: Inks
    main: Rgb
    """The subject's own colour."""
    second: Rgb
    """For lids, bands, petals, roofs."""
    x: float
    y: float
    """Where the foot stands, in pixels."""
    unit: float
    """The subject's height in pixels."""
    random: np.random.Generator
    mirrored: bool = False

    def place(self, points: Points) -> Floats:
        """Turn the subject's own measure into pixels."""
        side = -self.unit if self.mirrored else self.unit
        return np.asarray(points, dtype=float) * (side, -self.unit) + (self.x, self.y)

    def fill(self, points: Points, colour: Rgb, shade: float = 0.0) -> None:
        """Fill straight edges; `shade` from 0 (flat) to 1 (round)."""
        shading = self.inks.shading(shade) if shade > 0 else None
        self.canvas.fill(self.place(points), colour, shading)

    def blob(self, points: Sequence[Point], colour: Rgb, shade: float = 0.0) -> None:
        """Fill a soft outline through the points."""
        self.fill(smooth(points), colour, shade)

    def oval(
        self,
        x: float,
        y: float,
        rx: float,
        ry: float,
        colour: Rgb,
        shade: float = 0.0,
        turn: float = 0.0,
    ) -> None:
        """Fill an ellipse; `turn` in radians, against the clock."""
        self.fill(ring(x, y, rx, ry, turn), colour, shade)

    def pot(self, profile: Sequence[Point], colour: Rgb, shade: float = 1.0) -> None:
        """Fill something turned on a wheel, from pairs of radius and height."""
        self.fill(turned(profile), colour, shade)

    def box(
        self, x: float, y: float, width: float, height: float, colour: Rgb, shade: float = 0.0
    ) -> None:
        """Fill a rectangle from its lower left corner."""
        corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
        self.fill(corners, colour, shade)

    def line(self, points: Sequence[Point], width: float, colour: Rgb) -> None:
        """Draw a soft line; `width` as a share of the height."""
        path = smooth(points, closed=False)
        self.canvas.stroke(self.place(path), max(width * self.unit, 1.0), colour)

    def dark(self, colour: Rgb, amount: float = 0.25) -> Rgb:
        """A shade of the colour."""
        return self.inks.darker(colour, amount)

    def light(self, colour: Rgb, amount: float = 0.3) -> Rgb:
        """A tint of the colour."""
        return self.inks.brighter(colour, amount)

    def varied(self, low: float, high: float) -> float:
        """A number of this drawing's own, between two."""
        return float(self.random.uniform(low, high))
