"""A short film from one picture: a slow move over it, marked as the sandbox's."""

import io
from fractions import Fraction
from typing import Any, Final, cast

import attrs
import numpy as np
from PIL import Image

from bria_tailored_ext.sandbox.pictures.mark import label, signed
from bria_tailored_ext.sandbox.pictures.reading import decoded

_FPS: Final = 24
_LONGER_SIDE: Final = 640
_SHORTEST_SIDE: Final = 64
# A drawn picture carries its mark at its lower rim: the film leaves that out and bears its own.
_SEEN: Final = 0.93


@attrs.frozen
class _View:
    """What the camera sees: the part of the width, and where the view lies (0 to 1)."""

    part: float
    across: float
    down: float

    def box(self, width: int, height: int) -> tuple[float, float, float, float]:
        """The view in pixels of a picture: left, top, right, bottom."""
        wide, high = width * self.part, height * self.part
        left, top = (width - wide) * self.across, (height * _SEEN - high) * self.down
        return left, top, left + wide, top + high

    def towards(self, other: "_View", amount: float) -> "_View":
        """The view on the way to another one."""
        return _View(
            self.part + (other.part - self.part) * amount,
            self.across + (other.across - self.across) * amount,
            self.down + (other.down - self.down) * amount,
        )


def animate(image: bytes, *, seed: int, seconds: float = 5.0) -> bytes:
    """Move a camera slowly over a picture, as an MP4 (H.264, yuv420p, index first), marked.

    The same arguments give the same bytes.

    Args:
        image: The bytes of a JPEG, PNG or WEBP.
        seed: Any integer; it decides where the camera goes, and whether nearer or further.
        seconds: How long the film runs, to the nearest 24th.

    Raises:
        PictureError: As for `read_picture`.
    """
    _, picture = decoded(image)
    size = _film_size(picture.width, picture.height)
    # A little larger than the film, so that the nearest view is not blown up.
    source = picture.resize((size[0] * 5 // 4, size[1] * 5 // 4), reducing_gap=2.0)
    start, end = _journey(seed)
    frames = max(1, round(seconds * _FPS))
    steps = [_eased(index / max(frames - 1, 1)) for index in range(frames)]
    return _encoded(source, size, [start.towards(end, step) for step in steps])


def _film_size(width: int, height: int) -> tuple[int, int]:
    """The picture's shape with even sides, as 4:2:0 colour needs them."""
    scale = _LONGER_SIDE / max(width, height)
    across, down = (max(_SHORTEST_SIDE, 2 * round(side * scale / 2)) for side in (width, height))
    return across, down


def _journey(seed: int) -> tuple[_View, _View]:
    """Where the camera starts and ends: across the picture, nearer or further."""
    random = np.random.default_rng([abs(seed), int(seed < 0)])
    side, rise = random.choice([0.15, 0.85]), random.choice([0.3, 1.0])
    far = _View(float(random.uniform(0.9, 0.92)), float(side), float(rise))
    near = _View(float(random.uniform(0.78, 0.82)), float(1 - side), float(1.3 - rise))
    return (far, near) if random.random() < 0.5 else (near, far)


def _eased(place: float) -> float:
    """Set off and arrive softly."""
    return place * place * (3 - 2 * place)


def _encoded(source: Image.Image, size: tuple[int, int], views: list[_View]) -> bytes:
    # Loaded here because it takes longer than the rest of the sandbox together.
    import av

    out = io.BytesIO()
    # Room for the index at the front: rewriting the file afterwards needs one on disk.
    options = {"moov_size": str(4096 + 64 * len(views))}
    with av.open(out, "w", format="mp4", options=options) as opened:
        # PyAV's packets are generic in a parameter that its own signatures leave open.
        film = cast("Any", opened)
        film.metadata.update(signed({}))
        stream = film.add_stream("libx264", rate=_FPS)
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        stream.options = {"preset": "superfast", "crf": "21"}
        # With several threads the bytes depend on which one comes first.
        stream.codec_context.thread_count = 1
        for index, view in enumerate(views):
            part = source.resize(size, Image.Resampling.BILINEAR, box=view.box(*source.size))
            label(part)
            frame = av.VideoFrame.from_ndarray(np.asarray(part), format="rgb24")
            frame.pts, frame.time_base = index, Fraction(1, _FPS)
            film.mux(stream.encode(frame))
        film.mux(stream.encode())
    return out.getvalue()
