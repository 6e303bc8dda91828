"""Films: five seconds of H.264 that move over a picture, marked as the sandbox's."""

from __future__ import annotations

import functools
import io
import itertools
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image

from bria_tailored_ext.sandbox.pictures import ASPECT_RATIOS, animate
from bria_tailored_ext.sandbox.pictures.drawing import picture_size
from bria_tailored_ext.sandbox.pictures.mark import MARK, label


@functools.cache
def _still(width: int = 320, height: int = 320) -> bytes:
    """A picture that differs everywhere, so that every move over it shows."""
    across, down = np.meshgrid(np.linspace(0, 255, width), np.linspace(0, 255, height))
    pixels = np.stack([across, down, np.full_like(across, 90)], axis=2).astype(np.uint8)
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG")
    return out.getvalue()


@functools.cache
def _film(seed: int = 1) -> bytes:
    return animate(_still(), seed=seed)


def _frames(film: bytes) -> list[np.ndarray[Any, np.dtype[np.int16]]]:
    with av.open(io.BytesIO(film), "r") as opened:
        return [
            frame.to_ndarray(format="rgb24").astype(np.int16) for frame in opened.decode(video=0)
        ]


def test_a_film_decodes_to_five_seconds_of_h264() -> None:
    """Every frame is there, in the format that every player takes."""
    with av.open(io.BytesIO(_film()), "r") as opened:
        stream = opened.streams.video[0]
        assert stream.codec_context.name == "h264"
        assert stream.codec_context.pix_fmt == "yuv420p"
        assert stream.duration is not None
        assert stream.time_base is not None
        assert float(stream.duration * stream.time_base) == pytest.approx(5.0, abs=0.1)
        times = [frame.time for frame in opened.decode(video=0)]
    assert len(times) == 120
    assert times == pytest.approx([index / 24 for index in range(120)])


def test_a_film_says_in_its_file_what_made_it() -> None:
    """As pictures do; a player shows it where it shows the comment."""
    with av.open(io.BytesIO(_film()), "r") as opened:
        assert opened.metadata["comment"].startswith(MARK)


def test_a_film_starts_before_it_is_whole() -> None:
    """The index lies before the frames, so a browser can begin while it loads."""
    film = _film()
    assert film[4:8] == b"ftyp"
    assert film.index(b"moov") < film.index(b"mdat")


def test_the_same_arguments_give_the_same_film() -> None:
    """One thread encodes: the bytes do not depend on the machine's mood."""
    assert animate(_still(), seed=1) == _film()


def test_another_seed_moves_otherwise() -> None:
    """The seed decides where the camera sets off."""
    starts = {_frames(animate(_still(), seed=seed, seconds=0.1))[0].tobytes() for seed in range(6)}
    assert len(starts) == 6


def test_the_camera_moves_slowly_and_all_the_time() -> None:
    """From frame to frame little changes; from start to end, clearly."""
    frames = _frames(_film())
    steps = [float(np.abs(b - a).mean()) for a, b in itertools.pairwise(frames)]
    assert max(steps) < 2.5
    assert min(steps[20:100]) > 0.01
    assert np.abs(frames[-1] - frames[0]).mean() > 8


@pytest.mark.parametrize("size", [(160, 90), (90, 160), (161, 97), (600, 20)])
def test_a_film_has_even_sides_in_the_pictures_shape(size: tuple[int, int]) -> None:
    """4:2:0 colour needs even sides; a very narrow picture is given some height."""
    with av.open(io.BytesIO(animate(_still(*size), seed=2, seconds=0.1))) as opened:
        stream = opened.streams.video[0]
        width, height = stream.width, stream.height
    assert width % 2 == height % 2 == 0
    assert max(width, height) == 640
    if min(size) > 40:
        assert width / height == pytest.approx(size[0] / size[1], rel=0.02)


def test_the_mark_stands_still_in_every_frame() -> None:
    """The same plate lies in the same corner from the first frame to the last."""
    for frame in _frames(_film())[::17]:
        corner = frame[-34:, -230:].mean(axis=2)
        assert (corner > 200).mean() > 0.02
        assert (corner < 110).mean() > 0.4


_RIM = 0.07


@pytest.mark.parametrize("ratio", ASPECT_RATIOS)
def test_a_drawn_pictures_mark_lies_in_its_lower_rim(ratio: str) -> None:
    """The mark of a picture of the usual size keeps to the part that a film leaves out."""
    image = Image.new("RGB", picture_size(ratio, 1024), "white")
    label(image)
    touched = np.flatnonzero((np.asarray(image) != 255).any(axis=(1, 2)))
    assert touched[0] >= image.height * (1 - _RIM)


def test_the_lower_rim_stays_out_of_the_film() -> None:
    """Two marks, one of them moving, would look like a mistake: only the film's is seen."""
    image = Image.new("RGB", (400, 400), "white")
    image.paste((255, 0, 255), (0, round(400 * (1 - _RIM)), 400, 400))
    out = io.BytesIO()
    image.save(out, "PNG")
    for seed in range(8):
        for frame in _frames(animate(out.getvalue(), seed=seed, seconds=0.2)):
            assert frame[:-3, :, 1].min() < 120
            assert frame[:-60, :, 1].min() > 200
            assert frame[-60:-3, :300, 1].min() > 200
