"""The same pictures as SVG: a canvas that notes what it is told to draw."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

from bria_tailored_ext.sandbox.pictures.brush import Canvas
from bria_tailored_ext.sandbox.pictures.colour import Rgb, to_hex
from bria_tailored_ext.sandbox.pictures.drawing import composed, picture_size
from bria_tailored_ext.sandbox.pictures.mark import MARK, words_for
from bria_tailored_ext.sandbox.pictures.masks import shadow_blur
from bria_tailored_ext.sandbox.pictures.outlines import Points, ring
from bria_tailored_ext.sandbox.pictures.shading import Shading

_STOPS = 9
# Source: https://www.w3.org/TR/xml/#charsets: these cannot be in XML, not even escaped.
_NOT_IN_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def draw_vector(
    structured: Mapping[str, Any],
    *,
    schema: Mapping[str, Any],
    seed: int,
    aspect_ratio: str = "1:1",
    influence: float = 1.0,
    size: int = 1024,
) -> bytes:
    """Draw what `draw` draws as SVG; the arguments are the same, and so is the composition."""
    canvas = VectorCanvas(picture_size(aspect_ratio, size))
    text = composed(canvas, structured, schema=schema, seed=seed, influence=influence)
    return canvas.svg(title=_NOT_IN_XML.sub(" ", text[:200])).encode()


class VectorCanvas(Canvas):
    """A canvas whose strokes become elements; it has no pixels."""

    def __init__(self, size: tuple[int, int]) -> None:
        super().__init__(size)
        self._defined: list[str] = []
        self._drawn: list[str] = []

    def fill(self, points: Points, colour: Rgb, shading: Shading | None = None) -> None:
        """A path, with a gradient across it where it is rounded."""
        ink = to_hex(colour) if shading is None else self._across(colour, shading)
        self._draw(f'<path d="{_path(points)}" fill="{ink}"/>')

    def dots(self, spots: Sequence[tuple[float, float, float]], colour: Rgb) -> None:
        """One group of circles."""
        discs = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r:.1f}"/>' for x, y, r in spots)
        self._draw(f'<g fill="{to_hex(colour)}">{discs}</g>')

    def blades(self, outlines: Sequence[Points], colour: Rgb) -> None:
        """One path for all."""
        self._draw(f'<path d="{"".join(map(_path, outlines))}" fill="{to_hex(colour)}"/>')

    def behind(self, paint: Callable[[Canvas], None]) -> None:
        """Nothing is gained by a smaller size here."""
        paint(self)

    def flood(
        self, rows: tuple[float, float], colour: Rgb, tone: Rgb, strengths: tuple[float, float]
    ) -> None:
        """A plain rectangle, and the wash on it."""
        self._draw(self._rectangle(*rows, to_hex(colour)))
        self.wash(round(rows[0]), round(rows[1]), tone, *strengths)

    def wash(self, top: int, bottom: int, colour: Rgb, start: float, end: float) -> None:
        """A rectangle that fades from top to bottom."""
        stops = [(0.0, colour, start), (1.0, colour, end)]
        ink = self._gradient("linearGradient", 'x1="0" y1="0" x2="0" y2="1"', stops)
        self._draw(self._rectangle(top, bottom, ink))

    def glow(self, x: float, y: float, radius: float, colour: Rgb, strength: float) -> None:
        """A disc that fades outwards."""
        steps = [step / _STOPS for step in range(_STOPS + 1)]
        stops = [(at, colour, strength * (1 - at) ** 1.5) for at in steps]
        ink = self._gradient("radialGradient", "", stops)
        self._draw(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{ink}"/>')

    def shadow(self, x: float, y: float, rx: float, ry: float, colour: Rgb, depth: float) -> None:
        """A blurred ellipse."""
        self.soft(ring(x, y, rx, ry), shadow_blur(rx, ry), colour, depth, ())

    def soft(
        self,
        points: Points,
        blur: float,
        colour: Rgb,
        depth: float,
        under: Points,  # noqa: ARG002 - it is drawn over what it hides
    ) -> None:
        """A blurred path; what covers it is drawn over it anyway."""
        name = self._define(
            "filter",
            'x="-50%" y="-50%" width="200%" height="200%"',
            f'<feGaussianBlur stdDeviation="{blur:.1f}"/>',
        )
        ink = f'fill="{to_hex(colour)}" fill-opacity="{depth:.2f}"'
        self._draw(f'<path d="{_path(points)}" {ink} filter="url(#{name})"/>')

    def svg(self, *, title: str) -> str:
        """Give the document, with the mark that says where it comes from."""
        width, height = self.width, self.height
        text, size = words_for(width, height)
        place = f'x="{width - size:g}" y="{height - size:g}" text-anchor="end" font-size="{size:g}"'
        ink = 'fill="#fafaf8" stroke="#18181a" stroke-width="3" paint-order="stroke"'
        mark = f'<text {place} font-family="sans-serif" {ink}>{escape(text)}</text>'
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"'
            f' viewBox="0 0 {width} {height}" aria-label={quoteattr(title)}>'
            f"<title>{escape(title)}</title><desc>{escape(MARK)}</desc>"
            f"<defs>{''.join(self._defined)}</defs>{''.join(self._drawn)}{mark}</svg>\n"
        )

    def _across(self, colour: Rgb, shading: Shading) -> str:
        columns: list[list[int]] = shading.across(colour, _STOPS).tolist()
        stops = [
            (index / (_STOPS - 1), (red, green, blue), 1.0)
            for index, (red, green, blue) in enumerate(columns)
        ]
        return self._gradient("linearGradient", "", stops)

    def _gradient(self, kind: str, where: str, stops: Sequence[tuple[float, Rgb, float]]) -> str:
        told = "".join(
            f'<stop offset="{at:.3f}" stop-color="{to_hex(rgb)}" stop-opacity="{strength:.3f}"/>'
            for at, rgb, strength in stops
        )
        return f"url(#{self._define(kind, where, told)})"

    def _define(self, kind: str, where: str, content: str) -> str:
        name = f"d{len(self._defined)}"
        self._defined.append(f'<{kind} id="{name}" {where}>{content}</{kind}>')
        return name

    def _rectangle(self, top: float, bottom: float, ink: str) -> str:
        tall = max(0.0, bottom - top)
        return f'<rect y="{top:.1f}" width="{self.width}" height="{tall:.1f}" fill="{ink}"/>'

    def _draw(self, element: str) -> None:
        self._drawn.append(element)


def _path(points: Points) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + "Z"
