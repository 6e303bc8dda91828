"""What is measured on a picture: colours, light, edges, and where the weight lies."""

from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bria_tailored_ext.sandbox.pictures.colour import (
    Floats,
    from_oklab,
    name_of,
    to_hex,
    to_oklab,
)

_SIDE = 96
_CLUSTERS = 8
_TOO_ALIKE = 0.055


@attrs.frozen(kw_only=True)
class Swatch:
    """One colour of a picture: everyday name, `#rrggbb`, and its share of the area (0..1)."""

    name: str
    hex: str
    share: float


@attrs.frozen(kw_only=True)
class Features:
    """Measurements of one picture, all from a 96-pixel copy; fractions run from 0 to 1."""

    colours: tuple[Swatch, ...]
    lightness: float
    """Mean perceptual lightness."""
    lightness_spread: float
    """Standard deviation of the lightness: the contrast of the picture as a whole."""
    saturation: float
    """Mean chroma; 0 is grey, 0.1 muted, 0.2 vivid."""
    warmth: float
    """From -1 (blue) to 1 (orange)."""
    edge_density: float
    """Share of the area that lies on an edge."""
    light_from: str
    """"left", "right", "above", "below" or "all around"."""
    weight_x: float
    """Where the eye is drawn, from the left (0) to the right (1)."""
    weight_y: float
    """The same from the top (0) to the bottom (1)."""
    margin: float
    """Share of the shorter side that stays calm around the subject."""
    symmetry: float
    """1 when the right half mirrors the left."""


def measure(image: Image.Image) -> Features:
    """Measure an RGB picture.

    Args:
        image: Mode RGB, any size; it is reduced before it is looked at.
    """
    small = image.resize((_SIDE, _SIDE), Image.Resampling.BOX, reducing_gap=2.0)
    lab = to_oklab(np.asarray(small))
    light = lab[..., 0]
    chroma = np.hypot(lab[..., 1], lab[..., 2])
    edges = _edges(lab)
    weight = _weight(lab, edges)
    rows, columns = weight.sum(axis=1), weight.sum(axis=0)
    place = (np.arange(_SIDE) + 0.5) / _SIDE
    return Features(
        colours=_swatches(lab.reshape(-1, 3)),
        lightness=_rounded(light.mean()),
        lightness_spread=_rounded(light.std()),
        saturation=_rounded(chroma.mean()),
        warmth=_rounded(np.clip((lab[..., 1].mean() + 2 * lab[..., 2].mean()) / 0.15, -1, 1)),
        edge_density=_rounded((edges > 0.06).mean()),
        light_from=_light_from(light),
        weight_x=_rounded((columns * place).sum()),
        weight_y=_rounded((rows * place).sum()),
        margin=_rounded(min(_margin(rows), _margin(columns))),
        symmetry=_rounded(np.clip(1 - np.abs(light - light[:, ::-1]).mean() * 6, 0, 1)),
    )


def _rounded(value: float | np.floating[Any]) -> float:
    return round(float(value), 4)


def _edges(lab: Floats) -> Floats:
    across = np.linalg.norm(np.diff(lab, axis=1, append=lab[:, -1:]), axis=2)
    down = np.linalg.norm(np.diff(lab, axis=0, append=lab[-1:]), axis=2)
    return np.asarray(np.hypot(across, down))


def _weight(lab: Floats, edges: Floats) -> Floats:
    """Where the eye goes: edges, and what differs from the colour of the rim."""
    rim = np.concatenate([lab[0], lab[-1], lab[:, 0], lab[:, -1]])
    apart = np.linalg.norm(lab - np.median(rim, axis=0), axis=2)
    weight = apart**2 + edges + 1e-9
    return np.asarray(weight / weight.sum())


def _margin(profile: Floats) -> float:
    inside = np.flatnonzero(profile > 0.35 / _SIDE)
    if inside.size == 0:
        return 0.0
    return float(min(inside[0], _SIDE - 1 - inside[-1])) / _SIDE


def _light_from(light: Floats) -> str:
    half = _SIDE // 2
    across = light[:, :half].mean() - light[:, half:].mean()
    down = light[:half].mean() - light[half:].mean()
    if max(abs(across), abs(down)) < 0.03:
        return "all around"
    if abs(across) > abs(down):
        return "left" if across > 0 else "right"
    return "above" if down > 0 else "below"


def _swatches(points: Floats) -> tuple[Swatch, ...]:
    centres, shares = _clusters(points)
    order: list[int] = np.argsort(-shares, kind="stable").tolist()
    found: list[Swatch] = []
    for index in order:
        share, rgb = float(shares[index]), from_oklab(centres[index])
        if share >= 0.01:
            found.append(Swatch(name=name_of(rgb), hex=to_hex(rgb), share=_rounded(share)))
    return tuple(found)


def _clusters(points: Floats) -> tuple[Floats, Floats]:
    """K-means from a fixed start: the most common colour, then whatever lies furthest."""
    centres = _spread_out_start(points)
    owner: NDArray[np.intp] = np.zeros(len(points), dtype=np.intp)
    for _ in range(10):
        gaps = np.linalg.norm(points[:, None] - centres[None], axis=2)
        owner = np.argmin(gaps, axis=1)
        kept = [index for index in range(len(centres)) if np.any(owner == index)]
        # The median keeps a flat colour exact where a mean would mix in its soft edges.
        centres = np.array([np.median(points[owner == index], axis=0) for index in kept])
    gaps = np.linalg.norm(points[:, None] - centres[None], axis=2)
    counts = np.bincount(np.argmin(gaps, axis=1), minlength=len(centres))
    return _merged(centres, counts / len(points))


def _spread_out_start(points: Floats) -> Floats:
    cells, inverse, counts = np.unique(
        np.floor(points * 16), axis=0, return_inverse=True, return_counts=True
    )
    inverse = inverse.reshape(-1)
    centres = [points[inverse == int(np.argmax(counts))].mean(axis=0)]
    means = np.array([points[inverse == index].mean(axis=0) for index in range(len(cells))])
    while len(centres) < min(_CLUSTERS, len(cells)):
        gaps = np.min(np.linalg.norm(means[:, None] - np.array(centres)[None], axis=2), axis=1)
        centres.append(means[int(np.argmax(gaps * np.sqrt(counts)))])
    return np.array(centres)


def _merged(centres: Floats, shares: Floats) -> tuple[Floats, Floats]:
    order = np.argsort(-shares, kind="stable")
    kept: list[int] = []
    total = shares.copy()
    for index in order.tolist():
        near = [k for k in kept if np.linalg.norm(centres[k] - centres[index]) < _TOO_ALIKE]
        if near:
            total[near[0]] += shares[index]
        else:
            kept.append(index)
    return centres[kept], total[kept]
