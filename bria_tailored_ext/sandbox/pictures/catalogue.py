"""Every subject by name: who draws it, how large it is, and where it belongs."""

from collections.abc import Callable
from typing import Final, Literal

import attrs

from bria_tailored_ext.sandbox.pictures import shapes_living, shapes_places, shapes_table
from bria_tailored_ext.sandbox.pictures.pen import Pen

Home = Literal["table", "land", "water", "sky", "any"]


@attrs.frozen
class Shape:
    """One subject that can be drawn."""

    draw: Callable[[Pen], None]
    width: float
    """Compared with its height."""
    height: float
    """Compared with the others of its scene: a teapot on a table, a house in a field, is 1."""
    home: Home


SHAPES: Final[dict[str, Shape]] = {
    "teapot": Shape(shapes_table.teapot, 1.5, 1.0, "table"),
    "cup": Shape(shapes_table.cup, 1.48, 0.62, "table"),
    "bowl": Shape(shapes_table.bowl, 1.8, 0.6, "table"),
    "plate": Shape(shapes_table.plate, 1.0, 1.05, "table"),
    "vase": Shape(shapes_table.vase, 0.6, 1.6, "table"),
    "jug": Shape(shapes_table.jug, 0.85, 1.15, "table"),
    "bottle": Shape(shapes_table.bottle, 0.45, 1.5, "table"),
    "lamp": Shape(shapes_table.lamp, 0.7, 1.5, "table"),
    "candle": Shape(shapes_table.candle, 0.7, 0.8, "table"),
    "book": Shape(shapes_table.book, 1.8, 0.6, "table"),
    "fruit": Shape(shapes_table.fruit, 1.0, 0.62, "table"),
    "cake": Shape(shapes_table.cake, 1.4, 0.95, "table"),
    "chair": Shape(shapes_table.chair, 0.7, 1.5, "any"),
    "flower": Shape(shapes_living.flower, 0.5, 1.25, "any"),
    "plant": Shape(shapes_living.plant, 1.1, 1.3, "table"),
    "tree": Shape(shapes_living.tree, 0.76, 1.3, "land"),
    "cat": Shape(shapes_living.cat, 0.75, 1.0, "any"),
    "dog": Shape(shapes_living.dog, 0.75, 1.05, "any"),
    "bird": Shape(shapes_living.bird, 1.3, 0.6, "any"),
    "fish": Shape(shapes_living.fish, 1.9, 0.5, "water"),
    "person": Shape(shapes_living.person, 0.5, 1.4, "any"),
    "house": Shape(shapes_places.house, 1.1, 1.15, "land"),
    "mountain": Shape(shapes_places.mountain, 1.9, 1.5, "land"),
    "boat": Shape(shapes_places.boat, 1.1, 1.0, "water"),
    "car": Shape(shapes_places.car, 2.0, 0.5, "land"),
    "sun": Shape(shapes_places.sun, 1.0, 0.5, "sky"),
    "moon": Shape(shapes_places.moon, 1.0, 0.5, "sky"),
    "star": Shape(shapes_places.star, 1.0, 0.55, "sky"),
    "cloud": Shape(shapes_places.cloud, 1.9, 0.35, "sky"),
}
